"""`donations account`, `appeal`, `migrate`: what the books are about."""

from __future__ import annotations

from typing import Annotated

import typer

from donations.cli import context
from donations.cli.importing import Json
from donations.cli.rejudging import rejudge as judge_again
from donations.cli.show import account_text, as_json, say, table
from donations.core.iban import UnverifiedAccount, national_check_fails, parse_account
from donations.core.keyword import parse_keyword
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import typed_reference
from donations.registering import NewAccount, NewForms, NewNames, register
from donations.store.books import Books
from donations.store.donors import people
from donations.store.session import as_reader
from donations.views.account import account_view
from donations.views.appeal import appeals_view

account_app = typer.Typer(no_args_is_help=True, help="Your own bank accounts.")
appeal_app = typer.Typer(no_args_is_help=True, help="What is being collected for, and the keywords that name it.")


@account_app.command("add")
def account_add(
    iban: Annotated[str, typer.Argument(metavar="IBAN")],
    *,
    name: Annotated[str, typer.Option(help="What you call the account.")] = "",
    local: Annotated[
        bool, typer.Option("--local", help="The bank's own number where it gives no IBAN, as the statement writes it.")
    ] = False,
    json: Json = False,
) -> None:
    """Register an account of yours by its IBAN."""
    number = parse_account(iban)
    if number is None or (isinstance(number, UnverifiedAccount) and not local):
        raise Refusal(BooksCode.IBAN_INVALID)
    context.begin_books()
    with context.writer() as session:
        register(session, NewAccount(number=number, name=name), now=context.now())
        written = people.number_text(number)
        added = account_view(next(row for row in people.accounts(as_reader(session)) if row.number == written))
    if json:
        as_json(added.document())
        return
    say(f"Registered {account_text(added.number)}, {added.name}.")
    if not isinstance(number, UnverifiedAccount) and national_check_fails(number):
        say("Its national check digit does not fit; if the bank's document says so, all is well.")


@appeal_app.command("add")
def appeal_add(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    *,
    keyword: Annotated[list[str], typer.Option(metavar="WORD", help="A word that donors write; may be repeated.")],
    reference: Annotated[list[str] | None, typer.Option(metavar="REF", help="A viitenumber or RF reference.")] = None,
    json: Json = False,
) -> None:
    """Add an appeal, or keywords to one, and judge all payments again in its light."""
    words = list(dict.fromkeys(map(parse_keyword, keyword)))
    if not name.strip():
        raise Refusal(BooksCode.NAME_NEEDED)
    references = list(dict.fromkeys(map(typed_reference, reference or ())))
    with context.writer() as session:
        known = {each.name: each.id for each in people.appeals(as_reader(session))}
        names = NewNames(appeal=known.get(name, name), keywords=tuple(words), references=tuple(references))
        gifts = register(session, names, now=context.now()).became_gifts
        appeal_id = next(each.id for each in people.appeals(as_reader(session)) if each.name == name)
    if json:
        as_json({"id": appeal_id, "name": name, "keywords": words, "references": references, "gifts": gifts})
    else:
        say(f"Added {name} with {', '.join(words)}. {gifts} payments in the books turned out to be gifts to it.")


@appeal_app.command("list")
def appeal_list(*, json: Json = False) -> None:
    """Show the appeals with their keywords and references."""
    with context.reader() as session:
        found = appeals_view(session)
    if json:
        as_json(found.document())
    else:
        rows = [(str(a.id), a.name, ", ".join(a.keywords), ", ".join(a.references)) for a in found.items]
        table("Appeals", ("No.", "Name", "Keywords", "References"), rows)


@appeal_app.command("forms")
def appeal_forms(
    keyword: Annotated[str, typer.Argument(metavar="KEYWORD")],
    *,
    add: Annotated[list[str] | None, typer.Option(metavar="FORM", help="One more; may be repeated.")] = None,
    json: Json = False,
) -> None:
    """Show the forms of a keyword that are recognised, or add some; all payments are judged again in their light."""
    word, more = parse_keyword(keyword), tuple(map(parse_keyword, add or ()))
    if more:
        with context.writer() as session:
            register(session, NewForms(keyword=word, forms=more), now=context.now())
    with context.reader() as session:
        kept = {forms.keyword: forms for appeal in people.appeals(session) for forms in appeal.forms}
    if word not in kept:
        raise Refusal(BooksCode.UNKNOWN_KEYWORD, word=word)
    if json:
        as_json({"keyword": word, "forms": kept[word].said, "denying": kept[word].denying})
        return
    say(f"{word}: {', '.join(kept[word].said)}")
    if kept[word].denying:
        say(f"Asked about, for they say that there is none: {', '.join(kept[word].denying)}")


def migrate_command(
    *,
    rejudge: Annotated[
        bool, typer.Option("--rejudge", help="Also read and judge all again; first: donations check --rejudge")
    ] = False,
    json: Json = False,
) -> None:
    """Bring the database to the newest tables; does nothing where it is up to date."""
    found = context.migrate_books()
    if rejudge:
        judge_again(keep=True, json=json)
    elif json:
        as_json({"migrated": found is not Books.CURRENT})
    else:
        say("The database is up to date.")
        if found is Books.OLDER:
            say("What newer readers and rules would make of the books so far: donations check --rejudge")
