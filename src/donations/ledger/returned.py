"""Which gifts a refund returned, so that papers on a year say what was given in it less what of that ever went back.

The bank does not say which gift a refund is of. Where a person said it, that gift went back. Else it is taken for the
newest gift before it of just that amount, for a gift that goes back usually goes back whole; else for the newest gifts
before it, until it is used up. Gifts for the appeal of the refund come first. A refund of more than was given before
stays on its own day. A refund that came back (money in that is booked as a gift again, and names the refund) never was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from donations.core.donor import AppealId, DonorId
from donations.core.money import Currency, Minor
from donations.core.payment import AllocationId, PaymentId


class DonorPart(NamedTuple):
    """A gift of a donor, or a refund (negative)."""

    id: AllocationId
    donor: DonorId
    day: date
    minor: Minor
    currency: Currency
    appeal: AppealId | None
    """None where nobody said of a refund which appeal it is of."""
    payment: PaymentId | None = None
    returns: PaymentId | None = None
    """Of a refund, the payment of the gift that it returned; of money in, the refund that came back with it."""


class Return(NamedTuple):
    """What of a gift went back with a refund."""

    refund: DonorPart
    gift: DonorPart | None
    """None for what exceeds all that had been given until then."""
    minor: Minor
    """Positive."""

    @property
    def year(self) -> int:
        """The year whose papers it lessens."""
        return (self.gift or self.refund).day.year


def returns(parts: Iterable[DonorPart]) -> list[Return]:
    """Return which gifts the refunds among these parts returned; `parts` are all that each of their donors ever had."""
    return _walked(parts)[0]


def lefts(parts: Iterable[DonorPart]) -> list[tuple[DonorPart, Minor]]:
    """Return each gift among these parts with what of it has not gone back, by day; parts as for `returns`."""
    return [(each.gift, each.minor) for each in _walked(parts)[1]]


def counted_between(parts: Iterable[DonorPart], *, first_day: date, last_day: date) -> dict[DonorId, Minor]:
    """Return by donor what was given on these days less what of that went back, whenever it did.

    The parts are of one currency. Who gave nothing on these days is not in it.
    """
    found, gifts = _walked(parts)
    sums = Counter[DonorId]()
    for each in gifts:
        if first_day <= each.gift.day <= last_day:
            sums[each.gift.donor] += each.minor
    for back in found:
        if back.gift is None and back.refund.donor in sums and first_day <= back.refund.day <= last_day:
            sums[back.refund.donor] -= back.minor
    return dict(sums)


def counted_in(year: int, parts: Iterable[DonorPart]) -> list[DonorPart]:
    """Return the parts that papers on a year count, by day: its gifts, and what lessens them, whenever that went back.

    Added up over all years, they are the parts, but for refunds that came back: those are nothing at all.
    """
    every = list(parts)
    gifts = [part for part in every if _is_gift(part) and part.day.year == year]
    back: defaultdict[DonorPart, Minor] = defaultdict(int)
    for each in returns(every):
        if each.year == year:
            back[each.refund] -= each.minor
    return sorted([*gifts, *(refund._replace(minor=minor) for refund, minor in back.items())], key=_in_order)


def _walked(parts: Iterable[DonorPart]) -> tuple[list[Return], list[_Left]]:
    every = sorted(parts, key=_in_order)
    came_back = Counter[tuple[DonorId, PaymentId | None]]()
    for part in every:
        if part.minor > 0 and part.returns is not None:
            came_back[part.donor, part.returns] += part.minor
    gifts: defaultdict[tuple[DonorId, Currency], list[_Left]] = defaultdict(list)
    for part in filter(_is_gift, every):
        gifts[part.donor, part.currency].append(_Left(part, part.minor))
    refunds = [
        _Left(part, max(0, -part.minor - came_back[part.donor, part.payment])) for part in every if part.minor < 0
    ]
    said = {refund.gift: list(_said(refund, gifts[refund.gift.donor, refund.gift.currency])) for refund in refunds}
    found: list[Return] = []
    for refund in refunds:
        part = refund.gift
        before = [each for each in gifts[part.donor, part.currency] if each.gift.day <= part.day]
        found += [*said[part], *_returned(refund, before)]
    return found, [each for theirs in gifts.values() for each in theirs]


def _is_gift(part: DonorPart) -> bool:
    return part.minor > 0 and part.returns is None


def _said(refund: _Left, gifts: Iterable[_Left]) -> Iterator[Return]:
    """Take a refund from the gift that a person said it returned: before any other refund may use that gift up."""
    for each in gifts:
        if each.gift.payment is not None and each.gift.payment == refund.gift.returns:
            yield from _taken(refund, each)


@dataclass(slots=True)
class _Left:
    """A gift, and what of it has not gone back yet; or a refund, and what of it has not been found a gift for."""

    gift: DonorPart
    minor: Minor

    @property
    def is_whole(self) -> bool:
        return self.minor == self.gift.minor


def _returned(refund: _Left, before: list[_Left]) -> Iterator[Return]:
    just_that = [each for each in before if each.is_whole and each.minor == refund.minor]
    newest_first = reversed(just_that or before)
    for each in sorted(newest_first, key=lambda each: each.gift.appeal != refund.gift.appeal):
        yield from _taken(refund, each)
    if refund.minor:
        yield Return(refund.gift, None, refund.minor)


def _taken(refund: _Left, gift: _Left) -> Iterator[Return]:
    minor = min(refund.minor, gift.minor)
    if minor:
        gift.minor -= minor
        refund.minor -= minor
        yield Return(refund.gift, gift.gift, minor)


def _in_order(part: DonorPart) -> tuple[date, bool, AllocationId]:
    """Gifts of a day come before its refunds: they are numbered anew when rules judge again."""
    return part.day, part.minor < 0, part.id
