"""What to download or to look up next, so that every day of an account becomes proven."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from donations.identity.proof import DayCause, DayState, LedgerProof, Run
from donations.identity.stated import DAY


class DownloadReason(StrEnum):
    """Why days are wanted, the most urgent first."""

    GAP = "gap"
    """No statement covers them."""
    NOT_OVER = "not_over"
    """A statement covers them in part."""
    RUNNING = "running"
    """They came after the last statement and are over."""
    UNCHANGED = "unchanged"
    """No statement covers them, and the balances around agree: a person may confirm that nothing moved."""
    CONFLICT = "conflict"
    """Something contradicts."""
    UNPROVEN = "unproven"
    """A statement covers them, but no balance proves them."""


@dataclass(frozen=True, slots=True)
class WantedDays:
    """Days in a row of which a better statement is wanted."""

    first_day: date
    last_day: date
    why: DownloadReason
    run: Run | None = None
    """What is known of them; None of those after the last statement."""


_WANTED = {
    DayState.MISSING: DownloadReason.GAP,
    DayState.NOT_OVER: DownloadReason.NOT_OVER,
    DayState.UNCHANGED: DownloadReason.UNCHANGED,
    DayState.CONFLICT: DownloadReason.CONFLICT,
    DayState.UNPROVEN: DownloadReason.UNPROVEN,
}


def wanted_days(known: LedgerProof, *, today: date) -> tuple[WantedDays, ...]:
    """Return what to download, gaps first; an account of which nothing says when it began, from the year's beginning.

    Today is not over: a statement that ends with it would have to be downloaded again. Days after the account's end
    are not wanted.
    """
    order = list(DownloadReason)
    return tuple(sorted(_wanted(known, today=today), key=lambda each: (order.index(each.why), each.first_day)))


def _wanted(known: LedgerProof, *, today: date) -> Iterator[WantedDays]:
    yesterday = today - DAY
    end = yesterday if known.facts.ended is None else min(yesterday, known.facts.ended)
    runs = list(known.runs)
    begin = runs[-1].last_day + DAY if runs else known.facts.opened or yesterday.replace(month=1, day=1)
    if runs and runs[-1].state is DayState.NOT_OVER and begin <= end:
        begin = runs.pop().first_day  # the next download shows that day to its end
    for run in runs:
        is_confirmed = run.why is not None and run.why.cause is DayCause.CONFIRMED
        if run.state in _WANTED and not is_confirmed and run.first_day < today:
            yield WantedDays(run.first_day, run.last_day, _WANTED[run.state], run)
    if begin <= end:
        yield WantedDays(begin, end, DownloadReason.RUNNING)


def wanted_balances(known: LedgerProof) -> tuple[date, ...]:
    """Return the days at whose end a balance, read in the internet bank, would prove days that nothing proves."""
    return tuple(dict.fromkeys(day for run in known.runs for day in balances_for(known, run)))


def balances_for(known: LedgerProof, run: Run) -> tuple[date, ...]:
    """Return the days, none to two, at whose end a balance would prove days in a row that nothing proves.

    Days are proven between two balances: the one before them is there already where the day before is proven.
    """
    is_open = run.state is DayState.UNPROVEN or (
        run.state is DayState.NOT_OVER and run.why is not None and run.why.cause is DayCause.NO_TIME
    )
    if not is_open:
        return ()
    day_before = run.first_day - DAY
    before = next((each for each in known.runs if each.last_day == day_before), None)
    is_anchored = before is not None and before.state in {DayState.PROVEN, DayState.UNPROVEN}
    wanted = [run.last_day] if is_anchored else [day_before, run.last_day]
    there = {*known.facts.given, *(each.day for each in known.anchors)}
    return tuple(day for day in wanted if day not in there)
