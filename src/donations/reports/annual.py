"""Figures of a financial year for the annual report of a small association, proven by the balances of its accounts.

RTJ 14 (*Mittetulundusühingud ja sihtasutused*) wants restricted gifts told apart from unrestricted ones. Restricted is
what was given to an appeal; the first appeal, which came with the books, stands for the association itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from donations.acts.proving import Proved, proofs
from donations.core.calendar import Month, Period
from donations.core.donor import Appeal, AppealId
from donations.core.language import N_
from donations.core.money import EUR, Currency, Minor
from donations.core.payment import Purpose
from donations.reports.corrections import notes_on
from donations.reports.reconciliation import compared
from donations.reports.spending import NO_CATEGORY, CategorySum, spending_of
from donations.reports.table import Cell, Column, ColumnKind, Note, Row, Table
from donations.reports.words import PURPOSES, WITHOUT_PURPOSE, OwnText, title_with_period
from donations.store.donors import people
from donations.store.payments.movements import GiftMovement, day_sums, gift_movements, purpose_sums
from donations.store.session import ReadSession

COLUMNS = (
    Column("part", N_("Part"), ColumnKind.TEXT),
    Column("item", N_("What"), ColumnKind.TEXT),
    Column("minor", N_("Amount"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
)
_OPENING = OwnText(N_("Opening balances"), code="opening")
_RESTRICTED = OwnText(N_("Restricted gifts"), code="restricted")
_UNRESTRICTED = OwnText(N_("Unrestricted gifts"), code="unrestricted")
_INCOME = OwnText(N_("Other income"), code="income")
_COSTS = OwnText(N_("Costs"), code="costs")
_CLOSING = OwnText(N_("Closing balances"), code="closing")
_PROOF = OwnText(N_("How it adds up"), code="proof")
_ALL_INCOME = OwnText(N_("Income in all"), code="all_income")
_ALL_COSTS = OwnText(N_("Costs in all"), code="all_costs")
_RESIDUE = OwnText(N_("What is left over: must be 0"), code="residue")
_REFUNDS = N_("Refunds, {appeal}")
_BASIS = N_(
    "The annual report goes by when money was earned and owed (RTJ 14), this by what moved on the accounts: bills and"
    " fees not paid yet, cash, gifts of things and services and the wear of equipment are not in it."
)
_BY_APPEAL = N_(
    "Gifts to “{appeal}” count as unrestricted, those to any other appeal as restricted to it. Tell your accountant"
    " what of the restricted gifts was not used yet."
)
_DUE = N_("The annual report is due within six months: until {day}.")
_FROM_ZERO = N_("The bank states no balance of {account}: it is counted from 0.")
_UNALLOCATED = N_("Money without a purpose is neither income nor a cost here: answer the questions first.")
_DAY = timedelta(days=1)
_MONTHS_TO_REPORT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHeld:
    """What an own account held when the days began and when they were over: by the bank where it says so."""

    account: str
    opening: Minor
    closing: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures:
    """What some days came to in one currency; refunds are negative, costs positive."""

    currency: Currency
    held: tuple[AccountHeld, ...]
    gifts: tuple[GiftMovement, ...]
    """By appeal."""
    other_income: Minor
    costs: tuple[CategorySum, ...]
    transfers: Minor
    """Between own accounts; not 0 while the other side is missing."""
    unallocated: Minor

    @property
    def has_any(self) -> bool:
        """Whether money was held or moved."""
        sums = (self.opening, self.closing, self.other_income, self.transfers, self.unallocated)
        return any(sums) or bool(self.gifts or self.costs)

    @property
    def income(self) -> Minor:
        """Gifts less refunds, and other income."""
        return sum(each.minor for each in self.gifts) + self.other_income

    @property
    def spent(self) -> Minor:
        """All costs."""
        return sum(each.minor for each in self.costs)

    @property
    def opening(self) -> Minor:
        """What all accounts held when the days began."""
        return sum(each.opening for each in self.held)

    @property
    def closing(self) -> Minor:
        """What all accounts held when the days were over."""
        return sum(each.closing for each in self.held)

    @property
    def residue(self) -> Minor:
        """What the figures do not explain."""
        return self.opening + self.income - self.spent + self.transfers + self.unallocated - self.closing


def year_figures(session: ReadSession, period: Period) -> list[YearFigures]:
    """Return the figures by currency, euros first; none where nothing was held and nothing moved."""
    days = {"first_day": period.first_day, "last_day": period.last_day}
    purposes: Counter[tuple[Currency, Purpose]] = Counter()
    for part in purpose_sums(session, **days):
        purposes[part.ledger.currency, part.purpose] += part.minor
    waiting: Counter[Currency] = Counter()
    for day in day_sums(session, **days):
        waiting[day.ledger.currency] += day.unallocated
    given, spent, proved = gift_movements(session, **days), spending_of(session, period).by_category, proofs(session)
    found = [
        YearFigures(
            currency=currency,
            held=tuple(_held(each, period) for each in proved if each.currency == currency),
            gifts=tuple(each for each in given if each.currency == currency),
            other_income=purposes[currency, Purpose.INCOME],
            costs=tuple(each for each in spent if each.currency == currency),
            transfers=purposes[currency, Purpose.TRANSFER],
            unallocated=waiting[currency],
        )
        for currency in sorted({each.currency for each in proved}, key=lambda each: (each != EUR, each))
    ]
    return [each for each in found if each.has_any]


def annual(session: ReadSession, period: Period) -> Table:
    """Return the figures below each other; the last of each currency is what they leave over, and must be 0."""
    appeals = people.appeals(session)
    own = appeals[0] if appeals else None
    names = {each.id: each.name for each in appeals}
    found, proved = year_figures(session, period), proofs(session)
    return Table(
        title=title_with_period(N_("Figures for the annual report, {period}"), period),
        columns=COLUMNS,
        rows=tuple(row for each in found for row in _rows(each, names, own)),
        notes=(*_notes(period, proved, own), *unallocated_note(found), *notes_on(session, period, proved)),
    )


def unallocated_note(found: Iterable[YearFigures]) -> Iterator[Note]:
    """Yield what to know where some money has no purpose yet."""
    if any(each.unallocated for each in found):
        yield Note("unallocated", _UNALLOCATED)


def _held(proved: Proved, period: Period) -> AccountHeld:
    stated = {each.end_of: each.bank for each in compared(proved).balances if each.is_day_end}
    before = period.first_day - _DAY if period.first_day > date.min else period.first_day

    def at_end_of(day: date) -> Minor:
        known = max((each for each in stated if each <= day), default=None)
        if (
            known is not None
        ):  # the newest that the bank states, and what moved since: what is missing before is left over
            return stated[known] + proved.moved.until(day) - proved.moved.until(known)
        by_ledger = proved.balance(day)
        return proved.moved.until(day) if by_ledger is None else by_ledger

    return AccountHeld(account=proved.number, opening=at_end_of(before), closing=at_end_of(period.last_day))


def _rows(each: YearFigures, names: dict[AppealId, str], own: Appeal | None) -> Iterator[Row]:
    def rows(part: Cell, items: Iterable[tuple[Cell, Minor]]) -> Iterator[Row]:
        yield from ((part, item, minor, each.currency) for item, minor in items)

    def given(*, is_own: bool) -> Iterator[tuple[Cell, Minor]]:
        for gift in each.gifts:
            name = names.get(gift.appeal)  # nobody has to say of which appeal a refund is
            if (name is None or (own is not None and gift.appeal == own.id)) == is_own:
                refund = PURPOSES[Purpose.REFUND] if name is None else OwnText(_REFUNDS, ("appeal", name))
                yield refund if gift.purpose is Purpose.REFUND else name, gift.minor

    yield from rows(_OPENING, ((one.account, one.opening) for one in each.held))
    yield from rows(_RESTRICTED, given(is_own=False))
    yield from rows(_UNRESTRICTED, given(is_own=True))
    yield from rows(_INCOME, [(_INCOME, each.other_income)])
    yield from rows(
        _COSTS, ((NO_CATEGORY if (of := one.category) is None else of.name, one.minor) for one in each.costs)
    )
    yield from rows(_CLOSING, ((one.account, one.closing) for one in each.held))
    proof = {
        _OPENING: each.opening,
        _ALL_INCOME: each.income,
        _ALL_COSTS: -each.spent,
        PURPOSES[Purpose.TRANSFER]: each.transfers,
        WITHOUT_PURPOSE: each.unallocated,
        _CLOSING: -each.closing,
        _RESIDUE: each.residue,
    }
    yield from rows(_PROOF, proof.items())


def _notes(period: Period, proved: Iterable[Proved], own: Appeal | None) -> Iterator[Note]:
    yield Note("accrual", _BASIS)
    if own is not None:
        yield Note("restricted_by_appeal", _BY_APPEAL, (("appeal", own.name),))
    if period.last_day < date.max and period.last_day == (due := Month.of(period.last_day)).last_day:
        for _ in range(_MONTHS_TO_REPORT):
            due = due.next
        yield Note("due", _DUE, (("day", due.last_day),))
    for each in proved:
        if each.runs and not each.anchors:
            yield Note("from_zero", _FROM_ZERO, (("account", each.number),))
