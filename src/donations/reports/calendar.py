"""A year of an account as a calendar: for each month strips of days in a row that have one state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from donations.core.period import Period, months_between
from donations.identity.proof import DayState, Run

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Strip:
    """Days in a row of one month that have one state; without a state no statement reaches to them."""

    first_day: date
    last_day: date
    state: DayState | None

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last_day - self.first_day) // _DAY + 1


@dataclass(frozen=True, slots=True)
class MonthStrips:
    """A month, cut into strips that cover each of its days once."""

    first_day: date
    strips: tuple[Strip, ...]

    @property
    def missing(self) -> int:
        """How many days the month has less than 31, for a table in which all months are equally wide."""
        return 31 - self.strips[-1].last_day.day


def year_of(known: Sequence[Run], year: int) -> tuple[MonthStrips, ...]:
    """Return the twelve months of a year; `known` are runs in the order of time that do not overlap."""
    return tuple(
        MonthStrips(month.first_day, tuple(_strips(known, month)))
        for month in months_between(date(year, 1, 1), date(year, 12, 31))
    )


def _strips(known: Sequence[Run], month: Period) -> Iterator[Strip]:
    at = month.first_day
    for run in known:
        first, last = max(run.first_day, month.first_day), min(run.last_day, month.last_day)
        if first > last:
            continue
        if at < first:
            yield Strip(at, first - _DAY, None)
        yield Strip(first, last, run.state)
        at = last + _DAY
    if at <= month.last_day:
        yield Strip(at, month.last_day, None)
