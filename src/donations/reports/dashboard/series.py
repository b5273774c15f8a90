"""Two years of gifts, month by month and appeal by appeal, for a chart and its table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from donations.core.donor import AppealId
from donations.core.money import Currency, Minor
from donations.core.month import Month
from donations.reports.dashboard.folding import shown
from donations.store.given import Scope
from donations.store.giving.gift_sums import month_givers, month_sums
from donations.store.session import ReadSession

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


def month_by_month(session: ReadSession, scope: Scope, *, with_small: bool) -> dict[Currency, MonthByMonth]:
    """Return the months of a scope by currency; without `with_small`, small groups of donors are not shown apart."""
    parts = list(_parts(session, scope) if with_small else _folded(session, scope))
    months = _months(Month.of(scope.first_day), Month.of(scope.last_day))
    return {
        currency: MonthByMonth(months=months, series=tuple(_series(parts, currency, months)))
        for currency in {each[2] for each in parts}
    }


def first_month(last: Month) -> Month:
    """Return the month with which the chart begins that ends with this one."""
    at = last.year * 12 + last.number - MONTHS
    return Month(at // 12, at % 12 + 1)


def _parts(session: ReadSession, scope: Scope) -> Iterator[_Part]:
    return ((each.month, each.appeal, each.sum.currency, each.sum.minor) for each in month_sums(session, scope))


def _folded(session: ReadSession, scope: Scope) -> Iterator[_Part]:
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
