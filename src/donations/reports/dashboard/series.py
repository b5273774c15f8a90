"""Gifts month by month: a year of each donor, two years for a chart, how large gifts are, and what has no purpose.

In the year of each donor a group of 1 to 4 donors is hidden. If the hidden groups together were still so few, or were
only one, which the total less the others would tell, the smallest of the others is hidden with them (primary and
complementary suppression). Where one donor may be in several groups, the hidden ones together may be no more people
than the largest of them. Groups of nobody stay: they hide nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId
from donations.core.money import EUR, Currency, Minor, minor_digits
from donations.reports.regular import Band, Spread, bands, spread
from donations.store.given import GiftScope
from donations.store.giving.gift_sums import amount_sums, givers, givers_by_band, month_givers, month_sums
from donations.store.giving.givers import MonthTotal, cohort_months, donor_months, largest_givers, month_totals
from donations.store.payments.movements import UnallocatedSum, unallocated_sums
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


GRID_MONTHS = 12


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
    while len(found) < GRID_MONTHS:
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


MONTHS = 24
SERIES_MAX = 5
"""More appeals than this are one series: nobody can tell more apart in a chart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One appeal through the months."""

    appeal_id: AppealId | None
    """None is all others together, and what is too small to be shown apart."""
    minor: tuple[Minor, ...]
    """One sum for each month."""

    @property
    def total(self) -> Minor:
        """The sum of all months."""
        return sum(self.minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthByMonth:
    """Gifts in one currency."""

    months: tuple[Month, ...]
    series: tuple[Series, ...]
    """The largest appeals in the order in which they were made, so that each keeps its colour; all others last."""

    @property
    def totals(self) -> tuple[Minor, ...]:
        """The sum of each month."""
        return tuple(sum(each) for each in zip(*(one.minor for one in self.series), strict=True))


_Part = tuple[Month, AppealId | None, Currency, Minor]


def month_by_month(session: ReadSession, scope: GiftScope, *, with_small: bool) -> dict[Currency, MonthByMonth]:
    """Return the months of a scope by currency; without `with_small`, small groups of donors are not shown apart."""
    parts = list(_parts(session, scope) if with_small else _in_months(session, scope))
    months = _months(Month.of(scope.first_day), Month.of(scope.last_day))
    return {
        currency: MonthByMonth(months=months, series=tuple(_series(parts, currency, months)))
        for currency in {each[2] for each in parts}
    }


def first_month(last: Month) -> Month:
    """Return the month with which the chart begins that ends with this one."""
    at = last.year * 12 + last.number - MONTHS
    return Month(at // 12, at % 12 + 1)


def _parts(session: ReadSession, scope: GiftScope) -> Iterator[_Part]:
    return ((each.month, each.appeal, each.sum.currency, each.sum.minor) for each in month_sums(session, scope))


def _in_months(session: ReadSession, scope: GiftScope) -> Iterator[_Part]:
    """Yield small groups without their appeal: each month and currency is a total with parts of its own."""
    donors: defaultdict[tuple[Month, Currency], dict[AppealId, int]] = defaultdict(dict)
    for each in month_givers(session, scope):
        donors[each.month, each.givers.currency][each.appeal] = each.givers.donors
    may_be_shown = {
        (*key, appeal)
        for key, parts in donors.items()
        for appeal, is_shown in zip(parts, shown(list(parts.values()), together=max), strict=True)
        if is_shown
    }
    for month, appeal, currency, minor in _parts(session, scope):
        yield month, appeal if (month, currency, appeal) in may_be_shown else None, currency, minor


def _series(parts: Iterable[_Part], currency: Currency, months: tuple[Month, ...]) -> Iterator[Series]:
    sums: defaultdict[AppealId | None, Counter[Month]] = defaultdict(Counter)
    for month, appeal, each, minor in parts:
        if each == currency:
            sums[appeal][month] += minor
    largest = sorted((each for each in sums if each is not None), key=lambda each: (-sums[each].total(), each))
    for appeal in sorted(largest[:SERIES_MAX]):
        yield Series(appeal_id=appeal, minor=tuple(sums[appeal][month] for month in months))
    others = sum((sums[each] for each in [*largest[SERIES_MAX:], None] if each in sums), Counter[Month]())
    if others:
        yield Series(appeal_id=None, minor=tuple(others[month] for month in months))


def _months(first: Month, last: Month) -> tuple[Month, ...]:
    found = [first]
    while found[-1] < last:
        found.append(found[-1].next)
    return tuple(found)


EDGES = (0, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Where the bands begin, in whole units of the currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The gifts in one currency."""

    currency: Currency
    spread: Spread | None
    """None where so few gave that an amount might tell who it was."""
    bands: tuple[tuple[Band, bool], ...]
    """Each with whether it may be shown."""


def amounts(session: ReadSession, scope: GiftScope, *, with_small: bool) -> tuple[Amounts, ...]:
    """Return the amounts by currency, euros first; without `with_small`, those of few donors are not to be shown."""
    counted: defaultdict[Currency, list[tuple[Minor, int]]] = defaultdict(list)
    for each in amount_sums(session, scope):
        counted[each.currency].append((each.minor, each.gifts))
    donors = {each.currency: each.donors for each in givers(session, scope)}

    def of(currency: Currency) -> Amounts:
        edges = [edge * 10 ** minor_digits(currency) for edge in EDGES]
        found = bands(counted[currency], edges)
        may_show = (True,) * len(found)
        if not with_small:
            by_band = givers_by_band(session, scope, currency, edges)
            may_show = shown([by_band.get(band.least, 0) for band in found], together=max)
        many = with_small or donors.get(currency, 0) >= LEAST
        return Amounts(
            currency=currency,
            spread=spread(counted[currency]) if many else None,
            bands=tuple(zip(found, may_show, strict=True)),
        )

    return tuple(of(each) for each in sorted(counted, key=lambda currency: (currency != EUR, currency)))


AGES = (1, 3, 12)
"""Where a new age begins, in months."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingMoney:
    """Money in one currency that waits for a purpose."""

    currency: Currency
    money_in: Minor
    money_out: Minor
    payments: int
    by_age: tuple[Minor, ...]
    """Money in and out together by how many months ago it was booked: this month, then from each of `AGES` on."""
    months: tuple[UnallocatedSum, ...]
    """The oldest first."""


def waiting(session: ReadSession, *, today: date, account_id: int | None = None) -> tuple[WaitingMoney, ...]:
    """Return what waits, by currency, euros first; nothing where everything has its purpose."""
    found = unallocated_sums(session, account_id=account_id)
    currencies = sorted({each.currency for each in found}, key=lambda currency: (currency != EUR, currency))
    return tuple(_of([each for each in found if each.currency == currency], today) for currency in currencies)


def _of(months: list[UnallocatedSum], today: date) -> WaitingMoney:
    return WaitingMoney(
        currency=months[0].currency,
        money_in=sum(each.money_in for each in months),
        money_out=sum(each.money_out for each in months),
        payments=sum(each.payments for each in months),
        by_age=_by_age(months, today),
        months=tuple(months),
    )


def _by_age(months: Iterable[UnallocatedSum], today: date) -> tuple[Minor, ...]:
    sums = [0] * (len(AGES) + 1)
    for each in months:
        age = (today.year - each.month.year) * 12 + today.month - each.month.number
        sums[sum(age >= begin for begin in AGES)] += each.money_in + each.money_out
    return tuple(sums)
