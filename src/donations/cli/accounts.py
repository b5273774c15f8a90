"""`donations account`, `appeal`, `migrate`: what the books are about; own accounts begin and end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

import typer

from donations.acts.accounts import (
    begin_account,
    confirm_no_movement,
    end_account,
    reopen_account,
    withdraw_no_movement,
)
from donations.acts.agreeing import change
from donations.acts.guarded import AccountWanted
from donations.acts.registering import LastDay, NewAccount, NewForms, NewNames, RegisteringChange, register
from donations.cli import context
from donations.cli.changes import show_waiting
from donations.cli.importing import rejudge as judge_again
from donations.cli.own_accounts import ledger_of, own_account
from donations.cli.show import (
    NO_ACCOUNTS,
    NUMBER,
    Json,
    account_text,
    as_json,
    print_translated,
    show_line,
    table,
    translated,
)
from donations.core.calendar import day_of
from donations.core.iban import UnverifiedAccount, national_check_fails, parse_account, parse_iban
from donations.core.keyword import parse_keyword
from donations.core.language import N_
from donations.core.own_account import parse_own_account
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import typed_day, typed_reference
from donations.store.donors import people
from donations.store.revision import BooksAt
from donations.store.session import WriteSession, as_reader
from donations.store.tables import AccountRow
from donations.views.account import AccountView, account_view, accounts_view, appeals_view
from donations.views.change import change_view

account_app = typer.Typer(no_args_is_help=True)
appeal_app = typer.Typer(no_args_is_help=True)


@account_app.command("add")
def account_add(
    iban: Annotated[str, typer.Argument(metavar="IBAN")],
    *,
    name: Annotated[str, typer.Option(help=N_("What you call the account."))] = "",
    local: Annotated[
        bool,
        typer.Option("--local", help=N_("The bank's own number where it gives no IBAN, as the statement writes it.")),
    ] = False,
    json: Json = False,
) -> None:
    """Register an account of yours by its IBAN, or one at a payment provider by its name: stripe, paypal."""
    number = parse_account(iban) if local else parse_own_account(iban)
    if number is None:
        raise Refusal(BooksCode.IBAN_INVALID)
    context.begin_books()
    with context.writer() as session:
        reader, wanted = as_reader(session), AccountWanted.of(NewAccount(number=number, name=name))
        waits = change(session, wanted, context.asker(reader, "account"))
        told = None if waits is None else change_view(reader, waits)
        added = None if told is not None else account_view(own_account(reader, iban))
    if told is not None:
        show_waiting(told, json=json)
    if added is None:
        return
    if json:
        as_json(added.document())
        return
    print_translated(N_("Registered {account}, {name}."), account=account_text(added.number), name=added.name)
    if not isinstance(number, UnverifiedAccount) and national_check_fails(number):
        print_translated(N_("Its national check digit does not fit; if the bank's document says so, all is well."))


@appeal_app.command("add")
def appeal_add(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    *,
    keyword: Annotated[list[str], typer.Option(metavar="WORD", help=N_("A word that donors write; may be repeated."))],
    reference: Annotated[
        list[str] | None, typer.Option(metavar="REF", help=N_("A viitenumber or RF reference."))
    ] = None,
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
        print_translated(
            N_("Added {name} with {words}. {count} payments in the books turned out to be gifts to it."),
            name=name,
            words=", ".join(words),
            count=gifts,
        )


@appeal_app.command("list")
def appeal_list(*, json: Json = False) -> None:
    """Show the appeals with their keywords and references."""
    with context.reader() as session:
        found = appeals_view(session)
    if json:
        as_json(found.document())
    else:
        rows = [
            (str(a.id), a.name, ", ".join(a.keywords), ", ".join(a.references), str(a.last_day or ""))
            for a in found.items
        ]
        heads = (NUMBER, N_("Name"), N_("Keywords"), N_("References"), N_("Last day"))
        table(translated(N_("Appeals")), heads, rows)


@appeal_app.command("forms")
def appeal_forms(
    keyword: Annotated[str, typer.Argument(metavar="KEYWORD")],
    *,
    add: Annotated[list[str] | None, typer.Option(metavar="FORM", help=N_("One more; may be repeated."))] = None,
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
        as_json({"keyword": word, "forms": kept[word].accepted, "denying": kept[word].denying})
        return
    show_line(f"{word}: {', '.join(kept[word].accepted)}")
    if kept[word].denying:
        print_translated(
            N_("Asked about, for they say that there is none: {words}"), words=", ".join(kept[word].denying)
        )


Name = Annotated[str, typer.Argument(metavar="NAME")]
OneKeyword = Annotated[
    str, typer.Option("--keyword", metavar="WORD", help=N_("Only this keyword; without it the whole appeal."))
]


@appeal_app.command("end")
def appeal_end(
    name: Name,
    day: Annotated[str, typer.Argument(metavar="DAY", help=N_("Its last day."))],
    *,
    keyword: OneKeyword = "",
    json: Json = False,
) -> None:
    """Let an appeal, or a keyword of it, end with a day: later payments are no gifts by it, and are judged again."""
    last = typed_day(day)
    change = _let_end(name, keyword, last)
    if json:
        as_json({"name": name, "keyword": keyword, "last_day": last.isoformat(), "lost_gifts": change.lost_gifts})
        return
    print_translated(
        N_("{name} ends on {day}. {count} gifts in the books are none any more."),
        name=keyword or name,
        day=last,
        count=change.lost_gifts,
    )


@appeal_app.command("reopen")
def appeal_reopen(name: Name, *, keyword: OneKeyword = "", json: Json = False) -> None:
    """Take the end of an appeal, or of a keyword of it, back; all payments are judged again."""
    change = _let_end(name, keyword, None)
    if json:
        as_json({"name": name, "keyword": keyword, "last_day": None, "gifts": change.became_gifts})
        return
    print_translated(
        N_("{name} goes on. {count} payments in the books turned out to be gifts."),
        name=keyword or name,
        count=change.became_gifts,
    )


def _let_end(name: str, keyword: str, last: date | None) -> RegisteringChange:
    word = parse_keyword(keyword) if keyword else None
    with context.writer() as session:
        found = next((each.id for each in people.appeals(as_reader(session)) if each.name == name), None)
        if found is None:
            raise Refusal(BooksCode.UNKNOWN_APPEAL)
        return register(session, LastDay(appeal=found, keyword=word, last_day=last), now=context.now())


def migrate_command(
    *,
    rejudge: Annotated[
        bool, typer.Option("--rejudge", help=N_("Also read and judge all again; first: donations check --rejudge"))
    ] = False,
    accept_copy: Annotated[
        bool, typer.Option("--accept-copy", help=N_("Take a copied file as it is, though its log is missing."))
    ] = False,
    json: Json = False,
) -> None:
    """Bring the database to the newest tables; does nothing where it is up to date."""
    found = context.migrate_books(accept_copy=accept_copy)
    if rejudge:
        judge_again(keep=True, json=json)
    elif json:
        as_json({"migrated": found is not BooksAt.CURRENT})
    else:
        print_translated(N_("The database is up to date."))
        if found is BooksAt.OLDER:
            print_translated(
                N_("What newer readers and rules would make of the books so far: donations check --rejudge")
            )


__all__ = ["account_app"]

Iban = Annotated[str, typer.Argument(metavar="IBAN")]
Currency = Annotated[str, typer.Option("--currency", help=N_("Which of the account's currencies."))]


def Day(metavar: str, help: str) -> Any:  # noqa: A002, N802 - an argument that is a day
    """Return the declaration of an argument that is a day."""
    return typer.Argument(metavar=metavar, help=help)


@account_app.command("list")
def list_command(*, json: Json = False) -> None:
    """Show your accounts."""
    with context.reader() as session:
        found = accounts_view(session)
    if json:
        as_json(found.document())
    elif not found.items:
        print_translated(NO_ACCOUNTS)
    else:
        cells = [(account_text(each.number), each.name, str(each.first_day or ""), _end(each)) for each in found.items]
        table(translated(N_("Accounts")), (N_("Account"), N_("Name"), N_("First day"), N_("Last day")), cells)


@account_app.command("begin")
def begin_command(
    iban: Iban,
    day: Annotated[str | None, Day("[DAY]", N_("Without one: from the first statement or transfer."))] = None,
    *,
    json: Json = False,
) -> None:
    """Say from which day on an account is open: statements are wanted from there."""
    first = None if day is None else typed_day(day)
    with _changing(iban) as (session, row):
        begin_account(session, row.id, first)
    begins = N_("The account begins with its first statement.") if first is None else N_("The account begins on {day}.")
    _done(iban, translated(begins, day=first), json=json)


@account_app.command("end")
def end_command(
    iban: Iban,
    day: Annotated[str, Day("DAY", N_("Its last day."))],
    *,
    became: Annotated[
        str, typer.Option("--became", metavar="IBAN", help=N_("The account that the bank made of it, with its money."))
    ] = "",
    json: Json = False,
) -> None:
    """Say that an account ended, empty or as another one: no statement is wanted of later days."""
    other = parse_iban(became)
    if became and other is None:
        raise Refusal(BooksCode.IBAN_INVALID)
    last = typed_day(day)
    with _changing(iban) as (session, row):
        end_account(session, row.id, last, became=other, today=day_of(context.now()))
    _done(iban, translated(N_("The account ended on {day}."), day=last), json=json)


@account_app.command("reopen")
def reopen_command(iban: Iban, *, json: Json = False) -> None:
    """Take the end of an account back."""
    with _changing(iban) as (session, row):
        reopen_account(session, row.id)
    _done(iban, translated(N_("The account is open again.")), json=json)


@account_app.command("quiet")
def quiet_command(
    iban: Iban,
    first: Annotated[str, Day("FIRST", N_("The first day without a statement."))],
    last: Annotated[str, Day("LAST", N_("The last one."))],
    *,
    currency: Currency = "EUR",
    take_back: Annotated[
        bool, typer.Option("--take-back", help=N_("Take back what was confirmed of these days."))
    ] = False,
    json: Json = False,
) -> None:
    """Confirm that nothing moved on days without a statement, between two balances of the bank that agree."""
    days = typed_day(first), typed_day(last)
    with _changing(iban) as (session, row):
        ledger = ledger_of(row, currency)
        if take_back:
            withdraw_no_movement(session, ledger, days[0])
        else:
            now = context.now()
            confirm_no_movement(session, ledger, *days, by=context.person(), now=now)
    done = N_("Taken back.") if take_back else N_("Kept: nothing moved on these days.")
    _done(iban, translated(done), json=json)


@contextmanager
def _changing(iban: str) -> Iterator[tuple[WriteSession, AccountRow]]:
    with context.writer() as session:
        yield session, own_account(as_reader(session), iban)


def _done(iban: str, done: str, *, json: bool) -> None:
    if json:
        with context.reader() as session:
            as_json(account_view(own_account(session, iban)).document())
    else:
        show_line(f"{done} {translated(N_('See: {command}'), command='donations coverage')}")


def _end(account: AccountView) -> str:
    became = account.became and translated(N_("became {account}"), account=account.became)
    return " ".join(filter(None, (str(account.last_day or ""), became)))
