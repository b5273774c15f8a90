"""Days on which euro payments are settled between banks."""

from __future__ import annotations

from datetime import date, timedelta

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
