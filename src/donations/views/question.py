"""A question as it is shown: the payment that waits, why it does, and the proposals that can be taken by number."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from donations.acts.asking import Review, review
from donations.acts.offering import Offer, offers
from donations.core.money import Balance
from donations.core.payment import Payment, PaymentId, Purpose
from donations.matching.explain import explain
from donations.store.session import ReadSession
from donations.store.statements.findings import questions_between
from donations.views.decision import Evidence, evidence_views
from donations.views.disagreement import DisagreementView, disagreement_views
from donations.views.payment import PaymentView, payment_views
from donations.views.telling import Teller
from donations.views.value import ListOf, Named, View


class ProposalView(View):
    """An answer that can be taken by its number."""

    number: int = Field(description="Counted from 1, the best first.")
    promised: str = Field(description="Send it back with the number: it says what you saw.")
    purpose: Purpose
    donor: Named | None = Field(description="The known donor; null for a new one or the anonymous one.")
    new_donor: bool = Field(description="Whether taking it makes a new donor.")
    appeal: Named | None
    about: int | None = Field(description="The payment that it undoes, or the other side of an own transfer.")
    because: str = Field(description="Why it is offered: a stable code.")
    what: str = Field(description="What taking it books, in the language asked for.")
    why: str = Field(description="Why it is offered, in the language asked for.")
    words: str = Field(description="Both.")


class QuestionView(View):
    """A payment with money that has no purpose yet, and what the rules make of it now."""

    payment: PaymentView
    rule: str = Field(description="The rule that asks, with its version.")
    reason: str = Field(description="Why it asks: a stable code.")
    words: str = Field(description="The same in words, in the language asked for.")
    evidence: list[Evidence] = Field(description="What the rule saw: places are counted in the text from 0.")
    proposals: list[ProposalView]


class QuestionsView(ListOf[QuestionView]):
    """Questions, and what statements disagree on."""

    findings: list[DisagreementView] = Field(description="What statements disagree on: all of it, on the first page.")


def question_views(session: ReadSession, ids: Sequence[PaymentId], teller: Teller) -> list[QuestionView]:
    """Return the questions about these payments, in the order of their ids."""
    found = review_views(session, review(session, only=ids), teller)
    return sorted(found, key=lambda each: each.payment.id)


def review_views(session: ReadSession, found: Review, teller: Teller) -> list[QuestionView]:
    """Return the questions of a review, in its order."""
    payments = {each.id: each for each in payment_views(session, [each.payment.id for each in found.questions])}
    return [
        QuestionView(
            payment=payments[each.payment.id],
            rule=each.outcome.reason.rule,
            reason=each.outcome.reason.code,
            words=explain(each.outcome.reason.code, each.outcome.reason.evidence, translate=teller.translate),
            evidence=evidence_views(each.outcome.reason.evidence),
            proposals=[_proposal(offer, teller) for offer in offers(each, found)],
        )
        for each in found.questions
    ]


def finding_views(session: ReadSession, teller: Teller) -> list[DisagreementView]:
    """Return what statements disagree on and a person is to decide."""
    return disagreement_views(session, questions_between(session), teller)


def _proposal(offer: Offer, teller: Teller) -> ProposalView:
    given = offer.given
    what = offer.what(teller.translate, named=teller.named)
    why = offer.why(teller.translate, told=lambda payment: _told(payment, teller))
    return ProposalView.made_of(
        offer,
        purpose=given.purpose,
        donor=None if offer.donor is None else Named(id=offer.donor.id, name=offer.donor.name),
        new_donor=offer.is_new,
        appeal=None if given.appeal is None else Named(id=given.appeal, name=offer.appeal_name),
        about=None if offer.about is None else offer.about.id,
        what=what,
        why=why,
        words=f"{what}, {why}",
    )


def _told(payment: Payment, teller: Teller) -> tuple[str, str]:
    moved = Balance(payment.money.signed_minor, payment.money.amount.currency)
    return teller.day(payment.booked_on), teller.amount(moved)
