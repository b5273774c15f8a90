"""Money given for one thing only: what came, what was spent as meant and is income by that, and what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from donations.acts.proving import proofs
from donations.core.calendar import Period
from donations.core.language import N_
from donations.core.money import Currency, Minor
from donations.reports.corrections import notes_on
from donations.reports.table import Cell, Column, ColumnKind, Note, Row, Table
from donations.reports.words import TOTAL, title_with_period
from donations.store.donors import people
from donations.store.giving.gift_sums import kept_by_appeal
from donations.store.organisation import paper_settings
from donations.store.restricted import RestrictedMoney
from donations.store.session import ReadSession
from donations.store.spending import costs

COLUMNS = (
    Column("appeal", N_("Appeal"), ColumnKind.TEXT),
    Column("before", N_("Left at the start"), ColumnKind.MINOR),
    Column("given", N_("Given, less refunds"), ColumnKind.MINOR),
    Column("spent", N_("Spent on it"), ColumnKind.MINOR),
    Column("income", N_("Income"), ColumnKind.MINOR),
    Column("left", N_("Left at the end"), ColumnKind.MINOR),
    Column("currency", N_("Currency"), ColumnKind.CURRENCY),
)
_HOW = Note(
    "restricted_money",
    N_(
        "Gifts that may be spent on one thing only are income once they are spent on it (RTJ 14). Spent is what the "
        "categories of an appeal cost, from the first day of these books on; a cost is never parted between two "
        "appeals. What was spent beyond what was given was paid from other money, and becomes income when gifts follow."
    ),
)
_NONE = Note(
    "nothing_restricted", N_("No appeal’s gifts are restricted: that is said with the appeal, in the settings.")
)

_Sums = Counter[tuple[int, Currency]]


def restricted_money(session: ReadSession, period: Period) -> Table:
    """Return a row for each appeal whose gifts are restricted, and currency."""
    said = paper_settings(session, RestrictedMoney)
    names = {int(each.id): each.name for each in people.appeals(session) if said.of(each.id) is not None}
    rows = tuple(_rows(session, period, said, names)) if names else ()
    return Table(
        title=title_with_period(N_("Restricted money, {period}"), period),
        columns=COLUMNS,
        rows=rows,
        totals=tuple(_total(rows, currency) for currency in dict.fromkeys(row[-1] for row in rows)),
        notes=(_HOW if names else _NONE, *notes_on(session, period, proofs(session))),
    )


def _rows(session: ReadSession, period: Period, said: RestrictedMoney, names: dict[int, str]) -> Iterator[Row]:
    appeal_of = {category: appeal for appeal, each in said.categories.items() for category in each}
    before = period.first_day - timedelta(days=1) if period.first_day > date.min else None
    given_before = _Sums() if before is None else _given(session, before)
    given = _given(session, period.last_day)
    spent_before, spent = _Sums(), _Sums()
    for cost in costs(session, last_day=period.last_day):
        appeal = appeal_of.get(cost.category or 0)
        if appeal is not None:
            spent[appeal, cost.currency] += cost.minor
            if cost.booked_on < period.first_day:
                spent_before[appeal, cost.currency] += cost.minor
    for key in sorted({*given, *spent}, key=lambda each: (each[0], each[1] != "EUR", each[1])):
        if key[0] in names:
            left_before = _left(given_before[key], spent_before[key])
            now = given[key] - given_before[key], spent[key] - spent_before[key]
            left = _left(given[key], spent[key])
            yield names[key[0]], left_before, *now, left_before + now[0] - left, left, key[1]


def _total(rows: Sequence[Row], currency: Cell) -> Row:
    own = [row[1:-1] for row in rows if row[-1] == currency]
    return (
        TOTAL,
        *(sum(each for each in column if isinstance(each, int)) for column in zip(*own, strict=True)),
        currency,
    )


def _given(session: ReadSession, last_day: date) -> _Sums:
    return _Sums(kept_by_appeal(session, last_day=last_day))


def _left(given: Minor, spent: Minor) -> Minor:
    """Return what of all that was given is not spent; other money paid what was spent beyond it."""
    return max(0, given - spent)
