"""A word as it was written beside the keyword that it is nearly, letter by letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from donations.core.keyword import fold

Step = tuple[int, int, str]
"""From where, to where, and whether it is `equal`."""


class Letters(NamedTuple):
    """A run of letters."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Spelling:
    """What was written and the keyword, each with the letters marked that the other one does not have there."""

    written: tuple[Letters, ...]
    keyword: tuple[Letters, ...]

    @property
    def missing(self) -> str:
        """The letters of the keyword that were not written."""
        return "".join(run.text for run in self.keyword if run.differs)

    @property
    def added(self) -> str:
        """The letters written that the keyword does not have there."""
        return "".join(run.text for run in self.written if run.differs)


def compare(written: str, keyword: str) -> Spelling:
    """Set a word beside a keyword; case does not tell letters apart, and an ending behind the keyword is no difference.

    The letters are those of the text as written: folding must not have changed their number, else the whole word
    differs.
    """
    folded = fold(written)
    if len(folded) != len(written):
        return Spelling((Letters(written, differs=True),), (Letters(keyword, differs=True),))
    steps = SequenceMatcher(None, folded, keyword, autojunk=False).get_opcodes()
    if steps[-1][0] == "delete":
        steps[-1] = ("equal", *steps[-1][1:])
    return Spelling(_runs(written, [(a, b, kind) for kind, a, b, _, _ in steps]), _runs(keyword, _late(steps, keyword)))


def _late(steps: Sequence[tuple[str, int, int, int, int]], keyword: str) -> Iterator[Step]:
    """Yield the keyword's steps; of doubled letters the second one is missing, as a person would say."""
    moved = 0
    for kind, _, _, start, end in steps:
        first, moved = start + moved, 0
        if kind == "insert":
            while end + moved < len(keyword) and keyword[start + moved] == keyword[end + moved]:
                moved += 1
            yield start, start + moved, "equal"
            first = start + moved
        yield first, end + moved, kind


def _runs(text: str, steps: Iterable[Step]) -> tuple[Letters, ...]:
    """Cut a text, neighbours that are marked alike as one."""
    marks = [kind != "equal" for start, end, kind in steps for _ in range(start, end)]
    runs = groupby(zip(text, marks, strict=True), key=lambda pair: pair[1])
    return tuple(Letters("".join(letter for letter, _ in run), differs) for differs, run in runs)
