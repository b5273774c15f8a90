"""The balance is the judge: which days of an account the bank's own balances prove, and which they contradict."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate, pairwise

from donations.core.money import Minor
from donations.core.statement import Proof
from donations.identity.seen import StatementId

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one imported statement states about its account, reduced to what the proof needs."""

    id: StatementId
    first_day: date
    last_day: date
    opening: Minor | None
    closing: Minor | None
    first_day_minor: Minor
    """Sum of the statement's own lines on its first day."""
    last_day_minor: Minor
    """Sum of the statement's own lines on its last day."""
    interim: tuple[tuple[date, Minor], ...] = ()
    """Balances at the end of other days."""
    imbalance: Minor = 0


class DayState(StrEnum):
    """What is known of a day."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    MISSING = "missing"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row with one state."""

    first_day: date
    last_day: date
    state: DayState


@dataclass(frozen=True, slots=True)
class Anchor:
    """A balance at the end of a day, less what the ledger moved up to then: equal for all if the books are right.

    Two values are possible where a statement ends or begins inside a day.
    """

    on: date
    exact: Minor
    """Where the balance holds at the very end of the day."""
    brought_forward: frozenset[Minor]


class _Movement:
    """What the ledger moved up to the end of a day."""

    def __init__(self, by_day: Mapping[date, Minor]) -> None:
        self._days = sorted(by_day)
        self._sums = [0, *accumulate(by_day[day] for day in self._days)]
        self._by_day = by_day

    def until(self, day: date) -> Minor:
        return self._sums[bisect_right(self._days, day)]

    def on(self, day: date) -> Minor:
        return self._by_day.get(day, 0)


def runs(
    stated: Sequence[Stated], by_day: Mapping[date, Minor], given: Mapping[date, Minor] | None = None
) -> list[Run]:
    """Return the state of every day from the first to the last that any statement covers.

    `by_day` is the ledger's movement (signed minor units) of each day; `given` are balances at the end of a day
    that a person entered.
    """
    if not stated:
        return []
    covered = _covered(stated)
    states: dict[date, DayState] = {}
    first, last = min(each.first_day for each in stated), max(each.last_day for each in stated)
    for day in _days(first, last):
        states[day] = DayState.UNPROVEN if day in covered else DayState.MISSING
    chains = _chains(sorted(_anchors(stated, _Movement(by_day), given or {}), key=lambda each: each.on))
    for chain, agreed in chains:
        # Only a balance at the very end of a day proves it; one inside a day merely does not contradict.
        ends = max(([each.on for each in chain if each.exact == minor] for minor in sorted(agreed)), key=_span)
        states |= {day: DayState.PROVEN for day in _days(ends[0] + _DAY, ends[-1]) if day in states} if ends else {}
    for (before, _), (after, _) in pairwise(chains):
        first_day, last_day = min(before[-1].on + _DAY, after[0].on), after[0].on
        between = [day for day in _days(first_day, last_day) if day in states]
        if all(day in covered for day in between):
            states |= dict.fromkeys(between, DayState.CONFLICT)
    for each in stated:
        if each.imbalance:
            states |= dict.fromkeys(_days(each.first_day, each.last_day), DayState.CONFLICT)
    return _joined(states)


def _chains(anchors: Sequence[Anchor]) -> list[tuple[list[Anchor], frozenset[Minor]]]:
    """Cut the anchors, in order, where the ledger and the bank disagree; with what each run agrees on."""
    chains: list[tuple[list[Anchor], frozenset[Minor]]] = []
    for anchor in anchors:
        agreed = chains[-1][1] & anchor.brought_forward if chains else frozenset()
        if agreed:
            chains[-1][0].append(anchor)
            chains[-1] = (chains[-1][0], agreed)
        else:
            chains.append(([anchor], anchor.brought_forward))
    return chains


def _span(days: Sequence[date]) -> timedelta:
    return days[-1] - days[0] if days else -_DAY


def proof_of(stated: Stated, known: Iterable[Run]) -> Proof:
    """Return whether the days of one statement are proven."""
    states = {run.state for run in known if run.first_day <= stated.last_day and run.last_day >= stated.first_day}
    if stated.imbalance or DayState.CONFLICT in states:
        return Proof.BROKEN
    return Proof.PROVEN if states == {DayState.PROVEN} else Proof.UNPROVEN


def _anchors(stated: Sequence[Stated], moved: _Movement, given: Mapping[date, Minor]) -> Iterable[Anchor]:
    for each in stated:
        before = each.first_day - _DAY
        if each.opening is not None:
            elsewhere = moved.on(each.first_day) - each.first_day_minor
            at = each.opening - moved.until(before)
            yield Anchor(before, at, frozenset({at, at - elsewhere}))
        if each.closing is not None:
            elsewhere = moved.on(each.last_day) - each.last_day_minor
            at = each.closing - moved.until(each.last_day)
            yield Anchor(each.last_day, at, frozenset({at, at + elsewhere}))
    ends_of_days = [day_and_minor for each in stated for day_and_minor in each.interim]
    for day, minor in (*ends_of_days, *given.items()):
        at = minor - moved.until(day)
        yield Anchor(day, at, frozenset({at}))


def _covered(stated: Sequence[Stated]) -> set[date]:
    return {day for each in stated for day in _days(each.first_day, each.last_day)}


def _days(first: date, last: date) -> Iterable[date]:
    return (date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1))


def _joined(states: Mapping[date, DayState]) -> list[Run]:
    joined: list[Run] = []
    for day, state in states.items():
        if joined and joined[-1].state is state:
            joined[-1] = Run(joined[-1].first_day, day, state)
        else:
            joined.append(Run(day, day, state))
    return joined
