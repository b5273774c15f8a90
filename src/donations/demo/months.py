"""The months of a story, and the days on which banks book."""

from __future__ import annotations

from datetime import date, timedelta

from donations.core.month import Month

DECEMBER = 12
CAMPAIGN_MONTH = 5
"""Every May the association collects for its meadow."""

_SATURDAY, _MONDAY_AFTER = 5, 7


def months_until(last: Month, *, count: int) -> tuple[Month, ...]:
    """Return so many months in their order, the last one last."""
    found = [last]
    while len(found) < count:
        found.append(found[-1].before)
    return tuple(reversed(found))


def day_in(month: Month, number: int) -> date:
    """Return a day of a month by its number, or the last one where the month is shorter."""
    return min(month.first_day + timedelta(days=number - 1), month.last_day)


def working_day(month: Month, number: int) -> date:
    """Return the day on which a bank executes a standing order: not on a weekend, and still in the month."""
    day = day_in(month, number)
    if day.weekday() < _SATURDAY:
        return day
    monday = day + timedelta(days=_MONDAY_AFTER - day.weekday())
    return monday if monday <= month.last_day else monday - timedelta(days=3)
