"""Months with what each comes to, frozen where it is closed: those of a year, and one as terminal and API show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from donations.acts.proving import Proved, proofs
from donations.core.calendar import Month, Period, months_between
from donations.ledger.figures import Figures
from donations.ledger.obstacles import MonthToClose, Obstacle, OpenAccount, SetAside, obstacles, read
from donations.ledger.payouts import payouts
from donations.reports.month import figures, figures_by_month
from donations.reports.obstacles import money_under_way, obstacles_in_words, set_aside_in_words
from donations.store.donors import people
from donations.store.months import (
    Closing,
    changes,
    closed_months,
    closings_in_force,
    count_corrections,
    first_open_month,
)
from donations.store.payments.payouts import provider_movements
from donations.store.payments.questions import open_days
from donations.store.session import ReadSession
from donations.store.statements.findings import questions_between
from donations.views.formats import account
from donations.views.month import ChangeView, ClosingView, MonthView, change_views, closing_view, month_view
from donations.views.phrases import Teller


def month_obstacles(
    session: ReadSession, month: Month, *, proved: Sequence[Proved], today: date
) -> tuple[Figures, tuple[Obstacle, ...]]:
    """Return the figures of a month and what is in the way of closing it on this day (Europe/Tallinn)."""
    found = figures(session, month, proved)
    days = Period(month.first_day, month.last_day)
    standing = MonthToClose(
        is_closed=month in closed_months(session),
        is_over=month.last_day < today,
        earlier_open=first_open_month(session, before=month),
        accounts=tuple(
            OpenAccount(account=each.number, currency=each.currency, runs=tuple(each.open_runs(days)))
            for each in proved
        ),
        late=tuple(
            each
            for each in money_under_way(session, proved, today=today)
            if each.is_in_the_way and each.side.booked_on in days
        ),
        payouts=tuple(
            each
            for each in payouts(provider_movements(session), last_day=month.last_day)
            if each.lacks_lines and each.day is not None and each.day in days
        ),
        disagreements=sum(each.booked_on in days for each in questions_between(session)),
    )
    return found, obstacles(found, standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine:
    """One month in the list."""

    month: Month
    figures: Figures
    closing: Closing | None
    """None where the month is open."""
    corrections: int
    """That came after the closing."""
    questions: int
    """Payments that have money without a purpose now, whatever was frozen."""

    @property
    def set_aside(self) -> list[SetAside]:
        """What was in the way when it was closed."""
        return [] if self.closing is None else read(self.closing.seal.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsOfYear:
    """A page of the list."""

    year: int
    years: tuple[int, ...]
    """Every year that a statement covers."""
    lines: tuple[MonthLine, ...]
    """The newest first."""


def months_of_year(session: ReadSession, year: int | None) -> MonthsOfYear:
    """Return the months of a year that a statement covers; without a year, of the last one that has any."""
    proved = proofs(session)
    years = _years(proved)
    chosen = year if year is not None else max(years, default=0)
    period = Period.of(year=chosen) if chosen else Period()
    closed = closings_in_force(session, first_day=period.first_day, last_day=period.last_day)
    counts = count_corrections(session, closed.values())
    open_months = _open_months(proved, period, closed)
    asked = Counter(map(Month.of, open_days(session)))
    now = figures_by_month(session, _span(open_months), proved) if open_months else {}
    lines = [
        *(
            MonthLine(month=one, figures=now[one], closing=None, corrections=0, questions=asked[one])
            for one in open_months
        ),
        *(
            MonthLine(
                month=one,
                figures=closing.figures,
                closing=closing,
                corrections=counts.get(closing.id, 0),
                questions=asked[one],
            )
            for one, closing in closed.items()
        ),
    ]
    lines.sort(key=lambda line: line.month, reverse=True)
    return MonthsOfYear(year=chosen, years=years, lines=tuple(lines))


def _open_months(proved: Sequence[Proved], period: Period, closed: Collection[Month]) -> list[Month]:
    """Return the months of the period that a statement covers and that are not closed, in order."""
    covered = {
        Month.of(days.first_day)
        for each in proved
        if each.covered is not None
        for days in months_between(each.covered.first_day, each.covered.last_day)
        if period.touches(days.first_day, days.last_day)
    }
    return sorted(covered - set(closed))


def _span(found: Sequence[Month]) -> Period:
    """Return the days from the first to the last: what is closed needs no counting, and it is most of the year."""
    return Period(found[0].first_day, found[-1].last_day)


def _years(proved: Sequence[Proved]) -> tuple[int, ...]:
    covered = [each.covered for each in proved if each.covered is not None]
    return tuple(sorted({year for days in covered for year in range(days.first_day.year, days.last_day.year + 1)}))


def month_shown(session: ReadSession, month: Month, teller: Teller, *, today: date) -> MonthView:
    """Return a month on this day (Europe/Tallinn)."""
    proved = proofs(session)
    found, in_the_way = month_obstacles(session, month, proved=proved, today=today)
    ways = obstacles_in_words(session, in_the_way, proved, account)
    closing = closings_in_force(session, first_day=month.first_day, last_day=month.last_day).get(month)
    after = [] if closing is None else [closing]
    return month_view(
        month,
        found,
        [(way.obstacle, teller.tell(way.phrase)) for way in ways],
        closing=None if closing is None else closing_shown(closing, teller),
        corrections=sum(count_corrections(session, after).values()),
        changed=[] if closing is None else changed_since(session, closing),
    )


def closing_shown(closing: Closing, teller: Teller) -> ClosingView:
    """Return how a month was closed."""
    return closing_view(closing, [(each, teller.tell(set_aside_in_words(each))) for each in read(closing.seal.reason)])


def changed_since(session: ReadSession, closing: Closing) -> list[ChangeView]:
    """Return the figures of a closed month that are others now."""
    since = changes(session, [closing]).get(closing.id, [])
    return change_views(closing.figures, since, people.appeals(session))
