"""What needs a person, and what becomes of the person's answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from donations.bookkeeping import Touched, judge
from donations.core.allocation import Allocation, AllocationId, Decision, Purpose
from donations.core.donor import Appeal, AppealId, Claim, CodeClaim, Donor, DonorId, PayerClaim
from donations.core.money import Amount, BadAmountError, Minor, MoneyIn
from donations.core.name import name_key
from donations.core.payment import Payment, PaymentId
from donations.ledger.booking import CannotAllocateError, Wanted, allocate, live, reverse_all, unallocated
from donations.matching.decide import decide
from donations.matching.outcome import Ask, Outcome
from donations.matching.payer import claimed_code
from donations.store import people
from donations.store.allocations import allocations_of, append_allocations
from donations.store.directory import givers_directory, payers_directory
from donations.store.findings import standing_findings
from donations.store.ids import next_ids
from donations.store.payments import load_payments, payments_sharing, unallocated_ids
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables import AllocationRow, DonorRow, FindingRow

ANONYMOUS = DonorId(1)
"""The one anonymous donor, there from the first migration on."""


class CannotAnswerError(ValueError):
    """The answer does not fit; nothing was changed. `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the stable code."""
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A payment with money that has no purpose yet, and what the rules make of it now."""

    payment: Payment
    unallocated: Minor
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything that waits for a person."""

    questions: tuple[Question, ...]
    findings: tuple[FindingRow, ...]
    payments: dict[PaymentId, Payment]
    """The payments that the findings name."""
    donors: dict[DonorId, Donor]
    """The donors that proposals name."""
    appeals: tuple[Appeal, ...]


def review(session: ReadSession, only: Sequence[PaymentId] | None = None) -> Review:
    """Return the open questions, or those of the payments named."""
    ids = unallocated_ids(session) if only is None else list(only)
    payments = load_payments(session, ids)
    outcomes = judged_now(session, payments)
    standing = allocations_of(session, ids)
    findings = tuple(standing_findings(session)) if only is None else ()
    named = load_payments(session, [PaymentId(each) for f in findings for each in (f.payment_id, f.other_id) if each])
    proposals = [p for outcome in outcomes.values() if isinstance(outcome, Ask) for p in outcome.proposals]
    return Review(
        questions=tuple(
            Question(
                payment=payment,
                unallocated=unallocated(payment, standing.get(payment.id, [])),
                outcome=outcomes[payment.id],
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
    accounts = [p.counterparty.account for p in payments if isinstance(p.counterparty.account, str)]
    codes = [code for p in payments if (code := claimed_code(p.counterparty.code, p.text)) is not None]
    sharing = payments_sharing(session, accounts=accounts, codes=codes, without={p.id for p in payments})
    directory = payers_directory(session, [*payments, *load_payments(session, sharing)])
    directory = givers_directory(session, payments, directory)
    return {payment.id: decide(payment, directory) for payment in payments}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person says a payment, or a part of it, was for."""

    purpose: Purpose
    reason: str
    donor: DonorId | Claim | str | None = None
    """A known donor, how one is recognised from now on, or the name of one; made where there is none."""
    appeal: AppealId | None = None
    minor: Minor | None = None
    """A part of the payment in minor units; None for all that is left, or for the whole where it was booked before."""


def answer(session: WriteSession, payment_id: PaymentId, given: Answer, *, by: str, now: datetime) -> Allocation:
    """Book a person's decision, and judge again what may depend on it.

    An answer is for what is left of the payment, or a part of it; where nothing is left, what stood is reversed
    first. Raises `CannotAnswerError`, and has written nothing then.
    """
    reader = as_reader(session)
    payment = payment_with_id(reader, payment_id)
    rows = allocations_of(reader, [payment_id]).get(payment_id, [])
    decision = Decision(reason=given.reason, person=by)
    ids = next_ids(session, AllocationRow)
    appended: list[Allocation] = []
    left = unallocated(payment, rows)
    if not left:
        appended = reverse_all(rows, decision, ids)
        left = payment.money.amount.minor
    try:
        amount = Amount(left if given.minor is None else given.minor, payment.money.amount.currency)
    except BadAmountError as error:
        raise CannotAnswerError("bad_amount", "An amount is more than nothing.") from error
    wanted = Wanted(
        purpose=given.purpose,
        amount=amount,
        decision=decision,
        donor=_donor(session, given.donor, payment),
        appeal=_appeal(reader, given),
    )
    try:
        made = allocate(payment, [*rows, *appended], wanted, AllocationId(next(ids)))
    except CannotAllocateError as error:
        raise CannotAnswerError("cannot_allocate", f"That does not fit: {error}.") from error
    append_allocations(session, [*appended, made], at=now)
    judge(session, Touched(payments={payment.id: payment}), now=now)
    return made


def take_back(session: WriteSession, payment_id: PaymentId, *, by: str, now: datetime) -> int:
    """Take back what people decided of a payment, so that the rules have the word again; returns how many decisions.

    Raises `CannotAnswerError`.
    """
    payment = payment_with_id(as_reader(session), payment_id)
    rows = allocations_of(as_reader(session), [payment_id]).get(payment_id, [])
    decided = [row for row in live(rows) if row.decision.person is not None]
    if not decided:
        raise CannotAnswerError("nothing_answered", f"Nobody answered payment {payment_id}.")
    ids = next_ids(session, AllocationRow)
    append_allocations(session, reverse_all(rows, Decision(reason="taken_back", person=by), ids), at=now)
    judge(session, Touched(payments={payment.id: payment}), now=now)
    return len(decided)


def payment_with_id(session: ReadSession, payment_id: PaymentId) -> Payment:
    """Return an attested payment; raises `CannotAnswerError` where there is none."""
    found = load_payments(session, [payment_id])
    if not found:
        raise CannotAnswerError("unknown_payment", f"There is no payment {payment_id}.")
    return found[0]


def proposed(session: ReadSession, payment_id: PaymentId, number: int) -> Answer:
    """Return the answer that a proposal (counted from 1) stands for; raises `CannotAnswerError`."""
    questions = review(session, only=[payment_id]).questions
    outcome = questions[0].outcome if questions else None
    if not isinstance(outcome, Ask) or not 1 <= number <= len(outcome.proposals):
        raise CannotAnswerError("no_such_proposal", f"Payment {payment_id} has no proposal {number}.")
    chosen = outcome.proposals[number - 1]
    donor: DonorId | Claim | None = chosen.donor or chosen.claim
    if chosen.purpose is Purpose.GIFT and donor is None:
        donor = ANONYMOUS
    return Answer(purpose=chosen.purpose, reason=chosen.because.value, donor=donor, appeal=chosen.appeal)


def other_purpose(payment: Payment) -> Purpose:
    """Return what neither gift, refund nor transfer is called in the payment's direction."""
    return Purpose.INCOME if isinstance(payment.money, MoneyIn) else Purpose.COST


def _appeal(session: ReadSession, given: Answer) -> AppealId | None:
    if given.purpose is not Purpose.GIFT:
        return None
    appeals = people.appeals(session)
    if given.appeal is not None:
        if given.appeal not in {appeal.id for appeal in appeals}:
            raise CannotAnswerError("unknown_appeal", f"There is no appeal {given.appeal}.")
        return given.appeal
    if len(appeals) != 1:
        raise CannotAnswerError("appeal_needed", "There are several appeals: say which one.")
    return appeals[0].id


def _donor(session: WriteSession, given: DonorId | Claim | str | None, payment: Payment) -> DonorId | None:
    reader = as_reader(session)
    if isinstance(given, CodeClaim | PayerClaim):
        claimed = people.donors_claimed(reader, [given]).get(given)
        if claimed is None:
            claimed = DonorId(next(next_ids(session, DonorRow)))
            party = payment.counterparty
            is_payer = not isinstance(given, PayerClaim) or given.name == name_key(party.name)
            people.add_donors(session, {claimed: party.name if is_payer else party.on_behalf_of})
            people.add_claims(session, {given: claimed})
        return claimed
    if not isinstance(given, str):
        if given is not None and given not in people.donors(reader, [given]):
            raise CannotAnswerError("unknown_donor", f"There is no donor {given}.")
        return given
    known = people.donors_named(reader, [name_key(given)]).get(name_key(given), frozenset())
    if len(known) > 1:
        numbers = ", ".join(str(each) for each in sorted(known))
        raise CannotAnswerError("several_donors", f"Several donors have that name: use a number ({numbers}).")
    if known:
        return next(iter(known))
    if not name_key(given):
        raise CannotAnswerError("donor_needed", "A donor has a name.")
    donor = DonorId(next(next_ids(session, DonorRow)))
    people.add_donors(session, {donor: given})
    return donor
