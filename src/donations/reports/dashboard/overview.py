"""The first dashboard: a month so far, what it is compared with, the year, two years month by month, and what comes."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from donations.core.calendar import Month
from donations.core.money import EUR, Currency, Minor
from donations.ledger.rhythm import SLACK, Every
from donations.reports.dashboard.series import MonthByMonth, count_shown, first_month, month_by_month
from donations.store.given import GiftScope
from donations.store.giving.gift_sums import GiftSum, givers, sums
from donations.store.giving.regular_gifts import DueSum, OpenSum, due_sums, open_sums
from donations.store.session import ReadSession
from donations.store.statements.coverage import CoveredDays


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days in a row, both ends included."""

    first_day: date
    last_day: date

    @property
    def is_month(self) -> bool:
        """Whether it is one whole month."""
        month = Month.of(self.first_day)
        return (self.first_day, self.last_day) == (month.first_day, month.last_day)

    @property
    def ends_a_month(self) -> bool:
        """Whether the last day is the last one of its month."""
        return self.last_day == Month.of(self.last_day).last_day


@dataclass(frozen=True, slots=True)
class Spans:
    """What is compared; whole months with whole months, parts of one with the same days."""

    month: DayRange
    month_before: DayRange
    same_days_before: DayRange
    year_before: DayRange
    """The same days of the same month a year before."""
    year: DayRange
    """From the first of January on."""
    year_before_so_far: DayRange


def spans(month: Month, until: date) -> Spans:
    """Return the days of a month up to one of its days, and those to compare them with."""
    before, last_year = month.before, Month(month.year - 1, month.number)
    january, january_before = date(month.year, 1, 1), date(month.year - 1, 1, 1)
    return Spans(
        month=DayRange(month.first_day, until),
        month_before=DayRange(before.first_day, before.last_day),
        same_days_before=DayRange(before.first_day, _same_day(month, until, before)),
        year_before=DayRange(last_year.first_day, _same_day(month, until, last_year)),
        year=DayRange(january, until),
        year_before_so_far=DayRange(january_before, _same_day(month, until, last_year)),
    )


def _same_day(month: Month, until: date, other: Month) -> date:
    """Return the same day of another month; the end of one month is the end of the other."""
    days = monthrange(other.year, other.number)[1]
    return other.last_day if until == month.last_day else other.first_day.replace(day=min(until.day, days))


@dataclass(frozen=True, slots=True)
class SumDifference:
    """How much more or less a sum is than another."""

    size: Minor
    percent: int | None
    """Of the other, rounded half up; None where that was nothing."""
    is_more: bool


