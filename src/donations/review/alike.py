"""Questions of one kind, and those alike: of the same other side, asked for the same reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from donations.core.iban import UnverifiedAccount
from donations.core.name import name_key
from donations.core.payment import Payment, PaymentId
from donations.matching.outcome import Ask, AskReason
from donations.matching.standing import Direction
from donations.review.asking import Question, Review, review
from donations.store.payments.questions import waiting_from
from donations.store.session import ReadSession

ALIKE_MAX = 100
"""More are answered in turns: a person looks at each before the answer is booked."""
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
    AskReason.OWN_MONEY: QuestionKind.NO_DONOR,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A payment as a question, with those alike."""

    payment: Payment
    own: Review
    """The review of the payment alone."""
    alike: tuple[Question, ...]
    """The other waiting questions of the same account and name, asked for the same reason; the oldest first."""

    @property
    def question(self) -> Question:
        """The payment's own question."""
        return self.own.questions[0]


def asked(session: ReadSession, payment: Payment, *, today: date) -> Asked:
    """Return a payment as a question with those alike, all judged at once."""
    account, name = payment.counterparty.account, payment.counterparty.name
    number = account.text if isinstance(account, UnverifiedAccount) else account or ""
    ids = waiting_from(session, account=number, name=name, today=today) if number or name else []
    together = review(session, only=[payment.id, *(each for each in ids[: ALIKE_MAX + 1] if each != payment.id)])
    (own,) = (each for each in together.questions if each.payment.id == payment.id)
    others = (each for each in together.questions if each is not own)
    return Asked(
        payment=payment,
        own=replace(together, questions=(own,)),
        alike=tuple(each for each in others if own.unallocated and _key(each) == _key(own)),
    )


def _key(question: Question) -> tuple[object, ...]:
    payment, whole = question.payment, question.payment.money.amount.minor
    party = payment.counterparty
    reason = question.outcome.reason.code, question.unallocated == whole
    return (party.account, name_key(party.name), Direction.of(payment), reason)
