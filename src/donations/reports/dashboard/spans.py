"""Days that are compared with each other: a month so far with the same days of the month and of the year before."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from donations.core.money import Minor
from donations.core.month import Month


@dataclass(frozen=True, slots=True)
class Span:
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

    month: Span
    month_before: Span
    same_days_before: Span
    year_before: Span
    """The same days of the same month a year before."""
    year: Span
    """From the first of January on."""
    year_before_so_far: Span


def spans(month: Month, until: date) -> Spans:
    """Return the days of a month up to one of its days, and those to compare them with."""
    before, last_year = month.before, Month(month.year - 1, month.number)
    january, january_before = date(month.year, 1, 1), date(month.year - 1, 1, 1)
    return Spans(
        month=Span(month.first_day, until),
        month_before=Span(before.first_day, before.last_day),
        same_days_before=Span(before.first_day, _same_day(month, until, before)),
        year_before=Span(last_year.first_day, _same_day(month, until, last_year)),
        year=Span(january, until),
        year_before_so_far=Span(january_before, _same_day(month, until, last_year)),
    )


def _same_day(month: Month, until: date, other: Month) -> date:
    """Return the same day of another month; the end of one month is the end of the other."""
    days = monthrange(other.year, other.number)[1]
    return other.last_day if until == month.last_day else other.first_day.replace(day=min(until.day, days))


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more or less a sum is than another."""

    size: Minor
    percent: int | None
    """Of the other, rounded half up; None where that was nothing."""
    is_more: bool


def difference(now: Minor, then: Minor) -> Difference:
    """Return the difference of two sums."""
    size = abs(now - then)
    return Difference(size, (200 * size + then) // (2 * then) if then else None, now > then)
