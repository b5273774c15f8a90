"""How amounts are spread: the middle one, the quarters, and how many lie between round amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from donations.core.money import Minor

Counted = Sequence[tuple[Minor, int]]
"""Amounts in ascending order, each with how often it was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Amounts that a quarter, half and three quarters of all gifts do not exceed; each was really given."""

    gifts: int
    lower_quarter: Minor
    median: Minor
    upper_quarter: Minor
    largest: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Gifts of at least `least` and less than `below`; the last band has no end."""

    least: Minor
    below: Minor | None
    gifts: int
    minor: Minor


def spread(counted: Counted) -> Spread | None:
    """Return how amounts are spread; None without any."""
    gifts = sum(times for _, times in counted)
    if not gifts:
        return None
    return Spread(
        gifts=gifts,
        lower_quarter=_at(counted, (gifts + 3) // 4),
        median=_at(counted, (gifts + 1) // 2),
        upper_quarter=_at(counted, (3 * gifts + 3) // 4),
        largest=counted[-1][0],
    )


def _at(counted: Counted, place: int) -> Minor:
    """Return the amount in a place, counted from 1."""
    for minor, times in counted:
        place -= times
        if place <= 0:
            return minor
    raise ValueError


def bands(counted: Counted, edges: Sequence[Minor]) -> tuple[Band, ...]:
    """Return the bands that begin at each of the ascending edges, empty ones at either end left out."""
    found = []
    for least, below in zip(edges, (*edges[1:], None), strict=True):
        inside = [(minor, times) for minor, times in counted if minor >= least and (below is None or minor < below)]
        gifts, minor = sum(times for _, times in inside), sum(minor * times for minor, times in inside)
        found.append(Band(least=least, below=below, gifts=gifts, minor=minor))
    filled = [at for at, band in enumerate(found) if band.gifts]
    return tuple(found[filled[0] : filled[-1] + 1]) if filled else ()
