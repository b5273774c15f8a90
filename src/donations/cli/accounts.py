"""`donations account list|begin|end|reopen|quiet`: own accounts begin and end, and days on which nothing moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from donations.account_life import begin_account, confirm_quiet, end_account, reopen_account, take_quiet_back
from donations.cli import context
from donations.cli.importing import Json
from donations.cli.registering import account_app
from donations.cli.show import account_text, as_json, say, table
from donations.core.day import day_of
from donations.core.iban import parse_account, parse_iban
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import typed_currency, typed_day
from donations.store.donors import people
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.statements.files import Ledger
from donations.store.tables import AccountRow
from donations.views.account import AccountView, account_view, accounts_view

__all__ = ["account_app"]

Iban = Annotated[str, typer.Argument(metavar="IBAN")]
Currency = Annotated[str, typer.Option("--currency", help="Which of the account's currencies.")]


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
        say("No accounts yet. Register the first: donations account add IBAN --name NAME")
    else:
        cells = [(account_text(each.number), each.name, str(each.first_day or ""), _end(each)) for each in found.items]
        table("Accounts", ("Account", "Name", "First day", "Last day"), cells)


@account_app.command("begin")
def begin_command(
    iban: Iban,
    day: Annotated[str | None, Day("[DAY]", "Without one: from the first statement or transfer.")] = None,
    *,
    json: Json = False,
) -> None:
    """Say from which day on an account is open: statements are wanted from there."""
    first = None if day is None else typed_day(day)
    with _changing(iban) as (session, row):
        begin_account(session, row.id, first)
    _done(iban, "The account begins " + ("with its first statement." if first is None else f"on {first}."), json=json)


@account_app.command("end")
def end_command(
    iban: Iban,
    day: Annotated[str, Day("DAY", "Its last day.")],
    *,
    became: Annotated[
        str, typer.Option("--became", metavar="IBAN", help="The account that the bank made of it, with its money.")
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
    _done(iban, f"The account ended on {last}.", json=json)


@account_app.command("reopen")
def reopen_command(iban: Iban, *, json: Json = False) -> None:
    """Take the end of an account back."""
    with _changing(iban) as (session, row):
        reopen_account(session, row.id)
    _done(iban, "The account is open again.", json=json)


@account_app.command("quiet")
def quiet_command(
    iban: Iban,
    first: Annotated[str, Day("FIRST", "The first day without a statement.")],
    last: Annotated[str, Day("LAST", "The last one.")],
    *,
    currency: Currency = "EUR",
    take_back: Annotated[bool, typer.Option("--take-back", help="Take back what was confirmed of these days.")] = False,
    json: Json = False,
) -> None:
    """Confirm that nothing moved on days without a statement, between two balances of the bank that agree."""
    days = typed_day(first), typed_day(last)
    with _changing(iban) as (session, row):
        ledger = _ledger(row, currency)
        if take_back:
            take_quiet_back(session, ledger, days[0])
        else:
            now = context.now()
            confirm_quiet(session, ledger, *days, by=context.person(), now=now)
    _done(iban, "Taken back." if take_back else "Kept: nothing moved on these days.", json=json)


def own_account(session: ReadSession, iban: str) -> AccountRow:
    """Return an own account by its number. Raises `Refusal`."""
    number = parse_account(iban)
    row = None if number is None else people.account_with(session, number)
    if row is None:
        raise Refusal(BooksCode.UNKNOWN_ACCOUNT)
    return row


def own_ledger(session: ReadSession, iban: str, currency: str) -> Ledger:
    """Return an own account in a currency. Raises `Refusal`."""
    return _ledger(own_account(session, iban), currency)


def _ledger(row: AccountRow, currency: str) -> Ledger:
    return Ledger(account_id=row.id, currency=typed_currency(currency))


@contextmanager
def _changing(iban: str) -> Iterator[tuple[WriteSession, AccountRow]]:
    with context.writer() as session:
        yield session, own_account(as_reader(session), iban)


def _done(iban: str, said: str, *, json: bool) -> None:
    if json:
        with context.reader() as session:
            as_json(account_view(own_account(session, iban)).document())
    else:
        say(f"{said} See: donations coverage")


def _end(account: AccountView) -> str:
    became = account.became and f"became {account.became}"
    return " ".join(filter(None, (str(account.last_day or ""), became)))
