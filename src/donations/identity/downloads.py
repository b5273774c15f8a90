"""What to download or to look up next, so that every day of an account becomes proven: a function of its runs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from donations.identity.proof import DayState, Run

_DAY = timedelta(days=1)


class Why(StrEnum):
    """Why days are wanted, the most urgent first."""

    GAP = "gap"
    """No statement covers them, but one covers days before and one days after."""
    RUNNING = "running"
    """They came after the last statement and are over."""
    CONFLICT = "conflict"
    """The bank's balances contradict the payments."""
    UNPROVEN = "unproven"
    """A statement covers them, but no balance proves them."""


@dataclass(frozen=True, slots=True)
class WantedDays:
    """Days in a row of which a better statement is wanted."""

    first_day: date
    last_day: date
    why: Why


_WHY = {DayState.MISSING: Why.GAP, DayState.CONFLICT: Why.CONFLICT, DayState.UNPROVEN: Why.UNPROVEN}


def wanted_days(known: Sequence[Run], *, today: date) -> tuple[WantedDays, ...]:
    """Return what to download, gaps first; an account without statements begins with the year.

    Today is not over: a statement that ends with it would have to be downloaded again.
    """
    yesterday = today - _DAY
    begin = known[-1].last_day + _DAY if known else yesterday.replace(month=1, day=1)
    found = [WantedDays(run.first_day, run.last_day, _WHY[run.state]) for run in known if run.state in _WHY]
    if begin <= yesterday:
        found.append(WantedDays(begin, yesterday, Why.RUNNING))
    order = list(Why)
    return tuple(sorted(found, key=lambda each: (order.index(each.why), each.first_day)))


def wanted_balances(known: Sequence[Run], given: Collection[date]) -> tuple[date, ...]:
    """Return the days at whose end a balance, read in the internet bank, would prove days that nothing proves.

    Days are proven between two balances: the one before them is there already where the day before is proven.
    """
    return tuple(dict.fromkeys(_ends_without_balance(known, given)))


def _ends_without_balance(known: Sequence[Run], given: Collection[date]) -> Iterable[date]:
    before: Run | None = None
    for run in known:
        if run.state is DayState.UNPROVEN:
            is_anchored = before is not None and before.state is DayState.PROVEN
            if not is_anchored and run.first_day - _DAY not in given:
                yield run.first_day - _DAY
            if run.last_day not in given:
                yield run.last_day
        before = run
