"""The day that a moment falls on in Estonia, where the books are kept."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

TALLINN = ZoneInfo("Europe/Tallinn")


_LAST_SECOND = time(23, 59, 59)


def names_a_day(moment: datetime) -> bool:
    """Whether it is the first or the last second of a day there: so banks write a day where a moment is asked for."""
    at = moment.astimezone(TALLINN).time()
    return at == time.min or at >= _LAST_SECOND


def day_of(moment: datetime) -> date:
    """Return the day in Tallinn; the moment knows its time zone."""
    return moment.astimezone(TALLINN).date()
