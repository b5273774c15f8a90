"""The day that a moment falls on in Estonia, where the books are kept."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

TALLINN = ZoneInfo("Europe/Tallinn")


def day_of(moment: datetime) -> date:
    """Return the day in Tallinn; the moment knows its time zone."""
    return moment.astimezone(TALLINN).date()
