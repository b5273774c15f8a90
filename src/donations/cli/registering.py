"""`donations account`, `appeal`, `migrate`: what the books are about."""

from __future__ import annotations

from typing import Annotated

import typer
from sqlalchemy.exc import IntegrityError

from donations.bookkeeping import judge_all
from donations.cli import context
from donations.cli.failing import REFUSED
from donations.cli.importing import Json
from donations.cli.rejudging import rejudge as judge_again
from donations.cli.show import account_text, as_json, fail, say, table
from donations.core.iban import UnverifiedAccount, bank_name, national_check_fails, parse_account
from donations.core.keyword import BadKeywordError, parse_keyword
from donations.core.reference import parse_reference
from donations.registering import CannotRegisterError, NewForms, register
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
        fail(
            "iban_invalid",
            "The check digits of this IBAN are wrong. Nothing was registered: compare it with the bank's document.",
            json_wanted=json,
        )
    context.begin_books()
    with context.writer() as session:
        if people.account_with(as_reader(session), number) is not None:
            fail("already_registered", "This account is registered already.", json_wanted=json, status=REFUSED)
        known = None if isinstance(number, UnverifiedAccount) else bank_name(number)
        row = people.add_account(session, number, name=name or known or people.number_text(number))
        judge_all(session, now=context.now())
        added = account_view(row)
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
    try:
        words = list(dict.fromkeys(parse_keyword(word) for word in keyword))
    except BadKeywordError as error:
        fail("bad_keyword", f"This is no keyword: {error}.", json_wanted=json)
    if not name.strip():
        fail("name_needed", "An appeal has a name.", json_wanted=json)
    references = list(dict.fromkeys(parse_reference(each) for each in reference or ()))
    if None in references:
        fail("bad_reference", "The check digit of this reference is wrong.", json_wanted=json)
    try:
        with context.writer() as session:
            appeal_id = people.add_appeal(
                session, name, keywords=words, references=[each for each in references if each is not None]
            )
            gifts = judge_all(session, now=context.now()).new_gifts
    except IntegrityError:
        fail(
            "already_taken",
            "An appeal has this keyword or reference already. Nothing was added.",
            json_wanted=json,
            status=REFUSED,
        )
    if json:
        as_json({"id": appeal_id, "name": name, "keywords": words, "references": references, "gifts": len(gifts)})
    else:
        say(f"Added {name} with {', '.join(words)}. {len(gifts)} payments in the books turned out to be gifts to it.")


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
    try:
        word, more = parse_keyword(keyword), tuple(parse_keyword(each) for each in add or ())
    except BadKeywordError as error:
        fail("bad_keyword", f"This is no keyword: {error}.", json_wanted=json)
    if more:
        try:
            with context.writer() as session:
                register(session, NewForms(keyword=word, forms=more), now=context.now())
        except CannotRegisterError as error:
            fail(error.code, "There is no such keyword, or a form is another appeal's keyword.", json_wanted=json)
    with context.reader() as session:
        kept = {forms.keyword: forms for appeal in people.appeals(session) for forms in appeal.forms}
    if word not in kept:
        fail("unknown_keyword", "There is no such keyword: donations appeal list", json_wanted=json)
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
