"""Days and months as the books know them: the day in Estonia, banking days, calendar months."""

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
    def next(self) -> Month:
        """The month after it."""
        return Month.of(self.last_day + timedelta(days=1))

    @property
    def before(self) -> Month:
        """The month before it."""
        return Month.of(self.first_day - timedelta(days=1))
