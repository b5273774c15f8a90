"""The open questions: what the rules make of them now, their kinds, and as a queue that a person walks through."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from donations.core.donor import Appeal, Donor, DonorId
from donations.core.money import Minor
from donations.core.payment import Allocation, AllocationId, Payment, PaymentId
from donations.ledger.booking import live, unallocated
from donations.matching.decide import decide
from donations.matching.directory import Directory
from donations.matching.outcome import Ask, AskReason, Outcome
from donations.store.donors import people
from donations.store.kept_sums import unallocated_ids
from donations.store.payments.allocations import allocations_of
from donations.store.payments.directory import directory_around, givers_directory
from donations.store.payments.payments import load_payments
from donations.store.payments.questions import WaitingPayment, waiting
from donations.store.payments.shown import shown_details, shown_payments, unnamed_payers, without_payer
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
    about: dict[PaymentId, Payment]
    """The payments that proposals are about, as they may be shown: gifts that go back, what came back, other sides."""
    own_names: dict[str, str]
    """What own accounts are called, by number."""


def review(session: ReadSession, only: Sequence[PaymentId] | None = None) -> Review:
    """Return the open questions, or those of the payments named; payers as they may be shown."""
    ids = unallocated_ids(session) if only is None else list(only)
    payments = load_payments(session, ids)
    payments = [replace(each, details=shown_details(session, each)) if each.details else each for each in payments]
    standing, payers = allocations_of(session, ids), unnamed_payers(session, ids)
    outcomes = {
        payment: _without_booked(outcome, live(standing.get(payment, [])), of)
        for (payment, outcome), of in zip(judged_now(session, payments).items(), payments, strict=True)
    }
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
        own_names={each.number: each.name for each in people.accounts(session)},
        about={each.id: each for each in shown_payments(session, [p.about for p in proposals if p.about is not None])},
    )


def _without_booked(outcome: Outcome, booked: Sequence[Allocation], payment: Payment) -> Outcome:
    """Leave out proposed parts that are booked already, in whatever amount, or more than is left.

    Of parts of an amount that was booked for somebody else too nobody can tell which of them that was.
    """
    if not isinstance(outcome, Ask) or not payment.details:
        return outcome
    left, amounts = unallocated(payment, booked), [each.money.amount.minor for each in payment.transactions]
    open_parts = {each.part: each for each in outcome.proposals if each.part is not None and amounts[each.part] <= left}
    for row in booked:
        own = [part for part, each in open_parts.items() if each.donor == row.donor]
        same = [part for part in open_parts if amounts[part] == row.amount.minor]
        gone = [part for part in own if part in same][:1] or own[:1] or same
        open_parts = {part: each for part, each in open_parts.items() if part not in gone}
    kept = tuple(each for each in outcome.proposals if each.part is None or open_parts.get(each.part) is not None)
    return replace(outcome, proposals=kept)


def judged_now(session: ReadSession, payments: Sequence[Payment]) -> dict[PaymentId, Outcome]:
    """Return what the rules make of these payments as things stand."""
    directory = directory_now(session, payments)
    entries = [each for each in payments if each.details]
    shown = [part for each in entries for part in each.transactions]
    # What the bank shows of an entry is for its own proposals: rules book no other payment by it.
    by_parts = directory_now(session, [*entries, *shown]) if shown else directory
    return {payment.id: decide(payment, by_parts if payment.details else directory) for payment in payments}


def directory_now(session: ReadSession, payments: Sequence[Payment]) -> Directory:
    """Return what is known, as things stand, of all who may have paid these payments, and of gifts."""
    return givers_directory(session, payments, directory_around(session, payments))


LOOKED_THROUGH = 100
"""So many questions of a long queue are judged for one page."""


class QuestionKind(StrEnum):
    """What a question is about, as people sort them."""

    NEAR_MISS = "near"
    NO_KEYWORD = "keyword"
    WHICH_DONOR = "donor"
    WHICH_APPEAL = "appeal"
    GOING_BACK = "back"
    NO_DONOR = "payer"
    UNKNOWN = "unknown"
    REST = "rest"  # of a payment that was answered in part


_KINDS = {
    AskReason.NEAR_KEYWORD: QuestionKind.NEAR_MISS,
    AskReason.KEYWORD_MISSING: QuestionKind.NO_KEYWORD,
    AskReason.NO_IBAN: QuestionKind.WHICH_DONOR,
    AskReason.IBAN_INVALID: QuestionKind.WHICH_DONOR,
    AskReason.SEVERAL_DONORS: QuestionKind.WHICH_DONOR,
    AskReason.PAYER_DIFFERS: QuestionKind.WHICH_DONOR,
    AskReason.SEVERAL_KEYWORDS: QuestionKind.WHICH_APPEAL,
    AskReason.NEGATED_KEYWORD: QuestionKind.GOING_BACK,
    AskReason.OTHER_PURPOSE: QuestionKind.GOING_BACK,
    AskReason.CAME_BACK: QuestionKind.GOING_BACK,
    AskReason.REFUND: QuestionKind.GOING_BACK,
    AskReason.SAYS_RETURN: QuestionKind.GOING_BACK,
    AskReason.GIFT_RETURNED: QuestionKind.GOING_BACK,
    AskReason.PAYER_IS_NO_DONOR: QuestionKind.NO_DONOR,
    AskReason.TAKEN_BACK: QuestionKind.GOING_BACK,
    AskReason.OWN_MONEY: QuestionKind.NO_DONOR,
    AskReason.UNEXPLAINED: QuestionKind.WHICH_DONOR,
    AskReason.UNKNOWN: QuestionKind.UNKNOWN,
}


def kind_of(question: Question) -> QuestionKind:
    """Return what a question is about."""
    return _KINDS[question.outcome.why] if isinstance(question.outcome, Ask) else QuestionKind.REST


@dataclass(frozen=True, slots=True, kw_only=True)
class OfKind:
    """The questions of a kind at the head of a queue."""

    review: Review
    looked_at: int
    """How many of the queue were judged for that."""


def of_kind(session: ReadSession, queue: Sequence[PaymentId], kind: QuestionKind) -> OfKind:
    """Look for questions of a kind among the first ones of a queue: no page judges all of a long one."""
    judged = review(session, only=queue[:LOOKED_THROUGH])
    found = tuple(each for each in judged.questions if kind_of(each) is kind)
    return OfKind(review=replace(judged, questions=found), looked_at=len(judged.questions))


_NEARBY = 25
"""Neighbours of a kind are looked for so far on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlace:
    """Where a payment stands in the queue, or would stand, were it not answered."""

    at: int
    """Counted from 1."""
    total: int
    before: PaymentId | None
    behind: PaymentId | None


def place_of(session: ReadSession, payment: Payment, *, today: date, kind: QuestionKind | None = None) -> QueuePlace:
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
    return QueuePlace(
        at=at + 1,
        total=len(queue),
        before=before[-1] if before else None,
        behind=behind[0] if behind else None,
    )


def _order(each: WaitingPayment) -> tuple[date, PaymentId]:
    return each.booked_on, each.id
