"""A payment's allocations with their decisions in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from donations.core.allocation import Allocation, Decision
from donations.core.donor import DonorId
from donations.ledger.booking import FACTS_CHANGED, WITHDRAWN, live
from donations.matching.explain import BECAUSE, explain
from donations.store import people
from donations.store.session import ReadSession

_OF_BOOKING = {
    FACTS_CHANGED.reason: "Taken back: what is known about the payment has changed.",
    WITHDRAWN.reason: "Taken back: the import that showed the payment was undone.",
}

_TAKEN = {because: f"A person took the proposal: {said}." for because, said in BECAUSE.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """One allocation, or the reversal of one."""

    allocation: Allocation
    stands: bool
    donor_name: str
    appeal_name: str
    words: str


def decided(session: ReadSession, allocations: Sequence[Allocation]) -> list[DecisionView]:
    """Return the allocations in the order they were made."""
    standing = {row.id for row in live(allocations)}
    names: dict[DonorId, str] = {
        donor.id: donor.name
        for donor in people.donors(session, [row.donor for row in allocations if row.donor is not None]).values()
    }
    appeals = {appeal.id: appeal.name for appeal in people.appeals(session)}
    return [
        DecisionView(
            allocation=row,
            stands=row.id in standing,
            donor_name="" if row.donor is None else names[row.donor],
            appeal_name="" if row.appeal is None else appeals[row.appeal],
            words=_in_words(row.decision),
        )
        for row in allocations
    ]


def _in_words(decision: Decision) -> str:
    if decision.person is not None:
        return _TAKEN.get(decision.reason, decision.reason)
    return _OF_BOOKING.get(decision.reason) or explain(decision.reason, decision.evidence)
