"""On which days two statements can show the same lines: not where one begins when the other has ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from donations.core.money import Minor
from donations.identity.moments import begins_inside
from donations.identity.seen import SeenLine, SeenStatement


def common_days(one: SeenStatement, other: SeenStatement) -> Iterable[date]:
    """Return the days that both touch and of which they can show the same lines."""
    first, last = max(one.first_day, other.first_day), min(one.last_day, other.last_day)
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    return (day for day in days if not is_apart(one, other, day))


def is_apart(one: SeenStatement, other: SeenStatement, day: date) -> bool:
    """Whether one of them begins, inside this day, when the other has ended: no line of the day stands in both."""
    return _follows(one, other, day) or _follows(other, one, day)


def _follows(later: SeenStatement, earlier: SeenStatement, day: date) -> bool:
    if not (later.first_day == day == earlier.last_day):
        return False
    begins, ends = later.provenance.begins_at, earlier.provenance.ends_at
    if begins_inside(day, later.provenance) and begins is not None and ends is not None:
        return ends <= begins
    # By the balances: it opens with what the other one closed with, and that is not what the day began with.
    moved = sum(seen.line.money.signed_minor for seen in earlier.on(day))
    return moved != 0 and earlier.closing is not None and earlier.closing == later.opening


def held_before(statement: SeenStatement, day: date) -> Minor | None:
    """Return what the account held before the statement's own lines of a day, by a balance that it states."""
    moves = [(seen.line.booked_on < day, seen.line.money.signed_minor) for seen in _entries(statement)]
    if statement.opening is not None:
        return statement.opening + sum(minor for before, minor in moves if before)
    if statement.closing is not None:
        return statement.closing - sum(minor for before, minor in moves if not before)
    return None


def _entries(statement: SeenStatement) -> Iterable[SeenLine]:
    return (seen for seen in statement.lines if seen.batch is None)
