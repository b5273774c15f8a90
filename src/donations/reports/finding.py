"""Find my gift: the one question that the public may ask of the books, and the three answers it can have.

Who asks must know the end of the payer's account, the amount and the day. The answer is one of a closed union that
holds nothing but a published block: no name, no list, no number. See docs/adr/0015.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from donations.core.money import MINOR_MAX, Minor
from donations.store.public import Received, received
from donations.store.publishing import KeptBlock, blocks
from donations.store.session import ReadSession

DAYS_AROUND = timedelta(days=3)
"""Banks book on another day than donors remember: weekends, holidays, transfers from other banks."""
_LAST_FOUR = 4


class BadDescriptionError(ValueError):
    """That describes no gift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A gift as its donor remembers it; `minor` in euro cents."""

    last_four: str
    """Of the donor's own account, in capitals."""
    minor: Minor
    day: date

    def __post_init__(self) -> None:
        """Refuse what no gift can be like."""
        is_end = len(self.last_four) == _LAST_FOUR and self.last_four.isascii() and self.last_four.isalnum()
        is_day = date.min + DAYS_AROUND <= self.day <= date.max - DAYS_AROUND
        if not (is_end and self.last_four == self.last_four.upper() and 0 < self.minor <= MINOR_MAX and is_day):
            raise BadDescriptionError


@dataclass(frozen=True, slots=True)
class NotReceived:
    """No such gift is in the books."""


@dataclass(frozen=True, slots=True)
class NotPublished:
    """It was received, and is in no published block yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPublished:
    """It was received, and counts in this published block."""

    number: int
    first_day: date
    last_day: date


Found = NotReceived | NotPublished | FoundPublished


def find_gift(session: ReadSession, described: Described) -> Found:
    """Return whether such a gift was received and where it counts; all is asked whatever the answer will be."""
    kept = blocks(session)
    found = received(
        session,
        last_four=described.last_four,
        minor=described.minor,
        first_day=described.day - DAYS_AROUND,
        last_day=described.day + DAYS_AROUND,
    )
    if not found:
        return NotReceived()
    return _where(min(found, key=lambda each: (abs(each.booked_on - described.day), each.booked_on)), kept)


def _where(gift: Received, kept: Sequence[KeptBlock]) -> Found:
    """Return the first block over its day that knew of it: what was booked later is a correction in a later block."""
    for each in kept:
        block = each.block
        is_known = gift.first_allocation is not None and gift.first_allocation <= each.last_allocation
        if is_known and gift.booked_on <= block.last_day:
            return FoundPublished(number=block.number, first_day=block.first_day, last_day=block.last_day)
    return NotPublished()
