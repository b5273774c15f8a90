"""The day that a moment falls on in Estonia, where the books are kept."""

from __future__ import annotations

from datetime import date, datetime, time
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
