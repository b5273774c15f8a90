"""Days that can be: of a line, and of a statement whose lines and balances may contradict the period it states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from donations.core.problem import Problem, ProblemCode
from donations.core.statement import BalancePoint, StatementLine
from donations.readers.draft import Draft

FIRST_BELIEVABLE_DAY = date(2000, 1, 1)
DAYS_AHEAD_MAX = 2
"""Banks in other time zones and value-dated bookings may be ahead of us; further ahead is a damaged date."""
PERIOD_SLACK = timedelta(days=3)
"""How far outside its stated period a statement's line may be dated where the balances count it."""
DOWNLOAD_MAX = timedelta(days=1)
"""From the first to the last day of a period that may only be the day of the download."""
PERIOD_MAX = timedelta(days=366)
"""How far before a day that a statement calls its period its lines may be."""


def is_believable(day: date, *, today: date) -> bool:
    """Whether a line can be of this day."""
    return FIRST_BELIEVABLE_DAY <= day <= today + timedelta(days=DAYS_AHEAD_MAX)


def check_period(draft: Draft, *, today: date) -> Iterator[Problem]:
    """Report lines outside the stated period: each is a damaged date, unless the balances count it.

    Then it is a notice, where the line is near (banks were seen to put bookings of a month's last day into the next
    month's statement), and where the period is one day or the night between two: some banks write the day of the
    download there. That lets go: what counts is the days of the lines and of the closing balance.
    """
    first, last = draft.start.first_day, draft.start.last_day
    if first is None or last is None:
        return
    outside = [line for line in draft.lines if not first <= line.booked_on <= last]
    outside = [line for line in outside if is_believable(line.booked_on, today=today)]
    if not outside:
        return
    is_proven = draft.imbalance == 0
    if is_proven and _are_near(outside, first=first, last=last):
        yield Problem.of(ProblemCode.PERIOD_WIDENED, count=len(outside), first=first, last=last)
    elif is_proven and last - first <= DOWNLOAD_MAX and _are_before_the_end(draft, outside, day=last):
        _let_go(draft)
        yield Problem.of(ProblemCode.PERIOD_WIDENED, count=len(outside), first=first, last=last)
    else:
        for line in outside:
            day = line.booked_on
            yield Problem.of(ProblemCode.DATE_OUTSIDE_PERIOD, line=line.row, day=day, first=first, last=last)


def _are_near(outside: list[StatementLine], *, first: date, last: date) -> bool:
    return all(first - PERIOD_SLACK <= line.booked_on <= last + PERIOD_SLACK for line in outside)


def _are_before_the_end(draft: Draft, outside: list[StatementLine], *, day: date) -> bool:
    """Whether no line is later than the balance that counts it, and none of another year."""
    closing = draft.stated(BalancePoint.CLOSING)[-1].on
    end = max(day, closing or day)
    return all(end - PERIOD_MAX <= line.booked_on <= end for line in outside)


def _let_go(draft: Draft) -> None:
    """Forget the period; an opening balance dated by it held before the first line."""
    begins = min(line.booked_on for line in draft.lines)
    provenance = replace(draft.start.provenance, begins_at=None, ends_at=None)
    draft.start = replace(draft.start, first_day=None, last_day=None, provenance=provenance)
    draft.balances = [
        replace(each, on=begins) if each.point is BalancePoint.OPENING and each.on and each.on > begins else each
        for each in draft.balances
    ]
