"""Days, months and periods as the books know them: the day in Estonia, banking days, months, the days of a report."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TALLINN = ZoneInfo("Europe/Tallinn")


_LAST_SECOND = time(23, 59, 59)


def names_a_day(moment: datetime) -> bool:
    """Whether it is the first or the last second of a day: so banks write a day where a moment is asked for.

    Of a day in the moment's own zone, or in Estonia's.
    """
    return any(at == time.min or at >= _LAST_SECOND for at in (moment.time(), moment.astimezone(TALLINN).time()))


def day_of(moment: datetime) -> date:
    """Return the day in Tallinn; the moment knows its time zone."""
    return moment.astimezone(TALLINN).date()


_DAY = timedelta(days=1)
_CLOSED = frozenset({(1, 1), (5, 1), (12, 25), (12, 26)})
"""Month and day of the fixed closing days of T2 (ECB, TARGET calendar since 2002)."""


def is_banking_day(day: date) -> bool:
    """Whether banks settle on this day: no weekend, and none of the closing days of T2."""
    easter = _easter(day.year)
    return day.weekday() < 5 and (day.month, day.day) not in _CLOSED and day not in {easter - 2 * _DAY, easter + _DAY}


def banking_days_later(day: date, count: int) -> date:
    """Return the day that is `count` banking days after another one."""
    while count:
        day += _DAY
        count -= is_banking_day(day)
    return day


def _easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


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
    def ends_year(self) -> bool:
        """Whether it is a December."""
        return self.number == 12

    @property
    def next(self) -> Month:
        """The month after it."""
        return Month.of(self.last_day + timedelta(days=1))

    @property
    def before(self) -> Month:
        """The month before it."""
        return Month.of(self.first_day - timedelta(days=1))


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

    @classmethod
    def financial_year(cls, day: date, *, first_month: int) -> Period:
        """Return the financial year that a day is in; years begin in `first_month`, 1 to 12."""
        first = date(day.year - (day.month < first_month), first_month, 1)
        return cls(first, first.replace(year=first.year + 1) - timedelta(days=1))

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
