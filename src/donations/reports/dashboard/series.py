"""Two years of gifts for a chart and its table, how large gifts are, and money without a purpose."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from donations.core.calendar import Month
from donations.core.donor import AppealId
from donations.core.money import EUR, Currency, Minor, minor_digits
from donations.reports.dashboard.grid import LEAST, shown
from donations.reports.regular import Band, Spread, bands, spread
from donations.store.given import GiftScope
from donations.store.giving.gift_sums import amount_sums, givers, givers_by_band, month_givers, month_sums
from donations.store.payments.movements import UnallocatedSum, unallocated_sums
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


def month_by_month(session: ReadSession, scope: GiftScope, *, with_small: bool) -> dict[Currency, MonthByMonth]:
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


def _parts(session: ReadSession, scope: GiftScope) -> Iterator[_Part]:
    return ((each.month, each.appeal, each.sum.currency, each.sum.minor) for each in month_sums(session, scope))


def _folded(session: ReadSession, scope: GiftScope) -> Iterator[_Part]:
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
