"""Figures for form INF 9 (use of gifts, donations and other income), as far as bank accounts know them.

Parts and the codes of their sums are those of the tax board's page *Vormi INF 9 esitamisest ja täitmisest* (emta.ee,
read in a stored copy in December 2026, undated): I income and costs (19050, 19170), II tax-free scholarships (19101),
III what related persons got, IV what was done, in words. Due on 1 July for the calendar year before, even if empty.
The lines inside part I were not to be found as they are today, so they are ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from donations.acts.proving import proofs
from donations.core.calendar import Period
from donations.core.language import N_
from donations.core.money import EUR
from donations.core.payment import Purpose
from donations.reports.annual import YearFigures, unallocated_note, year_figures
from donations.reports.corrections import notes_on
from donations.reports.spending import NO_CATEGORY
from donations.reports.table import Column, ColumnKind, Note, Row, Table
from donations.reports.words import OwnText, title_with_period
from donations.store.organisation import IncentiveList, said
from donations.store.session import ReadSession

COLUMNS = (
    Column("part", N_("Part of the form"), ColumnKind.TEXT),
    Column("item", N_("What"), ColumnKind.TEXT),
    Column("code", N_("Code"), ColumnKind.TEXT),
    Column("minor", N_("Amount"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
)
_GIFTS = OwnText(N_("Gifts and donations"), code="gifts")
_REFUNDS = OwnText(N_("Gifts paid back"), code="refunds")
_INCOME = OwnText(N_("Other income"), code="income")
_ALL_INCOME = OwnText(N_("Income in all"), code="all_income")
_ALL_COSTS = OwnText(N_("Costs in all"), code="all_costs")
_UNKNOWN = (
    ("II", OwnText(N_("Tax-free scholarships: the bank does not say which costs are some"), code="unknown"), "19101"),
    ("III", OwnText(N_("What related persons got: the bank does not say who they are"), code="unknown"), None),
    ("IV", OwnText(N_("What was done in the year: in your own words"), code="unknown"), None),
)
_DUE = N_("INF 9 of {year} is due on {day}, even if there is nothing to declare.")
_BASIS = N_(
    "The form goes by when money was earned and owed (RTJ 14), in euros and cents, and counts gifts of things, services"
    " and cash by their worth; the bank statement knows only what moved on the accounts."
)
_LISTED = N_("The form is about the time on the tax board’s list only. The days are said under INF 4.")
_OTHER_CURRENCY = N_("Amounts in other currencies are not converted.")


def inf9(session: ReadSession, period: Period) -> Table:
    """Return what the form asks for, part by part; what the books cannot know has no amount."""
    found = year_figures(session, period)
    return Table(
        title=title_with_period(N_("Figures for INF 9, {period}"), period),
        columns=COLUMNS,
        rows=(
            *(row for each in found for row in _known(each)),
            *((part, item, code, None, EUR) for part, item, code in _UNKNOWN),
        ),
        notes=(*_notes(session, period, found), *notes_on(session, period, proofs(session))),
    )


def _known(each: YearFigures) -> Iterator[Row]:
    def row(item: str, minor: int, code: str | None = None) -> Row:
        return ("I", item, code, minor, each.currency)

    yield row(_GIFTS, sum(gift.minor for gift in each.gifts if gift.purpose is Purpose.GIFT))
    yield row(_REFUNDS, sum(gift.minor for gift in each.gifts if gift.purpose is Purpose.REFUND))
    yield row(_INCOME, each.other_income)
    yield row(_ALL_INCOME, each.income, "19050")
    for one in each.costs:
        yield row(NO_CATEGORY if one.category is None else one.category.name, one.minor)
    yield row(_ALL_COSTS, each.spent, "19170")


def _notes(session: ReadSession, period: Period, found: list[YearFigures]) -> Iterator[Note]:
    year = period.last_day.year
    if period == Period.of(year=year):
        yield Note("due", _DUE, (("year", str(year)), ("day", date(year + 1, 7, 1))))
    yield Note("accrual", _BASIS)
    listed = said(session, IncentiveList)
    if listed is not None and any(day is not None and day in period for day in (listed.since, listed.until)):
        yield Note("listed", _LISTED)
    if any(each.currency != EUR for each in found):
        yield Note("other_currency", _OTHER_CURRENCY)
    yield from unallocated_note(found)
