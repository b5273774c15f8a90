"""The days that a report is about: a month, a year, or all."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """Booking dates from the first to the last day, both included."""

    first_day: date = date.min
    last_day: date = date.max

    @classmethod
    def of(cls, *, year: int | None = None, month: int | None = None) -> Period:
        """Return a month, a year, or all time; raises `ValueError` for a month without a year, or one that is none."""
        if year is None:
            if month is not None:
                raise ValueError("A month needs its year.")
            return cls()
        if month is None:
            return cls(date(year, 1, 1), date(year, 12, 31))
        return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]))

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def __str__(self) -> str:
        """Return `2026-03`, `2026`, `all time`, or the two days."""
        first, last = self.first_day, self.last_day
        if (first, last) == (date.min, date.max):
            return "all time"
        if (first.day, last) == (1, _last_day_of_month(first)):
            return f"{first:%Y-%m}"
        if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
            return f"{first.year}"
        return f"{first} to {last}"

    def touches(self, first_day: date, last_day: date) -> bool:
        """Whether any of these days is in the period."""
        return first_day <= self.last_day and last_day >= self.first_day


def _last_day_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_between(first_day: date, last_day: date) -> list[Period]:
    """Return every month that has one of these days."""
    months = range(first_day.year * 12 + first_day.month - 1, last_day.year * 12 + last_day.month)
    return [Period.of(year=each // 12, month=each % 12 + 1) for each in months]


def spell(first_day: date, last_day: date) -> str:
    """Return days in a row for programs: `2026-03-01`, or `2026-03-01 to 2026-03-31`."""
    return f"{first_day}" if first_day == last_day else f"{first_day} to {last_day}"
