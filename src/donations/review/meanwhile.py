"""What became of a payment since somebody looked at it: nobody's answer is turned round by who did not see it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from donations.core.allocation import Allocation, Purpose
from donations.core.donor import Claim, DonorId
from donations.core.name import name_key
from donations.core.payment import Payment, PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.ledger.booking import live, unallocated
from donations.matching.explain import BECAUSE
from donations.review.said import Answer, NewDonor, appeal_said
from donations.store.donors import people
from donations.store.payments.allocations import allocations_of
from donations.store.session import ReadSession


def refuse_unseen(session: ReadSession, payment_id: PaymentId, seen: Collection[int]) -> None:
    """Refuse an answer to a payment on which other allocations stand than were seen.

    Raises `Refusal` with `proposal_outdated`.
    """
    if {row.id for row in _standing(session, payment_id)} != set(seen):
        raise Refusal(AnswerCode.PROPOSAL_OUTDATED)


def is_left(session: ReadSession, payment: Payment) -> bool:
    """Whether some of a payment has no purpose yet."""
    return unallocated(payment, _standing(session, payment.id)) > 0


def stands_already(session: ReadSession, payment: Payment, parts: Sequence[Answer], *, by: str) -> bool:
    """Whether these very answers of this person are what stands on a whole payment: then they were sent twice.

    A proposal that was taken counts by what it booked, for its reason may be another one since its donor is known.
    """
    rows = _standing(session, payment.id)
    if unallocated(payment, rows) or len(rows) != len(parts) or any(row.decision.person != by for row in rows):
        return False
    whole = payment.money.amount.minor
    wanted = [(part.purpose, part.minor or whole, appeal_said(session, part), _reason(part.reason)) for part in parts]
    found = [(row.purpose, row.amount.minor, row.appeal, _reason(row.decision.reason)) for row in rows]
    pairs = zip(parts, rows, strict=True)
    return wanted == found and all(_is_donor(session, part, row.donor) for part, row in pairs)


def _standing(session: ReadSession, payment_id: PaymentId) -> list[Allocation]:
    return live(allocations_of(session, [payment_id]).get(payment_id, []))


def _reason(reason: str) -> str:
    return "" if reason in BECAUSE else reason


def _is_donor(session: ReadSession, part: Answer, donor: DonorId | None) -> bool:
    if part.donor is None or part.purpose not in {Purpose.GIFT, Purpose.REFUND}:
        return donor is None
    if donor is None:
        return False
    if isinstance(part.donor, NewDonor | str):
        name = part.donor.name if isinstance(part.donor, NewDonor) else part.donor
        return name_key(people.donors(session, [donor])[donor].name) == name_key(name)
    if isinstance(part.donor, Claim):
        return people.donors_claimed(session, [part.donor]).get(part.donor) == donor
    return part.donor == donor
