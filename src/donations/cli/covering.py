"""`donations coverage`: what is known of the days of each account, why, and what to do next."""

from __future__ import annotations

from datetime import date

from donations.cli import context
from donations.cli.importing import Json
from donations.cli.reporting import Csv, show_report
from donations.cli.show import account_text, say
from donations.core.day import day_of
from donations.core.period import Period, spell
from donations.reports.coverage import coverage
from donations.reports.covered import CoveredAccount, covered_accounts
from donations.reports.day_reasons import ReasonedRun
from donations.reports.day_words import DAYS, sentences
from donations.views.telling import PLAIN


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
        say("No accounts yet. Register the first: donations account add IBAN --name NAME")


def _show(account: CoveredAccount) -> None:
    say(f"{account.name}, {account_text(account.number)}, {account.currency}{_until(account)}")
    for each in account.reasoned:
        if each.why is not None:
            say(f"  {_said(each)}")
    for step in account.steps:
        if step.reasoned is None and step.to_do is not None:
            days = spell(step.days.first_day, step.days.last_day)
            say(f"  {days}: {PLAIN.tell(sentences([step.to_do, step.why]))}")
    for day in account.balances_wanted[:4]:
        say(f"  A balance would help: donations balance {account.number} {day} AMOUNT")


def _until(account: CoveredAccount) -> str:
    proven: date | None = account.proven_until
    said = ", nothing proven yet" if proven is None else f", proven until {proven}"
    return said if account.ended is None else f"{said}, ended on {account.ended}"


def _said(each: ReasonedRun) -> str:
    days = spell(each.days.first_day, each.days.last_day)
    near = None if each.near is None else each.near.phrase
    said = PLAIN.tell(sentences([each.why, near, each.to_do]))
    shown = ", ".join(f"import {source.file_id} ({source.name})" for source in each.sources)
    payments = ", ".join(f"payment {payment}" for payment in each.payments)
    about = "; ".join(filter(None, (shown, payments)))
    return f"{days}, {PLAIN.tell(DAYS[each.state].phrase)}: {said}" + (f" See: {about}" if about else "")
