"""Questions alike: of the same side and for the same reason, and those among them that one answer is offered for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from donations.acts.asking import Question, Review, review
from donations.core.iban import UnverifiedAccount
from donations.core.keyword import normal
from donations.core.name import name_key
from donations.core.payment import Payment
from donations.matching.outcome import Ask, AskReason
from donations.matching.standing_rules import Direction
from donations.store.payments.questions import waiting_from
from donations.store.session import ReadSession

ALIKE_MAX = 100
"""More are answered in turns: a person looks at each before the answer is booked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionGroup:
    """A question, and the other ones that say the same in the same words: one answer is for all of them."""

    question: Question
    others: tuple[Question, ...] = ()

    @property
    def all(self) -> tuple[Question, ...]:
        """The question and the others, the oldest first."""
        return tuple(sorted((self.question, *self.others), key=_oldest_first))


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPayment:
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

    @property
    def group(self) -> QuestionGroup:
        """The question with those alike that one answer is offered for."""
        said = _said(self.question)
        same = (each for each in self.alike if said is not None and _said(each) == said)
        return QuestionGroup(question=self.question, others=tuple(same))


def asked(session: ReadSession, payment: Payment, *, today: date) -> AskedPayment:
    """Return a payment as a question with those alike, all judged at once."""
    account, name = payment.counterparty.account, payment.counterparty.name
    number = account.text if isinstance(account, UnverifiedAccount) else account or ""
    ids = waiting_from(session, account=number, name=name, today=today) if number or name else []
    together = review(session, only=[payment.id, *(each for each in ids[: ALIKE_MAX + 1] if each != payment.id)])
    (own,) = (each for each in together.questions if each.payment.id == payment.id)
    others = (each for each in together.questions if each is not own)
    return AskedPayment(
        payment=payment,
        own=replace(together, questions=(own,)),
        alike=tuple(each for each in others if own.unallocated and _key(each) == _key(own)),
    )


def grouped(questions: Iterable[Question]) -> list[QuestionGroup]:
    """Return questions with those that one answer is offered for together, in the order of the first of each."""
    groups: defaultdict[object, list[Question]] = defaultdict(list)
    for each in questions:
        said = _said(each)
        groups[each.payment.id if said is None else (_key(each), said)].append(each)
    return [QuestionGroup(question=first, others=tuple(others)) for first, *others in groups.values()]


def _key(question: Question) -> tuple[object, ...]:
    payment, whole = question.payment, question.payment.money.amount.minor
    party = payment.counterparty
    reason = question.outcome.reason.code, question.unallocated == whole
    return (party.account, name_key(party.name), Direction.of(payment), reason)


def _said(question: Question) -> tuple[object, ...] | None:
    """Return what the bank's text says and what is offered; None where an offer is about this very payment alone."""
    outcome, party = question.outcome, question.payment.counterparty
    if not isinstance(outcome, Ask) or not outcome.proposals or not (party.account or party.name):
        return None
    if outcome.why in {AskReason.SEVERAL_DONORS, AskReason.PAYER_DIFFERS}:
        return None  # each may be somebody else's
    if question.unallocated != question.payment.money.amount.minor:
        return None
    if any(each.part is not None or each.about is not None for each in outcome.proposals):
        return None
    return normal(question.payment.text), outcome.proposals


def _oldest_first(question: Question) -> tuple[date, int]:
    return question.payment.booked_on, question.payment.id
