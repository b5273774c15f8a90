"""What the treasurer answers to a question, knowing the truth: the proposal that fits, or an answer with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from donations.acts.answering import answer, split
from donations.acts.asking import Question, Review, review
from donations.acts.offering import Answer, offered
from donations.core.donor import ANONYMOUS, AppealId, CodeClaim, DonorId, PayerClaim
from donations.core.name import name_key
from donations.core.payment import Payment, Purpose
from donations.demo.movement import Bank, Movement, Truth
from donations.matching.outcome import Ask, Proposal
from donations.store.donors import people
from donations.store.session import ReadSession, WriteSession, as_reader

_Seen = tuple[object, ...]
"""A payment as the bank shows it."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The truth about every payment that the rules ask about."""

    truths: Mapping[_Seen, Truth]

    @classmethod
    def of(cls, movements: Sequence[Movement]) -> Knowledge:
        """Return what a story knows."""
        asked = (each for each in movements if not each.truth.is_plain)
        return cls(
            {(each.bank, each.day, each.minor, name_key(each.party.name), each.text): each.truth for each in asked}
        )

    def about(self, payment: Payment) -> Truth | None:
        """Return the truth about a payment that the story made."""
        bank = Bank(str(payment.account)[4:6])
        name = name_key(payment.counterparty.name)
        return self.truths.get((bank, payment.booked_on, payment.money.signed_minor, name, payment.text))


def answer_all_but(session: WriteSession, known: Knowledge, *, left: int, by: str, now: datetime) -> int:
    """Answer the oldest questions until so many are left; return how many were answered."""
    reader = as_reader(session)
    answered = 0
    for asked in review(reader).questions[: -left or None]:
        truth = known.about(asked.payment)
        found = review(reader, only=[asked.payment.id])  # what was answered before may have answered or changed it
        (question,) = found.questions
        if truth is not None and question.unallocated:
            given = answer_of(reader, question, truth, found)
            if truth.fee:
                fee = Answer(purpose=Purpose.INCOME, reason="Membership fee of 20 euros.", minor=truth.fee)
                gift = replace(given, minor=question.unallocated - truth.fee)
                split(session, question.payment.id, [gift, fee], by=by, now=now)
            else:
                answer(session, question.payment.id, given, by=by, now=now)
            answered += 1
    return answered


def answer_of(session: ReadSession, question: Question, truth: Truth, found: Review) -> Answer:
    """Return the proposal that is the truth, else an answer in words."""
    if truth.purpose is Purpose.INCOME:
        return Answer(purpose=Purpose.INCOME, reason=truth.why)
    fitting = _fitting(question, truth, found)
    if fitting is not None:
        return offered(fitting, question.payment)
    return Answer(
        purpose=truth.purpose,
        reason=truth.why,
        donor=_donor(session, truth),
        appeal=_appeal(found, truth) if truth.purpose is Purpose.GIFT else None,
    )


def _fitting(question: Question, truth: Truth, found: Review) -> Proposal | None:
    """Return the proposal that is the truth."""
    if not isinstance(question.outcome, Ask):
        return None
    for each in question.outcome.proposals:
        is_appeal = truth.purpose is not Purpose.GIFT or each.appeal == _appeal(found, truth)
        is_whole = each.part is None
        if (
            each.purpose is truth.purpose
            and is_whole
            and is_appeal
            and _is_of(each, truth.donor, question.payment, found)
        ):
            return each
    return None


def _is_of(proposal: Proposal, donor: str, payment: Payment, found: Review) -> bool:
    """Whether a proposal is about a donor of the story, however banks write the name."""
    return name_key(_names(proposal, payment, found)) == name_key(donor)


def _names(proposal: Proposal, payment: Payment, found: Review) -> str:
    """Return the name of the donor that a proposal is about, as the story has it; empty for none."""
    if proposal.donor is not None:
        return found.donors[proposal.donor].name
    match proposal.claim:
        case CodeClaim():
            return payment.counterparty.name
        case PayerClaim(_, name):
            names = (payment.counterparty.name, payment.counterparty.on_behalf_of)
            return next((each for each in names if name_key(each) == name), "")
        case None:
            return ""


def _donor(session: ReadSession, truth: Truth) -> DonorId | str:
    if not truth.donor:
        return ANONYMOUS
    key = name_key(truth.donor)
    known = people.donors_named(session, [key]).get(key, frozenset())
    return min(known, default=truth.donor)


def _appeal(found: Review, truth: Truth) -> AppealId:
    return next(appeal.id for appeal in found.appeals if appeal.name == truth.appeal)
