"""`donations coverage` and `balance`: what is known of the days of each account, and balances that a person read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from donations.acts.accounts import enter_balance, remove_balance
from donations.acts.proving import proofs
from donations.cli import context
from donations.cli.accounts import Currency, Day, Iban
from donations.cli.own_accounts import own_ledger
from donations.cli.report_table import Csv, show_report
from donations.cli.show import (
    NO_ACCOUNTS,
    Json,
    account_text,
    as_json,
    money_text,
    print_translated,
    show_line,
    table,
    translated,
)
from donations.core.calendar import Period, day_of
from donations.core.language import N_
from donations.core.typed import typed_balance, typed_currency, typed_day
from donations.reports.coverage import CoveredAccount, coverage, covered_accounts
from donations.reports.day_reasons import ReasonedRun, Reasons
from donations.reports.words import DAYS, sentences
from donations.store.session import as_reader
from donations.views.account import BalanceView
from donations.views.formats import PLAIN_TELLER, plain_days
from donations.views.value import ListOf
from donations.views.value import money as shown


def coverage_command(*, csv: Csv = None, json: Json = False) -> None:
    """Show the days of each account that are not proven, why, and what to download next."""
    today = day_of(context.now())
    with context.reader() as session:
        found = coverage(session, Period.of(), today=today)
        accounts = covered_accounts(session, today=today)
    if json or csv is not None:
        show_report(found, csv=csv, json=json)
        return
    for each in accounts:
        _show(each)
    if not accounts:
        print_translated(NO_ACCOUNTS)


def _show(account: CoveredAccount) -> None:
    head = (account.name, account_text(account.number), account.currency, *_until(account))
    show_line(", ".join(head))
    for each in account.reasoned:
        if each.why is not None:
            show_line(f"  {_said(each)}")
    for step in account.steps:
        if step.reasoned is None and step.to_do is not None:
            days = plain_days(step.days.first_day, step.days.last_day)
            show_line(f"  {days}: {PLAIN_TELLER.tell(sentences([step.to_do, step.why]))}")
    for day in account.balances_wanted[:4]:
        print_translated(
            N_("  A balance would help: donations balance {account} {day} AMOUNT"), account=account.number, day=day
        )


def _until(account: CoveredAccount) -> Iterator[str]:
    proven: date | None = account.proven_until
    yield translated(N_("nothing proven yet") if proven is None else N_("proven until {day}"), day=proven)
    if account.ended is not None:
        yield translated(N_("ended on {day}"), day=account.ended)


def _said(each: ReasonedRun) -> str:
    days = plain_days(each.days.first_day, each.days.last_day)
    near = None if each.near is None else each.near.phrase
    said = PLAIN_TELLER.tell(sentences([each.why, near, each.to_do]))
    shown = ", ".join(
        translated(N_("import {number} ({name})"), number=source.file_id, name=source.name) for source in each.sources
    )
    payments = ", ".join(translated(N_("payment {number}"), number=payment) for payment in each.payments)
    about = "; ".join(filter(None, (shown, payments)))
    see = " " + translated(N_("See: {command}"), command=about) if about else ""
    return f"{days}, {PLAIN_TELLER.tell(DAYS[each.state].phrase)}: {said}{see}"


class _Entering(TyperGroup):
    """What is no other command enters a balance: `donations balance IBAN DAY AMOUNT`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command's name in where it is left out."""
        is_named = not args or args[0] in {*self.commands, "--help"}
        return super().parse_args(ctx, args if is_named else ["enter", *args])


balance_app = typer.Typer(cls=_Entering, no_args_is_help=True)


@balance_app.command("enter", context_settings={"ignore_unknown_options": True})
def enter_command(
    iban: Iban,
    day: Annotated[str, Day("DAY", N_("The balance at its end."))],
    amount: Annotated[
        str, typer.Argument(metavar="AMOUNT", help=N_("As the bank shows it: 1234.56, 1234,56 or -12.00"))
    ],
    *,
    currency: Currency = "EUR",
    json: Json = False,
) -> None:
    """Enter the balance at the end of a day; entered again, the later one counts."""
    minor = typed_balance(amount, typed_currency(currency))
    now, on = context.now(), typed_day(day)
    with context.writer() as session:
        reader = as_reader(session)
        ledger = own_ledger(reader, iban, currency)
        broken = enter_balance(session, ledger, on, minor, by=context.person(), now=now, today=day_of(now))
        proved = next(each for each in proofs(reader) if each.ledger == ledger)
        reasons = Reasons(reader)
        found = [reasons.of(proved, run) for run in broken]
    contradicts: list[dict[str, Any]] = [
        {
            "first_day": each.days.first_day.isoformat(),
            "last_day": each.days.last_day.isoformat(),
            "cause": each.in_words,
            "words": "" if each.in_words is None else PLAIN_TELLER.tell(each.in_words.phrase),
        }
        for each in found
    ]
    if json:
        entered = BalanceView(account=iban, day=on, money=shown(minor, ledger.currency))
        as_json({**entered.document(), "contradicts": contradicts})
        return
    print_translated(N_("Saved. See: donations coverage"))
    for each in contradicts:
        print_translated(N_("It contradicts, {first_day} to {last_day}: {words}"), **each)
    if contradicts:
        print_translated(N_("If it was mistyped: donations balance remove {account} {day}"), account=iban, day=on)


@balance_app.command("list")
def list_command(*, json: Json = False) -> None:
    """Show the balances that people entered."""
    with context.reader() as session:
        accounts = covered_accounts(session, today=day_of(context.now()))
    found = [
        BalanceView(account=each.number, day=day, money=shown(minor, each.currency))
        for each in accounts
        for day, minor in each.given
    ]
    if json:
        as_json(ListOf(items=found).document())
    elif not found:
        print_translated(N_("No balance was entered."))
    else:
        cells = [(account_text(each.account), f"{each.day}", money_text(each.money)) for each in found]
        columns = (N_("Account"), N_("At the end of"), N_("Balance"))
        table(translated(N_("Balances entered by hand")), columns, cells, right=columns[2:])


@balance_app.command("remove")
def remove_command(
    iban: Iban,
    day: Annotated[str, Day("DAY", N_("At whose end it was."))],
    *,
    currency: Currency = "EUR",
    json: Json = False,
) -> None:
    """Take back a balance that was entered."""
    on = typed_day(day)
    with context.writer() as session:
        remove_balance(session, own_ledger(as_reader(session), iban, currency), on)
    if json:
        as_json({"account": iban, "day": on.isoformat(), "currency": currency, "removed": True})
    else:
        print_translated(N_("The balance is taken back. See: donations coverage"))
