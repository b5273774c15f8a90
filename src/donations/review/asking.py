"""The open questions: payments with money that has no purpose yet, and what the rules make of them now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from donations.core.allocation import AllocationId
from donations.core.donor import Appeal, Donor, DonorId
from donations.core.money import Minor
from donations.core.payment import Payment, PaymentId
from donations.ledger.booking import live, unallocated
from donations.matching.decide import decide
from donations.matching.directory import Directory
from donations.matching.outcome import Ask, Outcome
from donations.store.donors import people
from donations.store.payments.allocations import allocations_of
from donations.store.payments.directory import directory_around, givers_directory
from donations.store.payments.payments import load_payments, unallocated_ids
from donations.store.payments.shown import shown_payments, unnamed_payers, without_payer
from donations.store.session import ReadSession
from donations.store.statements.findings import Disagreed, questions_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A payment with money that has no purpose yet, and what the rules make of it now."""

    payment: Payment
    unallocated: Minor
    outcome: Outcome
    standing: tuple[AllocationId, ...] = ()
    """The numbers of what stands of its allocations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything that waits for a person."""

    questions: tuple[Question, ...]
    findings: tuple[Disagreed, ...]
    payments: dict[PaymentId, Payment]
    """The payments that the findings name."""
    donors: dict[DonorId, Donor]
    """The donors that proposals name."""
    appeals: tuple[Appeal, ...]


def review(session: ReadSession, only: Sequence[PaymentId] | None = None) -> Review:
    """Return the open questions, or those of the payments named; payers as they may be shown."""
    ids = unallocated_ids(session) if only is None else list(only)
    payments = load_payments(session, ids)
    outcomes, payers = judged_now(session, payments), unnamed_payers(session, ids)
    standing = allocations_of(session, ids)
    findings = tuple(questions_between(session)) if only is None else ()
    named = shown_payments(session, [each for f in findings for each in (f.payment, f.other) if each])
    proposals = [p for outcome in outcomes.values() if isinstance(outcome, Ask) for p in outcome.proposals]
    return Review(
        questions=tuple(
            Question(
                payment=without_payer(payment, payers),
                unallocated=unallocated(payment, standing.get(payment.id, [])),
                outcome=outcomes[payment.id],
                standing=tuple(row.id for row in live(standing.get(payment.id, []))),
            )
            for payment in sorted(payments, key=lambda each: (each.booked_on, each.id))
        ),
        findings=findings,
        payments={payment.id: payment for payment in named},
        donors=people.donors(session, [p.donor for p in proposals if p.donor is not None]),
        appeals=people.appeals(session),
    )


def judged_now(session: ReadSession, payments: Sequence[Payment]) -> dict[PaymentId, Outcome]:
    """Return what the rules make of these payments as things stand."""
    directory = directory_now(session, payments)
    return {payment.id: decide(payment, directory) for payment in payments}


def directory_now(session: ReadSession, payments: Sequence[Payment]) -> Directory:
    """Return what is known, as things stand, of all who may have paid these payments, and of gifts."""
    return givers_directory(session, payments, directory_around(session, payments))
