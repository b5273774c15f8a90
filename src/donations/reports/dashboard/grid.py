"""Twelve months side by side: what each donor gave, or, without names, how many gave of each year's newcomers.

A group of 1 to 4 donors is hidden. If the hidden groups together were still so few, or were only one, which the total
less the others would tell, the smallest of the others is hidden with them (primary and complementary suppression).
Where one donor may be in several groups, the hidden ones together may be no more people than the largest of them.
Groups of nobody stay: they hide nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from donations.core.calendar import Month
from donations.core.donor import DonorId
from donations.core.money import Currency, Minor
from donations.store.given import GiftScope
from donations.store.giving.givers import MonthTotal, cohort_months, donor_months, largest_givers, month_totals
from donations.store.session import ReadSession

LEAST = 5
"""The fewest donors of whom a figure is shown."""


def shown(donors: Sequence[int], *, together: Callable[[Iterable[int]], int]) -> tuple[bool, ...]:
    """Return for each part of a total, by its number of donors, whether it may be shown beside the total.

    `together` says how many people several parts are at least: `sum` where each donor is in one part, else `max`.
    """
    hidden = {at for at, each in enumerate(donors) if 0 < each < LEAST}
    others = sorted((at for at, each in enumerate(donors) if each >= LEAST), key=lambda at: donors[at])
    while hidden and others and (len(hidden) == 1 or together(donors[at] for at in hidden) < LEAST):
        hidden.add(others.pop(0))
    return tuple(at not in hidden for at in range(len(donors)))


def count_shown(donors: int) -> int | None:
    """Return a number of donors that stands alone, or None where it is small."""
    return None if 0 < donors < LEAST else donors


MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow:
    """One donor's sums, month by month."""

    donor: DonorId
    minor: tuple[Minor, ...]
    total: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Donors, the largest first, and what all donors together gave."""

    months: tuple[Month, ...]
    rows: tuple[GridRow, ...]
    totals: tuple[MonthTotal, ...]
    total: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRow:
    """Those who first gave in one year: how many of them gave, month by month."""

    year: int
    donors: tuple[int | None, ...]
    """None where they are too few to be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortGrid:
    """Donors by the year of their first gift, and all together."""

    months: tuple[Month, ...]
    rows: tuple[CohortRow, ...]
    totals: tuple[int | None, ...]


def months_until(last: Month) -> tuple[Month, ...]:
    """Return the months that a grid shows."""
    found = [last]
    while len(found) < MONTHS:
        found.insert(0, found[0].before)
    return tuple(found)


def grid(session: ReadSession, scope: GiftScope, currency: Currency, *, start: int, size: int) -> Grid:
    """Return some of the donors who gave in the months that a scope ends with."""
    months = months_until(Month.of(scope.last_day))
    donors = largest_givers(session, scope, currency, start=start, size=size)
    given = {
        (each.donor, each.month): each.minor
        for each in donor_months(session, scope, currency, [each.donor for each in donors])
    }
    totals = _totals(session, scope, currency, months)
    return Grid(
        months=months,
        rows=tuple(
            GridRow(
                donor=each.donor,
                minor=tuple(given.get((each.donor, month), 0) for month in months),
                total=each.minor,
            )
            for each in donors
        ),
        totals=totals,
        total=sum(each.minor for each in totals),
    )


def cohort_grid(session: ReadSession, scope: GiftScope, currency: Currency) -> CohortGrid:
    """Return how many donors gave in each month, by the year they first gave in; small groups are not shown.

    Each month is a total with parts of its own: over several months a group has no sum, for its donors overlap.
    """
    months = months_until(Month.of(scope.last_day))
    ever = GiftScope(first_day=date.min, last_day=scope.last_day)
    counts: defaultdict[Month, dict[int, int]] = defaultdict(dict)
    for each in cohort_months(session, scope, ever, currency):
        counts[each.month][each.year] = each.donors
    years = sorted({year for parts in counts.values() for year in parts})
    columns = [_folded([counts[month].get(year, 0) for year in years]) for month in months]
    return CohortGrid(
        months=months,
        rows=tuple(
            CohortRow(year=year, donors=tuple(column[at] for column in columns)) for at, year in enumerate(years)
        ),
        totals=tuple(count_shown(each.donors) for each in _totals(session, scope, currency, months)),
    )


def _folded(donors: Sequence[int]) -> list[int | None]:
    return [each if is_shown else None for each, is_shown in zip(donors, shown(donors, together=sum), strict=True)]


def _totals(
    session: ReadSession, scope: GiftScope, currency: Currency, months: tuple[Month, ...]
) -> tuple[MonthTotal, ...]:
    found = {each.month: each for each in month_totals(session, scope, currency)}
    return tuple(found.get(month, MonthTotal(month, 0, 0)) for month in months)
