"""Each month of each account: what the bank says it held, what moved, what that was for, and whether it is proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from donations.core.allocation import Purpose
from donations.core.money import Minor
from donations.reports.balances import compared, movement
from donations.reports.notes import notes_on
from donations.reports.period import Period, months_between
from donations.reports.proofs import Proved, proofs
from donations.reports.table import Column, Kind, Note, Row, Table
from donations.store.files import Ledger
from donations.store.reporting import day_sums, purpose_sums
from donations.store.session import ReadSession

COLUMNS = (
    Column("account", "Account", Kind.TEXT),
    Column("month", "Month", Kind.TEXT),
    Column("opening", "Opening (bank)", Kind.MINOR),
    Column("in", "Money in", Kind.MINOR),
    Column("out", "Money out", Kind.MINOR),
    Column("gifts", "Gifts", Kind.MINOR),
    Column("refunds", "Refunds", Kind.MINOR),
    Column("transfers", "Transfers", Kind.MINOR),
    Column("income", "Income", Kind.MINOR),
    Column("costs", "Costs", Kind.MINOR),
    Column("unallocated", "Unallocated", Kind.MINOR),
    Column("questions", "Questions", Kind.COUNT),
    Column("closing", "Closing (ledger)", Kind.MINOR),
    Column("bank_closing", "Closing (bank)", Kind.MINOR),
    Column("currency", "Currency", Kind.CURRENCY),
    Column("proof", "Proof", Kind.TEXT),
)
DETAIL_COLUMNS = (
    Column("account", "Account", Kind.TEXT),
    Column("item", "What", Kind.TEXT),
    Column("minor", "Amount", Kind.MINOR),
    Column("currency", "Currency", Kind.CURRENCY),
)
_PURPOSES = (Purpose.GIFT, Purpose.REFUND, Purpose.TRANSFER, Purpose.INCOME, Purpose.COST)
_DAY = timedelta(days=1)


@dataclass(slots=True)
class _Moved:
    """What moved in one month on one account; signed, so that money out is negative and everything adds up."""

    money_in: Minor = 0
    money_out: Minor = 0
    unallocated: Minor = 0
    questions: int = 0
    purposes: Counter[Purpose] = field(default_factory=Counter)


_Key = tuple[Ledger, str]
"""An account, and the month as `2026-03`."""


def months(session: ReadSession, period: Period) -> Table:
    """Return one row for each account, currency and month; money out is negative.

    opening + money in + money out = closing, and money in + money out = what it was for + unallocated. The ledger's
    closing is brought forward from the first balance that the bank states.
    """
    proved = proofs(session)
    moved = _moved(session, period)
    return Table(
        title=f"Months, {period}",
        columns=COLUMNS,
        rows=tuple(_months(period, proved, moved)),
        notes=(*_open(moved), *notes_on(session, period, proved)),
    )


def month(session: ReadSession, period: Period) -> Table:
    """Return the same figures of one month below each other, account by account, as a page of the books."""
    whole = months(session, period)
    rows: list[Row] = []
    for row in whole.rows:
        named = {column: value for column, value in zip(COLUMNS, row, strict=True) if column.kind is Kind.MINOR}
        account, currency = row[0], whole.currency_of(row)
        rows += [(account, column.heading, value, currency) for column, value in named.items()]
    return Table(title=f"Month, {period}", columns=DETAIL_COLUMNS, rows=tuple(rows), notes=whole.notes)


def _open(moved: Mapping[_Key, _Moved]) -> Iterator[Note]:
    questions = sum(sums.questions for sums in moved.values())
    if questions:
        yield Note("questions_open", f"{questions} payment(s) have money without a purpose: see the questions.")


def _months(period: Period, proved: Sequence[Proved], moved: Mapping[_Key, _Moved]) -> Iterator[Row]:
    for each in proved:
        until, bank = movement(each.facts.by_day), compared(each)
        at_end_of = {one.end_of: one.bank for one in bank.balances if one.is_day_end}
        for one in months_between(each.covered.first_day, each.covered.last_day):
            if not period.touches(one.first_day, one.last_day):
                continue
            sums = moved.get((each.ledger, str(one)), _Moved())
            yield (
                *(each.number, str(one), at_end_of.get(one.first_day - _DAY), sums.money_in, sums.money_out),
                *(sums.purposes[purpose] for purpose in _PURPOSES),
                *(sums.unallocated, sums.questions),
                None if bank.brought_forward is None else bank.brought_forward + until(one.last_day),
                *(at_end_of.get(one.last_day), each.currency, each.state_in(one).value),
            )


def _moved(session: ReadSession, period: Period) -> dict[_Key, _Moved]:
    found: dict[_Key, _Moved] = {}
    for day in day_sums(session, first_day=period.first_day, last_day=period.last_day):
        sums = found.setdefault((day.ledger, _month_of(day.day)), _Moved())
        sums.money_in += day.money_in
        sums.money_out += day.money_out
        sums.unallocated += day.unallocated
        sums.questions += day.questions
    for part in purpose_sums(session, first_day=period.first_day, last_day=period.last_day):
        found[part.ledger, _month_of(part.day)].purposes[part.purpose] += part.minor
    return found


def _month_of(day: date) -> str:
    return f"{day:%Y-%m}"
