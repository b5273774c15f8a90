"""Did my gift arrive: the one question that the public may ask of the books, and the answers it can have.

Who asks brings the code of their own, or, where the association lets them, whole account, amount and day. Answers hold
a day and a published block: no name, no amount, no list, no number. See docs/adr/0015.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from donations.core.giving_code import GivingCode
from donations.core.iban import ValidIban
from donations.core.money import Minor
from donations.store.public import Received, received_from, received_with_code
from donations.store.publishing import KeptBlock, blocks
from donations.store.session import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockOfGift:
    """A published block, as everybody sees it."""

    number: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class NotFound:
    """Nothing of the kind is there to be told."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """It arrived, and nothing else of it is told than where it counts."""

    day: date
    """When the bank booked it; of several the latest."""
    block: BlockOfGift | None
    """None: it is in no published block yet."""


Found = NotFound | Arrived


def find_by_code(session: ReadSession, code: GivingCode) -> Found:
    """Return whether a payment with this code arrived; of several the newest is told."""
    kept = blocks(session)
    found = received_with_code(session, code)
    if not found:
        return NotFound()
    newest = max(found, key=lambda each: each.booked_on)
    return Arrived(newest.booked_on, _where(newest, kept))


def find_by_account(session: ReadSession, *, iban: ValidIban, minor: Minor, day: date) -> Found:
    """Return whether a gift of this day and amount in euro cents came from this account, and is published."""
    kept = blocks(session)
    found = received_from(session, iban=iban, minor=minor, day=day)
    published = _first_of(_where(each, kept) for each in found)
    return NotFound() if published is None else Arrived(day, published)


def _first_of(found: Iterable[BlockOfGift | None]) -> BlockOfGift | None:
    return next((each for each in found if each is not None), None)


def _where(gift: Received, kept: Sequence[KeptBlock]) -> BlockOfGift | None:
    """Return the first block over its day that knew of it: what was booked later is a correction in a later block."""
    for each in kept:
        block = each.block
        is_known = gift.first_allocation is not None and gift.first_allocation <= each.last_allocation
        if is_known and gift.booked_on <= block.last_day:
            return BlockOfGift(number=block.number, first_day=block.first_day, last_day=block.last_day)
    return None
