"""What one statement has stated before it is checked: its figures, and the days and moments that can be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import cached_property

from donations.core.calendar import TALLINN, names_a_day
from donations.core.lines import Lines
from donations.core.money import Balance, Currency, Minor
from donations.core.problem import Problem, ProblemCode
from donations.core.statement import BalancePoint, StatedBalance, StatedTotal, StatementStart

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_OFX = re.compile(
    r"(\d{8})(\d{4}(?:\d{2})?)?(?:\.\d{1,6})?\s*(?:\[([+-]?\d{1,2})(?:\.(\d{1,2}))?(?::[A-Z]{1,5})?\])?", re.ASCII
)


def iso_moment(text: str) -> datetime | None:
    """Return the moment that ISO 8601 text states, in Estonian time where it names no zone; None where it is none."""
    if _ISO.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=TALLINN)


def ofx_moment(text: str) -> datetime | None:
    """Return the moment that OFX text states (`20260331120405.000[+2:EET]`), in GMT where it names no zone.

    A day alone is its first second (OFX 1.6, 3.2.8.2); None where it is no moment.
    """
    found = _OFX.fullmatch(text.strip())
    if found is None:
        return None
    hours, hundredths = int(found[3] or 0), int((found[4] or "0").ljust(2, "0"))
    sign = -1 if (found[3] or "").startswith("-") else 1
    try:
        zone = timezone(timedelta(hours=hours, minutes=sign * (hundredths * 60 // 100)))
        return datetime.strptime(found[1] + (found[2] or "").ljust(6, "0"), "%Y%m%d%H%M%S").replace(tzinfo=zone)
    except ValueError:
        return None


def inside(day: date) -> datetime:
    """Return what stands for a moment in a day that the file does not name: the second minute, before any other."""
    return datetime.combine(day, time(0, 2), TALLINN)


def made_at(stated: Iterable[datetime | None], *, last_day: date | None) -> datetime | None:
    """Return when a statement was made: the first that is a moment, where the nearest to the statement comes first.

    One that only names a day counts if that day lies behind the statement's last one: earlier it was not made. Of a
    day inside the period nobody knows at what time of it.
    """
    known = [moment for moment in stated if moment is not None]
    for moment in known:
        if not names_a_day(moment):
            return moment
    return next((moment for moment in known if last_day is not None and moment.date() > last_day), None)


@dataclass(kw_only=True)  # no slots, for the figures are kept beside the fields
class CollectedStatement:
    """One statement while it is collected, and then while it is checked: the figures are asked for when it is whole."""

    start: StatementStart
    lines: Lines = field(default_factory=Lines)
    balances: list[StatedBalance] = field(default_factory=list)
    totals: list[StatedTotal] = field(default_factory=list)
    zero_lines: int = 0

    @cached_property
    def moved(self) -> Minor:
        """What all lines moved."""
        return sum(self.lines.minors)

    @cached_property
    def currency(self) -> Currency | None:
        """The stated currency, else that of the first line or balance."""
        if self.start.currency is not None:
            return self.start.currency
        stated = [said.currency for said in self.lines.sayings[:1]]
        stated += [balance.balance.currency for balance in self.balances[:1]]
        return stated[0] if stated else None

    def stated(self, point: BalancePoint) -> list[StatedBalance]:
        """Return the balances of one point."""
        return [balance for balance in self.balances if balance.point is point]

    @property
    def opening(self) -> Balance | None:
        """The first opening balance; pages of one statement state others in between."""
        found = self.stated(BalancePoint.OPENING)
        return found[0].balance if found else None

    @property
    def closing(self) -> Balance | None:
        """The last closing balance."""
        found = self.stated(BalancePoint.CLOSING)
        return found[-1].balance if found else None

    @property
    def imbalance(self) -> Minor | None:
        """The closing balance less opening and lines; None where one of the two is not stated."""
        if self.opening is None or self.closing is None:
            return None
        return self.closing.minor - self.opening.minor - self.moved


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


def check_period(draft: CollectedStatement, *, today: date) -> Iterator[Problem]:
    """Report lines outside the stated period: each is a damaged date, unless the balances count it.

    Then it is a notice, where the line is near (banks were seen to put bookings of a month's last day into the next
    month's statement), and where the period is one day or the night between two: some banks write the day of the
    download there. That lets go: what counts is the days of the lines and of the closing balance.
    """
    first, last = draft.start.first_day, draft.start.last_day
    if first is None or last is None:
        return
    days = {day for day in set(draft.lines.days) if not first <= day <= last and is_believable(day, today=today)}
    if not days:
        return
    outside = [(row, day) for row, day in zip(draft.lines.rows, draft.lines.days, strict=True) if day in days]
    is_proven = draft.imbalance == 0
    if is_proven and _are_near(days, first=first, last=last):
        yield Problem.of(ProblemCode.PERIOD_WIDENED, count=len(outside), first=first, last=last)
    elif is_proven and last - first <= DOWNLOAD_MAX and _are_before_the_end(draft, days, day=last):
        _let_go(draft)
        yield Problem.of(ProblemCode.PERIOD_WIDENED, count=len(outside), first=first, last=last)
    else:
        for row, day in outside:
            yield Problem.of(ProblemCode.DATE_OUTSIDE_PERIOD, line=row, day=day, first=first, last=last)


def _are_near(days: set[date], *, first: date, last: date) -> bool:
    return all(first - PERIOD_SLACK <= each <= last + PERIOD_SLACK for each in days)


def _are_before_the_end(draft: CollectedStatement, days: set[date], *, day: date) -> bool:
    """Whether no line is later than the balance that counts it, and none of another year."""
    closing = draft.stated(BalancePoint.CLOSING)[-1].on
    end = max(day, closing or day)
    return all(end - PERIOD_MAX <= each <= end for each in days)


def _let_go(draft: CollectedStatement) -> None:
    """Forget the period; an opening balance dated by it held before the first line."""
    begins = min(draft.lines.days)
    provenance = replace(draft.start.provenance, begins_at=None, ends_at=None)
    draft.start = replace(draft.start, first_day=None, last_day=None, provenance=provenance)
    draft.balances = [
        replace(each, on=begins) if each.point is BalancePoint.OPENING and each.on and each.on > begins else each
        for each in draft.balances
    ]
