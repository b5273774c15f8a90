"""Questions: what waits for a person, with numbered proposals, and the answer."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.answering import answer as book_answer
from donations.acts.answering import payment_with_id, split
from donations.acts.offering import is_left, offered_now, refuse_unseen, stands_already, taken
from donations.core.payment import PaymentId
from donations.store.api.listing import PaymentFilter, payment_ids
from donations.store.session import WriteSession, as_reader, reading
from donations.views.formats import PLAIN_TELLER as TELLER
from donations.views.payment import PaymentView, payment_view
from donations.views.question import QuestionsView, finding_views, question_views
from donations.web.access import VisitorHere, needs
from donations.web.api.answered import AnswerIn, ProposalIn, answers_in
from donations.web.api.bearer import OwnerHere
from donations.web.api.paging import PageHere
from donations.web.api.repeated import KeptAnswer, Key, once_if_keyed
from donations.web.api.route import CONFLICT, ApiRoute
from donations.web.api.values import InPath
from donations.web.site import SiteHere

router = APIRouter(prefix="/questions", tags=["questions"], route_class=ApiRoute)


@router.get("")
@needs(Permission.SEE_NAMES)
def list_questions(site: SiteHere, page: PageHere) -> QuestionsView:
    """List what waits for a person, in the order it came into the books."""
    with reading(site.engine) as session:
        found = payment_ids(session, PaymentFilter(is_unallocated=True), after=page.after, limit=page.one_more)
        ids, cursor = page.cut(found, int)
        return QuestionsView(
            items=question_views(session, ids, TELLER),
            next=cursor,
            findings=[] if page.after else finding_views(session, TELLER),
        )


@router.post("/{payment_id}/answer", response_model=PaymentView, responses=CONFLICT)
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

    def work(session: WriteSession) -> KeptAnswer:
        _answer(session, wanted, said, by=visitor.name, now=site.clock())
        return KeptAnswer(200, payment_view(as_reader(session), wanted).model_dump_json())

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
