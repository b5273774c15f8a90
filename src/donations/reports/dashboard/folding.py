"""Hides small groups, so that nobody is recognised in the parts of a total by those who may not see names.

A group of 1 to 4 donors is hidden. If the hidden groups together were still so few, or were only one, which the total
less the others would tell, the smallest of the others is hidden with them (primary and complementary suppression).
Where one donor may be in several groups, the hidden ones together may be no more people than the largest of them.
Groups of nobody stay: they hide nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

LEAST = 5
"""The fewest donors of whom a figure is shown."""


def shown(donors: Sequence[int], *, together: Callable[[Iterable[int]], int]) -> tuple[bool, ...]:
    """Return for each part of a total, by its number of donors, whether it may be shown beside the total.

    `together` says how many people several parts are at least: `sum` where each donor is in one part, else `max`.
    """
    hidden = {at for at, each in enumerate(donors) if 0 < each < LEAST}
    others = sorted((at for at, each in enumerate(donors) if each >= LEAST), key=lambda at: donors[at])
    while hidden and others and (len(hidden) == 1 or together(donors[at] for at in hidden) < LEAST):
        hidden.add(others.pop(0))
    return tuple(at not in hidden for at in range(len(donors)))


def count_shown(donors: int) -> int | None:
    """Return a number of donors that stands alone, or None where it is small."""
    return None if 0 < donors < LEAST else donors
