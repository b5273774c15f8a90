"""Which gifts a refund returned, so that papers on a year say what was given in it less what of that ever went back.

The bank does not say which gift a refund is of. It is taken for the newest gift before it of just that amount, for a
gift that goes back usually goes back whole; else for the newest gifts before it, until it is used up. Gifts for the
appeal of the refund come first. A refund of more than was given before stays on its own day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from donations.core.allocation import AllocationId
from donations.core.donor import AppealId, DonorId
from donations.core.money import Currency, Minor


class Part(NamedTuple):
    """A gift of a donor, or a refund (negative)."""

    id: AllocationId
    donor: DonorId
    day: date
    minor: Minor
    currency: Currency
    appeal: AppealId | None
    """None where nobody said of a refund which appeal it is of."""


class Return(NamedTuple):
    """What of a gift went back with a refund."""

    refund: Part
    gift: Part | None
    """None for what exceeds all that had been given until then."""
    minor: Minor
    """Positive."""

    @property
    def year(self) -> int:
        """The year whose papers it lessens."""
        return (self.gift or self.refund).day.year


def returns(parts: Iterable[Part]) -> list[Return]:
    """Return which gifts the refunds among these parts returned; `parts` are all that each of their donors ever had."""
    gifts: defaultdict[tuple[DonorId, Currency], list[_Left]] = defaultdict(list)
    found: list[Return] = []
    for part in sorted(parts, key=_in_order):
        before = gifts[part.donor, part.currency]
        if part.minor > 0:
            before.append(_Left(part, part.minor))
        else:
            found += _returned(part, before)
    return found


def counted_in(year: int, parts: Iterable[Part]) -> list[Part]:
    """Return the parts that papers on a year count, by day: its gifts, and what lessens them, whenever that went back.

    Added up over all years, they are the parts.
    """
    every = list(parts)
    gifts = [part for part in every if part.minor > 0 and part.day.year == year]
    back: defaultdict[Part, Minor] = defaultdict(int)
    for each in returns(every):
        if each.year == year:
            back[each.refund] -= each.minor
    return sorted([*gifts, *(refund._replace(minor=minor) for refund, minor in back.items())], key=_in_order)


@dataclass(slots=True)
class _Left:
    """A gift, and what of it has not gone back yet."""

    gift: Part
    minor: Minor

    @property
    def is_whole(self) -> bool:
        return self.minor == self.gift.minor


def _returned(refund: Part, before: list[_Left]) -> Iterator[Return]:
    rest = -refund.minor
    just_that = [each for each in before if each.is_whole and each.minor == rest]
    newest_first = reversed(just_that or before)
    for each in sorted(newest_first, key=lambda each: each.gift.appeal != refund.appeal):
        minor = min(rest, each.minor)
        if minor:
            each.minor -= minor
            rest -= minor
            yield Return(refund, each.gift, minor)
    if rest:
        yield Return(refund, None, rest)


def _in_order(part: Part) -> tuple[date, bool, AllocationId]:
    """Gifts of a day come before its refunds: they are numbered anew when rules judge again."""
    return part.day, part.minor < 0, part.id
