"""`donations account list|begin|end|reopen|quiet`: own accounts begin and end, and days on which nothing moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from donations.account_life import begin_account, confirm_quiet, end_account, reopen_account, take_quiet_back
from donations.cli import context
from donations.cli.failing import REFUSED
from donations.cli.importing import Json
from donations.cli.registering import account_app
from donations.cli.show import account_text, as_json, fail, say, table
from donations.cli.typed import day_of_text
from donations.core.day import day_of
from donations.core.iban import parse_account, parse_iban
from donations.core.money import BadCurrencyError, parse_currency
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
    first = None if day is None else day_of_text(day)
    with _changing(iban, json=json) as (session, row):
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
        fail("iban_invalid", "The check digits of the IBAN after --became are wrong.", json_wanted=json)
    last = day_of_text(day)
    with _changing(iban, json=json) as (session, row):
        end_account(session, row.id, last, became=other, today=day_of(context.now()))
    _done(iban, f"The account ended on {last}.", json=json)


@account_app.command("reopen")
def reopen_command(iban: Iban, *, json: Json = False) -> None:
    """Take the end of an account back."""
    with _changing(iban, json=json) as (session, row):
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
    days = day_of_text(first), day_of_text(last)
    with _changing(iban, json=json) as (session, row):
        ledger = _ledger(row, currency, json=json)
        if take_back:
            take_quiet_back(session, ledger, days[0])
        else:
            now = context.now()
            confirm_quiet(session, ledger, *days, by=context.person(), now=now)
    _done(iban, "Taken back." if take_back else "Kept: nothing moved on these days.", json=json)


def own_account(session: ReadSession, iban: str, *, json: bool) -> AccountRow:
    """Return an own account by its number, or end the command."""
    number = parse_account(iban)
    row = None if number is None else people.account_with(session, number)
    if row is None:
        message = "This account is not registered: donations account list"
        fail("unknown_account", message, json_wanted=json, status=REFUSED)
    return row


def own_ledger(session: ReadSession, iban: str, currency: str, *, json: bool) -> Ledger:
    """Return an own account in a currency, or end the command."""
    return _ledger(own_account(session, iban, json=json), currency, json=json)


def _ledger(row: AccountRow, currency: str, *, json: bool) -> Ledger:
    try:
        return Ledger(account_id=row.id, currency=parse_currency(currency))
    except BadCurrencyError:
        fail("bad_currency", "Write the currency with three letters, like EUR.", json_wanted=json)


@contextmanager
def _changing(iban: str, *, json: bool) -> Iterator[tuple[WriteSession, AccountRow]]:
    with context.writer() as session:
        yield session, own_account(as_reader(session), iban, json=json)


def _done(iban: str, said: str, *, json: bool) -> None:
    if json:
        with context.reader() as session:
            as_json(account_view(own_account(session, iban, json=json)).document())
    else:
        say(f"{said} See: donations coverage")


def _end(account: AccountView) -> str:
    became = account.became and f"became {account.became}"
    return " ".join(filter(None, (str(account.last_day or ""), became)))
