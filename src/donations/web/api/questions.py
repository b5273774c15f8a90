"""Questions: what waits for a person, with numbered proposals, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from donations.access.permission import Permission
from donations.core.allocation import Purpose
from donations.core.payment import PaymentId
from donations.matching.explain import explain
from donations.review import (
    Offer,
    Review,
    is_left,
    offered_now,
    offers,
    payment_with_id,
    refuse_unseen,
    review,
    split,
    stands_already,
    taken,
)
from donations.review import answer as book_answer
from donations.store.api.listing import Wanted, payment_ids
from donations.store.session import WriteSession, as_reader, reading
from donations.web.access import VisitorHere, needs
from donations.web.api.answered import AnswerIn, ProposalIn, answers_in
from donations.web.api.bearer import OwnerHere
from donations.web.api.booked import Named, PaymentOut, payments_out
from donations.web.api.paging import PageHere
from donations.web.api.repeated import Answer, Key, once_if_keyed
from donations.web.api.route import CONFLICT, ApiRoute
from donations.web.api.values import InPath, Shown
from donations.web.language import gettext
from donations.web.site import SiteHere

router = APIRouter(prefix="/questions", tags=["questions"], route_class=ApiRoute)


class ProposalOut(Shown):
    """An answer that can be taken by its number."""

    number: int = Field(description="Counted from 1, the best first.")
    promised: str = Field(description="Send it back with the number: it says what you saw.")
    purpose: Purpose
    donor: Named | None = Field(description="The known donor; null for a new one or the anonymous one.")
    new_donor: bool = Field(description="Whether taking it makes a new donor.")
    appeal: Named | None
    because: str = Field(description="Why it is offered: a stable code.")
    words: str = Field(description="What taking it books and why it is offered, in the language asked for.")


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


@router.post("/{payment_id}/answer", response_model=PaymentOut, responses=CONFLICT)
@needs(Permission.DECIDE)
def answer_question(
    site: SiteHere,
    visitor: VisitorHere,
    owner: OwnerHere,
    payment_id: InPath,
    said: AnswerIn | ProposalIn,
    key: Key = None,
) -> Response:
    """Answer a question: take a proposal by its number, or say what the payment or its parts were for.

    Where somebody answered meanwhile, it is a conflict. To answer anew name what is to be replaced: what stood is
    reversed, and stays in its history. The same answer of the same person changes nothing.
    """
    wanted = PaymentId(payment_id)

    def work(session: WriteSession) -> Answer:
        _answer(session, wanted, said, by=visitor.name, now=site.clock())
        return Answer(200, payments_out(as_reader(session), [wanted])[0].model_dump_json())

    request = (b"answer", str(wanted).encode(), said.model_dump_json().encode())
    return once_if_keyed(site, owner_id=owner, key=key, request=request, work=work).as_json()


def _answer(session: WriteSession, wanted: PaymentId, said: AnswerIn | ProposalIn, *, by: str, now: datetime) -> None:
    reader = as_reader(session)
    asked = payment_with_id(reader, wanted)
    if isinstance(said, ProposalIn):
        now_offered = offered_now(reader, wanted, said.proposal)
        if now_offered is None or not stands_already(reader, asked, [now_offered], by=by):
            given = taken(reader, wanted, said.proposal, promised=said.promised)
            book_answer(session, wanted, given, by=by, now=now)
        return
    parts, anew = answers_in(said, asked), bool(said.replaces)
    if stands_already(reader, asked, parts, by=by):
        return
    if anew or not is_left(reader, asked):
        refuse_unseen(reader, wanted, said.replaces)
    if said.parts:
        split(session, wanted, parts, by=by, now=now, anew=anew)
    else:
        book_answer(session, wanted, parts[0], by=by, now=now, anew=anew)


def _questions(found: Review, payments: Mapping[int, PaymentOut]) -> list[QuestionOut]:
    return [
        QuestionOut(
            payment=payments[each.payment.id],
            rule=each.outcome.reason.rule,
            reason=each.outcome.reason.code,
            words=explain(each.outcome.reason.code, each.outcome.reason.evidence, translate=gettext),
            proposals=[_proposal(offer) for offer in offers(each, found)],
        )
        for each in sorted(found.questions, key=lambda each: each.payment.id)
    ]


def _proposal(offer: Offer) -> ProposalOut:
    given = offer.given
    return ProposalOut(
        number=offer.number,
        promised=offer.promised,
        purpose=given.purpose,
        donor=None if offer.donor is None else Named(id=offer.donor.id, name=offer.donor.name),
        new_donor=offer.is_new,
        appeal=None if given.appeal is None else Named(id=given.appeal, name=offer.appeal_name),
        because=offer.because,
        words=offer.words(gettext),
    )
