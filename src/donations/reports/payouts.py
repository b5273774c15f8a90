"""Payouts of payment providers: what each was made of, what is left over, and whether it came to the bank."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from donations.acts.proving import proofs
from donations.core.calendar import Period
from donations.core.language import N_
from donations.core.money import Currency, Minor
from donations.ledger.payouts import Payout, payouts
from donations.reports.obstacles import money_under_way
from donations.reports.table import Column, ColumnKind, Note, Row, Table
from donations.reports.words import OwnText, title_with_period
from donations.store.donors import people
from donations.store.payments.payouts import provider_movements
from donations.store.session import ReadSession

COLUMNS = (
    Column("account", N_("Account"), ColumnKind.TEXT),
    Column("day", N_("Paid out on"), ColumnKind.DAY),
    Column("before", N_("Left from before"), ColumnKind.MINOR),
    Column("received", N_("Received"), ColumnKind.MINOR),
    Column("fees", N_("Fees"), ColumnKind.MINOR),
    Column("returned", N_("Refunds and chargebacks"), ColumnKind.MINOR),
    Column("paid_out", N_("Paid out"), ColumnKind.MINOR),
    Column("left", N_("Left over"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
    Column("state", N_("State"), ColumnKind.TEXT),
)
_CLEARED = OwnText(N_("at the bank"), code="cleared")
_UNDER_WAY = OwnText(N_("under way to the bank"), code="under_way")
_LACKS_LINES = OwnText(N_("lines are missing"), code="lacks_lines")
_NOT_PAID_OUT = OwnText(N_("not paid out yet"), code="not_paid_out")
_LIES_THERE = N_("What was not paid out by {day} lies at the payment provider.")
_MISSING = N_(
    "Payouts whose lines in the books do not come to what was paid: {count}. Import the provider’s report of the days"
    " before, or download it again."
)


def payout_report(session: ReadSession, period: Period, *, today: date) -> Table:
    """Return the payouts of the period, and what lay at each provider when it was over.

    A payout is made of all lines that its provider's report names it in, be they of earlier days; where the report
    names none, of what came since the payout before.
    """
    called = {row.number: row.name for row in people.accounts(session)}
    moving = {each.side.payment for each in money_under_way(session, proofs(session), today=today)}
    found = [
        each
        for each in payouts(provider_movements(session), last_day=period.last_day)
        if (each.day in period if each.day else each.is_something)
    ]
    lacking = sum(each.lacks_lines for each in found)
    return Table(
        title=title_with_period(N_("Payouts of payment providers, {period}"), period),
        columns=COLUMNS,
        rows=tuple(
            (
                *(called[each.account], each.day, each.before, each.received, each.fees, each.returned),
                *(each.paid_out, each.left, each.currency),
                _state(each, is_under_way=not moving.isdisjoint(each.payments)),
            )
            for each in found
        ),
        totals=_totals(found),
        notes=(
            *([Note("lies_there", _LIES_THERE, (("day", period.last_day),))] if found else ()),
            *([Note("lacks_lines", _MISSING, (("count", str(lacking)),))] if lacking else ()),
        ),
    )


def _state(each: Payout, *, is_under_way: bool) -> OwnText:
    if each.day is None:
        return _NOT_PAID_OUT
    if each.lacks_lines:
        return _LACKS_LINES
    return _UNDER_WAY if is_under_way else _CLEARED


def _totals(found: list[Payout]) -> tuple[Row, ...]:
    sums: defaultdict[Currency, list[Minor]] = defaultdict(lambda: [0] * 4)
    for each in found:
        parts = (each.received, each.fees, each.returned, each.paid_out)
        sums[each.currency] = [one + other for one, other in zip(sums[each.currency], parts, strict=True)]
    return tuple((None, None, None, *parts, None, currency, None) for currency, parts in sorted(sums.items()))
