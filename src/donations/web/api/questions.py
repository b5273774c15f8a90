"""Questions: what waits for a person, with numbered proposals, and the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from pydantic import Field

from donations.access.permission import Permission
from donations.core.allocation import Purpose
from donations.core.payment import PaymentId
from donations.matching.explain import BECAUSE, explain
from donations.matching.outcome import Ask, Because, Outcome
from donations.review import Review, payment_with_id, review, split
from donations.review import answer as book_answer
from donations.store.api.listing import Wanted, payment_ids
from donations.store.session import as_reader, reading, writing
from donations.web.access import VisitorHere, needs
from donations.web.api.answered import AnswerIn, ProposalIn, answers_in
from donations.web.api.booked import Named, PaymentOut, payments_out
from donations.web.api.paging import PageHere
from donations.web.api.route import ApiRoute
from donations.web.api.values import InPath, Shown
from donations.web.failure_code import FailureCode
from donations.web.failures import PageError
from donations.web.language import gettext
from donations.web.site import SiteHere
from donations.web.treasurer.questions.questioned import answer_to, question_views

router = APIRouter(prefix="/questions", tags=["questions"], route_class=ApiRoute)


class ProposalOut(Shown):
    """An answer that can be taken by its number."""

    number: int = Field(description="Counted from 1, the best first.")
    promised: str = Field(description="Send it back with the number: it says what you saw.")
    purpose: Purpose
    donor: Named | None = Field(description="The known donor; null for a new one or the anonymous one.")
    new_donor: bool = Field(description="Whether taking it makes a new donor.")
    appeal: Named | None
    about: int | None = Field(description="The payment that it undoes, or the other side of an own transfer.")
    because: str = Field(description="Why it is offered: a stable code.")
    words: str = Field(description="The same in words, in the language asked for.")


class QuestionOut(Shown):
    """A payment with money that has no purpose yet, and what the rules make of it now."""

    payment: PaymentOut
    rule: str = Field(description="The rule that asks, with its version.")
    reason: str = Field(description="Why it asks: a stable code.")
    words: str = Field(description="The same in words, in the language asked for.")
    proposals: list[ProposalOut]


class QuestionsOut(Shown):
    """A page of questions."""

    items: list[QuestionOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


@router.get("")
@needs(Permission.SEE_NAMES)
def list_questions(site: SiteHere, page: PageHere) -> QuestionsOut:
    """List what waits for a person, in the order it came into the books."""
    with reading(site.engine) as session:
        found = payment_ids(session, Wanted(is_unallocated=True), after=page.after, limit=page.one_more)
        ids, cursor = page.cut(found, int)
        payments = {each.id: each for each in payments_out(session, ids)}
        return QuestionsOut(items=_questions(review(session, only=ids), payments), next=cursor)


@router.post("/{payment_id}/answer")
@needs(Permission.DECIDE)
def answer_question(
    site: SiteHere, visitor: VisitorHere, payment_id: InPath, said: AnswerIn | ProposalIn
) -> PaymentOut:
    """Answer a question: take a proposal by its number, or say what the payment or its parts were for.

    A payment that was answered before is answered anew; what stood is reversed, and stays in its history.
    """
    wanted, by, now = PaymentId(payment_id), visitor.name, site.clock()
    with writing(site.engine) as session:
        asked = payment_with_id(as_reader(session), wanted)
        if isinstance(said, ProposalIn):
            taken = answer_to(as_reader(session), asked, number=said.proposal, promised=said.promised)
            if taken is None:
                raise PageError(FailureCode.PROPOSAL_OUTDATED)
            book_answer(session, wanted, taken, by=by, now=now)
        elif said.parts:
            split(session, wanted, answers_in(said, asked), by=by, now=now)
        else:
            book_answer(session, wanted, answers_in(said, asked)[0], by=by, now=now)
        return payments_out(as_reader(session), [wanted])[0]


def _questions(found: Review, payments: Mapping[int, PaymentOut]) -> list[QuestionOut]:
    promised = {view.payment.id: [offer.promised for offer in view.offers] for view in question_views(found)}
    questions = sorted(found.questions, key=lambda each: each.payment.id)
    return [
        QuestionOut(
            payment=payments[each.payment.id],
            rule=each.outcome.reason.rule,
            reason=each.outcome.reason.code,
            words=explain(each.outcome.reason.code, each.outcome.reason.evidence, translate=gettext),
            proposals=_proposals(each.outcome, promised[each.payment.id], found),
        )
        for each in questions
    ]


def _proposals(outcome: Outcome, promised: Sequence[str], found: Review) -> list[ProposalOut]:
    appeals = {None: None} | {each.id: Named(id=each.id, name=each.name) for each in found.appeals}
    donors = {None: None} | {asked: Named(id=each.id, name=each.name) for asked, each in found.donors.items()}
    offers = outcome.proposals if isinstance(outcome, Ask) else ()
    return [
        ProposalOut(
            number=number,
            promised=promise,
            purpose=offered.purpose,
            donor=donors[offered.donor],
            new_donor=offered.donor is None and offered.because is not Because.ANONYMOUS,
            appeal=appeals[offered.appeal],
            about=offered.about,
            because=offered.because,
            words=gettext(BECAUSE[offered.because]),
        )
        for number, (offered, promise) in enumerate(zip(offers, promised, strict=True), start=1)
    ]
