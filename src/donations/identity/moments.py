"""Moments and days: which days a statement covers wholly, and which statements cannot show the same lines of a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from donations.core.calendar import TALLINN
from donations.core.statement import Provenance

_LAST_MINUTE = timedelta(minutes=1)
"""Banks write 23:59 or 23:59:59 for the end of a day."""


def begin_of(day: date) -> datetime:
    """Return the moment at which a day begins in Estonia."""
    return datetime.combine(day, time.min, TALLINN)


def end_of(day: date) -> datetime:
    """Return the moment at which a day is over in Estonia."""
    return begin_of(day + timedelta(days=1))


def is_over(day: date, at: datetime) -> bool:
    """Whether a day was over at a moment, as banks write it."""
    return at >= end_of(day) - _LAST_MINUTE


def begins_inside(first_day: date, provenance: Provenance) -> bool:
    """Whether the file says that its first day had begun before."""
    return provenance.begins_at is not None and provenance.begins_at > begin_of(first_day) + _LAST_MINUTE


def ends_wholly(last_day: date, provenance: Provenance) -> bool | None:
    """Whether a statement goes up to the end of its last day, by its own words; None where it says no time.

    Its period must reach the day's end, and it must have been made after it: a file that was made at noon shows the
    morning, whatever period was asked for.
    """
    said = [moment for moment in (provenance.made_at, provenance.ends_at) if moment is not None]
    return all(is_over(last_day, moment) for moment in said) if said else None
