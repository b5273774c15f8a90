"""Facts on their way to our process: a run of lines as columns, and each distinct value once, then by its number.

Both sides count the values of a file in the order in which they come, and forget them all when there are many. What
comes in is checked as `plain` says: values one by one, columns of numbers and texts as a whole.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import accumulate, chain, groupby, islice, pairwise
from typing import Any, TypeVar

from donations.core.lines import Fact, Lines, Saying, StatedLine
from donations.core.money import MINOR_MAX
from donations.core.problem import Problem
from donations.core.statement import IdScheme, StatedBalance, StatedTotal, StatementStart
from donations.core.typed import UNREADABLE
from donations.readers.plain import BadMessageError, reading, typed, way_of

T = TypeVar("T")

DISTINCT_MAX = 30_000
"""Values of one kind that both sides remember; a saying takes some 1,500 bytes of memory."""
_LINES = "lines"
_WAYS = way_of(date), way_of(Saying), way_of(tuple[IdScheme, ...])
_OTHER = way_of(StatementStart | StatedBalance | StatedTotal | Problem)


class _Numbers(dict[Any, int]):
    """The number of each value, by the order in which they come."""

    def __init__(self) -> None:
        super().__init__()
        self._told = 0

    def __missing__(self, value: Any) -> int:
        number = self[value] = len(self)
        return number

    def untold(self) -> Iterator[Any]:
        """Return the values that came since this was asked."""
        told, self._told = self._told, len(self)
        return islice(self, told, None)

    def forget_many(self) -> None:
        """Begin anew where there are too many."""
        if len(self) > DISTINCT_MAX:
            self.clear()
            self._told = 0


class FactsOut:
    """Makes the facts of one file plain."""

    def __init__(self) -> None:
        """Have told nothing yet."""
        self._days, self._sayings, self._schemes = self._known = _Numbers(), _Numbers(), _Numbers()

    def plain(self, facts: Iterable[Fact]) -> list[object]:
        """Return the next facts as plain values."""
        found: list[object] = []
        for kind, each in groupby(facts, type):
            run = list(each)
            found += [self._lines(run)] if kind is StatedLine else map(_OTHER[0], run)
        for known in self._known:
            known.forget_many()
        return found

    def _lines(self, run: Iterable[Any]) -> list[object]:
        rows, days, minors, sayings, schemes, numbers, value_dates = zip(*run, strict=True)
        columns = (
            rows,
            [*map(self._days.__getitem__, days)],
            minors,
            [*map(self._sayings.__getitem__, sayings)],
            [*map(self._schemes.__getitem__, schemes)],
            [*chain.from_iterable(numbers)],
            [day and self._days[day] for day in value_dates] if any(value_dates) else [],
        )
        told = zip(_WAYS, self._known, strict=True)
        return [_LINES, [list(map(way[0], known.untold())) for way, known in told], columns]


class FactsIn:
    """Makes facts of the plain values of one file."""

    def __init__(self) -> None:
        """Have heard nothing yet."""
        self._known: tuple[list[Any], list[Any], list[Any]] = [], [], []

    def facts(self, plain: list[Any]) -> list[Fact | Lines]:
        """Return the facts that plain values stand for, runs of lines as columns. Raises `BadMessageError`."""
        with reading():
            found = [self._lines(*each[1:]) if each[0] == _LINES else _OTHER[1](each) for each in typed(plain, list)]
        for known in self._known:
            if len(known) > DISTINCT_MAX:
                known.clear()
        return found

    def _lines(self, told: list[Any], columns: list[Any]) -> Lines:
        for way, known, more in zip(_WAYS, self._known, told, strict=True):
            known.extend(map(way[1], typed(more, list)))
        known_days, known_sayings, known_schemes = self._known
        rows, days, minors, sayings, schemes, numbers, value_dates = columns
        found = Lines(
            rows=array("q", _wholes(rows)),
            days=_pick(known_days, days),
            minors=array("q", _wholes(minors)),
            sayings=_pick(known_sayings, sayings),
            schemes=_pick(known_schemes, schemes),
            value_dates=_pick_some(known_days, value_dates) or [None] * len(rows),
        )
        found.numbers = _cut(_texts(numbers), map(len, found.schemes))
        if any(len(each) != len(rows) for each in found.columns):
            raise BadMessageError
        if 0 in minors or not -MINOR_MAX <= min(minors) <= max(minors) <= MINOR_MAX:
            raise BadMessageError
        return found


def _wholes(column: list[Any]) -> list[int]:
    """Return whole numbers; those that databases do not keep do not go into an array."""
    if set(map(type, column)) != {int}:
        raise BadMessageError
    return column


def _pick(values: Sequence[T], numbers: list[Any]) -> list[T]:
    if min(_wholes(numbers)) < 0:
        raise BadMessageError
    return [values[each] for each in numbers]


def _pick_some(values: Sequence[T], numbers: list[Any]) -> list[T | None]:
    """Return values by their numbers, and none where there is none."""
    if stated := [each for each in numbers if each is not None]:
        _pick(values, stated)
    return [None if each is None else values[each] for each in numbers]


def _texts(column: list[Any]) -> list[str]:
    if set(map(type, column)) - {str} or UNREADABLE.search("".join(column)):
        raise BadMessageError
    return column


def _cut(column: list[str], lengths: Iterable[int]) -> list[tuple[str, ...]]:
    """Return a column in pieces of these lengths, which must be all of it."""
    ends = [*accumulate(lengths, initial=0)]
    if ends[-1] != len(column):
        raise BadMessageError
    return [tuple(column[start:end]) for start, end in pairwise(ends)]
