"""A calendar month: what is closed as a whole."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


class BadMonthError(ValueError):
    """The text is not a month written as `2026-03`."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year. Raises `BadMonthError` for one that the calendar does not have."""

    year: int
    number: int

    def __post_init__(self) -> None:
        """Refuse what is no month."""
        if not (1 <= self.number <= 12 and 1 <= self.year <= 9999):
            raise BadMonthError

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month that a day is in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Return the month written as `2026-03`."""
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) is None:
            raise BadMonthError
        return cls(int(text[:4]), int(text[5:]))

    def __str__(self) -> str:
        """Return `2026-03`."""
        return f"{self.year:04}-{self.number:02}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.first_day.replace(day=monthrange(self.year, self.number)[1])

    @property
    def next(self) -> Month:
        """The month after it."""
        return Month.of(self.last_day + timedelta(days=1))

    @property
    def before(self) -> Month:
        """The month before it."""
        return Month.of(self.first_day - timedelta(days=1))
