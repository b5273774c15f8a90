"""Each balance that the bank states, beside what the ledger says that the account held then."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from donations.core.money import Minor
from donations.core.statement import Proof
from donations.identity.proof import DayState, Stated
from donations.identity.seen import StatementId
from donations.reports.proofs import Proved

Movement = Callable[[date], Minor]
"""What the ledger moved up to the end of a day."""

_DAY = timedelta(days=1)
_PROOFS = {DayState.PROVEN: Proof.PROVEN, DayState.CONFLICT: Proof.BROKEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One stated balance; minor units."""

    statement: StatementId | None
    """None where a person read it in the internet bank."""
    point: str
    """`opening`, `closing`, `interim`, or `entered` by a person."""
    day: date
    """For an opening balance the day at whose start it held, else the day at whose end."""
    bank: Minor
    ledger: Minor
    """Brought forward from the first stated balance."""
    step: Minor
    """By how much the difference changed since the balance before: where something is missing or too much."""
    proof: Proof
    is_day_end: bool
    """Whether it held between two days, and not inside one that another statement shows more of."""

    @property
    def end_of(self) -> date:
        """The day after whose last line it held."""
        return _end_of(self.point, self.day)

    @property
    def difference(self) -> Minor:
        """The bank's figure less the ledger's."""
        return self.bank - self.ledger


@dataclass(frozen=True, slots=True)
class Compared:
    """The bank's balances of one account beside the ledger, in the order of time."""

    balances: tuple[Held, ...] = ()
    brought_forward: Minor | None = None
    """What the account held before the ledger's first line, by the first stated balance; None without any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """A stated balance with what must have been brought forward for the ledger to agree with it."""

    statement: StatementId | None
    point: str
    day: date
    bank: Minor
    whole_day: Minor
    """... if it held between two days."""
    part_day: Minor
    """... if the statement begins or ends inside a day that another statement shows more of."""

    @property
    def possible(self) -> tuple[Minor, Minor]:
        """Both, the likelier first."""
        return (self.whole_day, self.part_day)

    @property
    def end_of(self) -> date:
        """The day after whose last line it held."""
        return _end_of(self.point, self.day)


def compared(proved: Proved) -> Compared:
    """Return every balance that active statements state, and what the ledger says of the same moment."""
    points = sorted(_points(proved), key=lambda each: (each.end_of, each.point == "opening", each.statement or 0))
    if not points:
        return Compared()
    begin = before = _brought_forward(points)
    found: list[Held] = []
    for point in points:
        now = before if before in point.possible else point.whole_day
        found.append(
            Held(
                statement=point.statement,
                point=point.point,
                day=point.day,
                bank=point.bank,
                ledger=point.bank - (now - begin),
                step=now - before,
                proof=_proof(proved, point, now - before),
                is_day_end=now == point.whole_day,
            )
        )
        before = now
    return Compared(tuple(found), begin)


def _brought_forward(points: Sequence[_Point]) -> Minor:
    """Return what the first balance means; where it may mean two things, what the second agrees with."""
    possible = points[0].possible
    return next((each for each in possible if each in points[1].possible), possible[0]) if points[1:] else possible[0]


def _proof(proved: Proved, point: _Point, step: Minor) -> Proof:
    states = {proved.state_on(point.day)} | ({proved.state_on(point.end_of)} if step else set())
    if DayState.CONFLICT in states:
        return Proof.BROKEN
    return Proof.UNPROVEN if step else _PROOFS.get(states.pop(), Proof.UNPROVEN)


def _end_of(point: str, day: date) -> date:
    return day - _DAY if point == "opening" else day


def movement(by_day: Mapping[date, Minor]) -> Movement:
    """Return the running sum over the days."""
    days = sorted(by_day)
    sums = [0, *accumulate(by_day[day] for day in days)]
    return lambda day: sums[bisect_right(days, day)]


def _points(proved: Proved) -> Iterator[_Point]:
    by_day = proved.facts.by_day
    until = movement(by_day)
    for each in proved.facts.stated:
        yield from _of_statement(each, by_day, until)
    for day, minor in proved.facts.given.items():
        whole = minor - until(day)
        yield _Point(statement=None, point="entered", day=day, bank=minor, whole_day=whole, part_day=whole)


def _of_statement(each: Stated, by_day: Mapping[date, Minor], until: Movement) -> Iterator[_Point]:
    if each.opening is not None:
        whole = each.opening - until(each.first_day - _DAY)
        elsewhere = by_day.get(each.first_day, 0) - each.first_day_minor
        yield _Point(
            statement=each.id,
            point="opening",
            day=each.first_day,
            bank=each.opening,
            whole_day=whole,
            part_day=whole - elsewhere,
        )
    for day, minor in each.interim:
        whole = minor - until(day)
        yield _Point(statement=each.id, point="interim", day=day, bank=minor, whole_day=whole, part_day=whole)
    if each.closing is not None:
        whole = each.closing - until(each.last_day)
        elsewhere = by_day.get(each.last_day, 0) - each.last_day_minor
        yield _Point(
            statement=each.id,
            point="closing",
            day=each.last_day,
            bank=each.closing,
            whole_day=whole,
            part_day=whole + elsewhere,
        )
