"""What to append so that a payment's allocations say what is known now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from donations.core.donor import AppealId, DonorId
from donations.core.money import Amount, Minor, MoneyIn
from donations.core.payment import Allocation, AllocationId, Decision, Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode

_OF_MONEY_IN = frozenset({Purpose.GIFT, Purpose.TRANSFER, Purpose.INCOME})
_OF_MONEY_OUT = frozenset({Purpose.REFUND, Purpose.TRANSFER, Purpose.COST})


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedAllocation:
    """What a part of a payment should be allocated to."""

    purpose: Purpose
    amount: Amount
    decision: Decision
    donor: DonorId | None = None
    appeal: AppealId | None = None
    returns: PaymentId | None = None


def live(allocations: Iterable[Allocation]) -> list[Allocation]:
    """Return the allocations that nothing reversed."""
    rows = list(allocations)
    if not rows:
        return rows
    reversed_ids = {row.reverses for row in rows if row.reverses is not None}
    return [row for row in rows if row.reverses is None and row.id not in reversed_ids]


def unallocated(payment: Payment, allocations: Iterable[Allocation]) -> Minor:
    """Return the payment's minor units (unsigned) that have no purpose yet."""
    return payment.money.amount.minor - sum(row.amount.minor for row in live(allocations))


def allocate(
    payment: Payment, allocations: Iterable[Allocation], wanted: WantedAllocation, new_id: AllocationId
) -> Allocation:
    """Return the allocation of a part of a payment.

    Raises `Refusal` where it would exceed what is left of the payment, is in another currency, the purpose does not fit
    the direction of the money, or a gift has no donor or appeal.
    """
    fitting = _OF_MONEY_IN if isinstance(payment.money, MoneyIn) else _OF_MONEY_OUT
    is_whole = wanted.purpose is not Purpose.GIFT or (wanted.donor is not None and wanted.appeal is not None)
    is_left = wanted.amount.minor <= unallocated(payment, allocations)
    is_same_currency = wanted.amount.currency == payment.money.amount.currency
    if not (wanted.purpose in fitting and is_same_currency and is_left and is_whole):
        raise Refusal(AnswerCode.CANNOT_ALLOCATE)
    return Allocation(
        id=new_id,
        payment=payment.id,
        purpose=wanted.purpose,
        amount=wanted.amount,
        decision=wanted.decision,
        donor=wanted.donor,
        appeal=wanted.appeal,
        returns=wanted.returns,
    )


def reverse(allocation: Allocation, decision: Decision, new_id: AllocationId) -> Allocation:
    """Return the allocation that takes another back whole."""
    return Allocation(
        id=new_id,
        payment=allocation.payment,
        purpose=allocation.purpose,
        amount=allocation.amount,
        decision=decision,
        donor=allocation.donor,
        appeal=allocation.appeal,
        reverses=allocation.id,
        returns=allocation.returns,
    )


def reverse_all(allocations: Sequence[Allocation], decision: Decision, ids: Iterator[int]) -> list[Allocation]:
    """Return what takes back all that stands of a payment's allocations."""
    return [reverse(row, decision, AllocationId(next(ids))) for row in live(allocations)]


FACTS_CHANGED = Decision(reason="facts_changed", rule="rebook/1")
WITHDRAWN = Decision(reason="withdrawn", rule="rebook/1")


def rebook(
    payment: Payment, allocations: Sequence[Allocation], wanted: WantedAllocation | None, ids: Iterator[int]
) -> list[Allocation]:
    """Return what to append so that the rules' allocation is `wanted` (None: none).

    What a person decided stays; what already says so stays; anything else is reversed and booked anew.
    """
    if not allocations:  # most payments that come are new
        return [] if wanted is None else [allocate(payment, (), wanted, AllocationId(next(ids)))]
    standing = live(allocations)
    if any(row.decision.person is not None for row in standing):
        return []
    if wanted is not None and len(standing) == 1 and _says(standing[0], wanted):
        return []
    appended = reverse_all(standing, FACTS_CHANGED, ids)
    if wanted is not None:
        appended.append(allocate(payment, [], wanted, AllocationId(next(ids))))
    return appended


def _says(row: Allocation, wanted: WantedAllocation) -> bool:
    return (row.purpose, row.amount, row.donor, row.appeal, row.decision.rule_kept) == (
        wanted.purpose,
        wanted.amount,
        wanted.donor,
        wanted.appeal,
        wanted.decision.rule_kept,
    )
