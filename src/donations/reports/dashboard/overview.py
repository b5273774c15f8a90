"""The first dashboard: a month so far, what it is compared with, the year, two years month by month, and what comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from donations.core.money import EUR, Currency, Minor
from donations.core.month import Month
from donations.reports.dashboard.expected import Expected, expected_in
from donations.reports.dashboard.folding import count_shown
from donations.reports.dashboard.series import MonthByMonth, first_month, month_by_month
from donations.reports.dashboard.spans import Difference, Span, Spans, difference, spans
from donations.store.given import Scope
from donations.store.giving.gift_sums import GiftSum, givers, sums
from donations.store.giving.regular_gifts import DueSum, due_sums
from donations.store.session import ReadSession
from donations.store.statements.covered_days import CoveredDays


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What was given on some days, and by how much more was given on those that they are compared with."""

    span: Span
    minor: Minor
    difference: Difference
    is_covered: bool
    """Whether statements of these days are there: without them a difference says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyOverview:
    """Everything in one currency."""

    month: GiftSum
    donors: int | None
    """Who gave this month; None where they are too few to be counted."""
    month_before: GiftSum
    same_days_before: Compared | None
    year_before: Compared | None
    year: GiftSum
    year_before_so_far: Compared | None
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


def overview(session: ReadSession, month: Month, covered: CoveredDays, only: Scope, *, with_small: bool) -> Overview:
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
        charts=month_by_month(session, _within(Span(first_month(month).first_day, until), only), with_small=with_small),
        due={each.currency: each for each in due_sums(session, this_month) if with_small or _tells_nobody(each)},
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
    sums: Mapping[Span, Mapping[Currency, GiftSum]]
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

    def _sum(self, span: Span, currency: Currency) -> GiftSum:
        return self.sums[span].get(currency, GiftSum(currency, 0, 0))

    def _compared(self, now: Span, then: Span, currency: Currency) -> Compared | None:
        if not (self.with_small or then.ends_a_month):
            return None
        minor = self._sum(then, currency).minor
        return Compared(
            span=then,
            minor=minor,
            difference=difference(self._sum(now, currency).minor, minor),
            is_covered=self.covered.is_whole(then.first_day, then.last_day),
        )


def _tells_nobody(due: DueSum) -> bool:
    """Whether neither those whose gifts came nor those whose did not are so few that one might be told."""
    return bool(count_shown(due.gifts_came)) and count_shown(due.gifts_expected - due.gifts_came) is not None


def _all(compared: Spans) -> set[Span]:
    return {getattr(compared, each.name) for each in fields(compared)}


def _within(span: Span, only: Scope) -> Scope:
    return Scope(first_day=span.first_day, last_day=span.last_day, appeal_id=only.appeal_id, account_id=only.account_id)
