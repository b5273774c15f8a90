"""The bank's own statement numbers as a detector of gaps: a number that a run of statements skips."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from donations.identity.seen import StatementId
from donations.identity.stated import DAY, Stated

_NUMBERS: tuple[Callable[[Stated], int | None], ...] = (
    lambda stated: stated.provenance.electronic_number,
    lambda stated: stated.provenance.legal_number,
)


def skipped(stated: Sequence[Stated]) -> Iterator[tuple[StatementId, date]]:
    """Yield the statements, with their first day, before which the bank's numbers skip one.

    Numbers are believed only where they count: each later than the one before, periods in their order without
    overlap, and two neighbours somewhere that follow each other by one. Banks also number downloads, or not at all.
    """
    for number in _NUMBERS:
        numbered = sorted((value, each.first_day, each.last_day, each.id) for each in stated if (value := number(each)))
        alone = list({value: (value, first, last, which) for value, first, last, which in numbered}.values())
        if not _counts(alone):
            continue
        for (value, _, last, _), (following, first, _, which) in pairwise(alone):
            if following > value + 1 and first <= last + DAY:
                yield which, first


def _counts(numbered: Sequence[tuple[int, date, date, StatementId]]) -> bool:
    neighbours = list(pairwise(numbered))
    in_order = all(last < first for (_, _, last, _), (_, first, _, _) in neighbours)
    return in_order and any(
        following == value + 1 and first == last + DAY for (value, _, last, _), (following, first, _, _) in neighbours
    )
