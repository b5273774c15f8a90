"""The questions as a queue that a person walks through, all of them or those of one kind."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

from donations.core.payment import Payment, PaymentId
from donations.review.alike import QuestionKind, of_kind
from donations.store.payments.questions import Waiting, waiting
from donations.store.session import ReadSession

_NEARBY = 25
"""Neighbours of a kind are looked for so far on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a payment stands in the queue, or would stand, were it not answered."""

    at: int
    """Counted from 1."""
    total: int
    before: PaymentId | None
    behind: PaymentId | None


def place_of(session: ReadSession, payment: Payment, *, today: date, kind: QuestionKind | None = None) -> Place:
    """Return where a payment stands, and its neighbours of the kind; behind the last comes nothing."""
    queue = waiting(session, today=today)
    at = bisect_left(queue, (payment.booked_on, payment.id), key=_order)
    is_here = at < len(queue) and queue[at].id == payment.id
    earlier, later = queue[max(0, at - _NEARBY) : at], queue[at + is_here :][:_NEARBY]
    walked = [each.id for each in (*earlier, *later)]
    if kind is not None:
        walked = [each.payment.id for each in of_kind(session, walked, kind).review.questions]
    before = [each.id for each in earlier if each.id in walked]
    behind = [each.id for each in later if each.id in walked]
    return Place(
        at=at + 1,
        total=len(queue),
        before=before[-1] if before else None,
        behind=behind[0] if behind else None,
    )


def _order(each: Waiting) -> tuple[date, PaymentId]:
    return each.booked_on, each.id