def difference(now: Minor, then: Minor) -> SumDifference:
    """Return the difference of two sums."""
    size = abs(now - then)
    return SumDifference(size, (200 * size + then) // (2 * then) if then else None, now > then)


MONTHS_JUDGED_MAX = 12
MONTHS_JUDGED_MIN = 3
"""With fewer past months a range would be a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What came in past months of each hundred that were expected, at worst and at best, and what that means now."""

    months: int
    worst_percent: int
    best_percent: int
    low: Minor
    high: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What regular gifts should bring in a month, in one currency."""

    month: Month
    currency: Currency
    minor: Minor
    gifts: int
    range: Range | None
    """None with too few past months to judge by."""


def expected_in(session: ReadSession, month: Month, covered: CoveredDays, only: GiftScope) -> tuple[Expected, ...]:
    """Return what is expected in a month, of the appeal and account of `only`; nothing without regular gifts.

    Who was missed is not expected any more; whose last gift cannot be judged yet, is.
    """
    scope = _scope(month.before.first_day, month.last_day, only)
    first_judged = month
    for _ in range(MONTHS_JUDGED_MAX):
        first_judged = first_judged.before
    past = due_sums(session, _scope(first_judged.first_day, month.before.last_day, only))
    judged = [each for each in past if covered.is_whole(each.month.first_day - SLACK, each.month.last_day + SLACK)]
    minor: defaultdict[Currency, Minor] = defaultdict(int)
    gifts: defaultdict[Currency, int] = defaultdict(int)
    for each in _due_in(month, open_sums(session, scope), covered):
        minor[each.currency] += each.minor
        gifts[each.currency] += each.gifts
    return tuple(
        Expected(
            month=month,
            currency=currency,
            minor=minor[currency],
            gifts=gifts[currency],
            range=_range(minor[currency], [each for each in judged if each.currency == currency]),
        )
        for currency in minor
    )


def _scope(first_day: date, last_day: date, only: GiftScope) -> GiftScope:
    return GiftScope(first_day=first_day, last_day=last_day, appeal_id=only.appeal_id, account_id=only.account_id)


def _due_in(month: Month, due: Sequence[OpenSum], covered: CoveredDays) -> Iterator[OpenSum]:
    for each in due:
        if each.due >= month.first_day or (
            each.every is Every.MONTH and not covered.has_passed(each.account_id, each.due)
        ):
            yield each


def _range(minor: Minor, past: Sequence[DueSum]) -> Range | None:
    """Return the range; its ends are rounded away from each other, to whole percents and minor units."""
    judged = [each for each in past if each.expected]
    if len(judged) < MONTHS_JUDGED_MIN:
        return None
    worst = min(100 * each.came // each.expected for each in judged)
    best = max(-(-100 * each.came // each.expected) for each in judged)
    return Range(
        months=len(judged),
        worst_percent=worst,
        best_percent=best,
        low=minor * worst // 100,
        high=-(-minor * best // 100),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSum:
    """What was given on some days, and by how much more was given on those that they are compared with."""

    span: DayRange
    minor: Minor
    difference: SumDifference
    is_covered: bool
    """Whether statements of these days are there: without them a difference says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyOverview:
    """Everything in one currency."""

    month: GiftSum
    donors: int | None
    """Who gave this month; None where they are too few to be counted."""
    month_before: GiftSum
    same_days_before: ComparedSum | None
    year_before: ComparedSum | None
    year: GiftSum
    year_before_so_far: ComparedSum | None
    """These three are None where they end within a month: looked at on two days, they would tell the gifts between."""
    chart: MonthByMonth | None
    due: DueSum | None
    """What was expected of regular gifts this month, and what came; None where nothing was."""
    expected: Expected | None
    """Next month; None without regular gifts, and where the month is not the last one with statements."""

    @property
    def currency(self) -> Currency:
        """The currency of all amounts."""
        return self.month.currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The figures of a month; currencies are never added."""

    spans: Spans
    is_so_far: bool
    """Whether statements do not reach to the end of the month yet."""
    is_covered: bool
    """Whether they cover all of its days up to there."""
    currencies: tuple[CurrencyOverview, ...]
    """Euros first."""


def overview(
    session: ReadSession, month: Month, covered: CoveredDays, only: GiftScope, *, with_small: bool
) -> Overview:
    """Return the figures of a month up to the last day that statements cover, of the appeal and account of `only`.

    Without `with_small`, appeals with few donors in a month are counted among the others, what is about few donors is
    left out, and parts of months are not compared.
    """
    last_day = covered.last_day or month.last_day
    until = min(max(last_day, month.first_day), month.last_day)
    compared = spans(month, until)
    this_month = _within(compared.month, only)
    figures = _Figures(
        spans=compared,
        covered=covered,
        sums={span: {each.currency: each for each in sums(session, _within(span, only))} for span in _all(compared)},
        donors={
            each.currency: each.donors if with_small else count_shown(each.donors)
            for each in givers(session, this_month)
        },
        with_small=with_small,
        charts=month_by_month(
            session, _within(DayRange(first_month(month).first_day, until), only), with_small=with_small
        ),
        due={each.currency: each for each in due_sums(session, this_month) if with_small or tells_nobody(each)},
        expected={
            each.currency: each
            for each in (expected_in(session, month.next, covered, only) if Month.of(last_day) <= month else ())
            if with_small or count_shown(each.gifts)
        },
    )
    return Overview(
        spans=compared,
        is_so_far=until < month.last_day,
        is_covered=covered.is_whole(month.first_day, until),
        currencies=figures.by_currency(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """What was found, to be put together currency by currency."""

    spans: Spans
    covered: CoveredDays
    sums: Mapping[DayRange, Mapping[Currency, GiftSum]]
    donors: Mapping[Currency, int | None]
    with_small: bool
    charts: Mapping[Currency, MonthByMonth]
    due: Mapping[Currency, DueSum]
    expected: Mapping[Currency, Expected]

    def by_currency(self) -> tuple[CurrencyOverview, ...]:
        found = {*self.charts, *self.expected, *(each for by_currency in self.sums.values() for each in by_currency)}
        return tuple(self._of(each) for each in sorted(found, key=lambda currency: (currency != EUR, currency)))

    def _of(self, currency: Currency) -> CurrencyOverview:
        return CurrencyOverview(
            month=self._sum(self.spans.month, currency),
            donors=self.donors.get(currency, 0),
            month_before=self._sum(self.spans.month_before, currency),
            same_days_before=self._compared(self.spans.month, self.spans.same_days_before, currency),
            year_before=self._compared(self.spans.month, self.spans.year_before, currency),
            year=self._sum(self.spans.year, currency),
            year_before_so_far=self._compared(self.spans.year, self.spans.year_before_so_far, currency),
            chart=self.charts.get(currency),
            due=self.due.get(currency),
            expected=self.expected.get(currency),
        )

    def _sum(self, span: DayRange, currency: Currency) -> GiftSum:
        return self.sums[span].get(currency, GiftSum(currency, 0, 0))

    def _compared(self, now: DayRange, then: DayRange, currency: Currency) -> ComparedSum | None:
        if not (self.with_small or then.ends_a_month):
            return None
        minor = self._sum(then, currency).minor
        return ComparedSum(
            span=then,
            minor=minor,
            difference=difference(self._sum(now, currency).minor, minor),
            is_covered=self.covered.is_whole(then.first_day, then.last_day),
        )


def tells_nobody(due: DueSum) -> bool:
    """Whether neither those whose gifts came nor those whose did not are so few that one might be told."""
    return bool(count_shown(due.gifts_came)) and count_shown(due.gifts_expected - due.gifts_came) is not None


def _all(compared: Spans) -> set[DayRange]:
    return {getattr(compared, each.name) for each in fields(compared)}


def _within(span: DayRange, only: GiftScope) -> GiftScope:
    return GiftScope(
        first_day=span.first_day, last_day=span.last_day, appeal_id=only.appeal_id, account_id=only.account_id
    )
