"""Payments, explained down to the bank's lines, and questions with their proposals and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints, model_validator
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.answering import answer as book_answer
from donations.acts.answering import payment_with_id, split, take_back
from donations.acts.offering import Answer, current_proposal, is_already_answered, is_left, refuse_unseen, taken
from donations.core.donor import ANONYMOUS, AppealId, DonorId
from donations.core.money import MINOR_MAX
from donations.core.payment import Payment, PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.store.listing import PaymentFilter, payment_ids
from donations.store.session import WriteSession, as_reader, reading
from donations.views.decision import ExplainedPayment, explained
from donations.views.formats import PLAIN_TELLER as TELLER
from donations.views.payment import PaymentView, ReversedAnswerView, payment_view, payment_views
from donations.views.question import QuestionsView, finding_views, question_views
from donations.views.value import ListOf
from donations.web.access import VisitorHere, needs
from donations.web.api.idempotency import KeptAnswer, Key, once_if_keyed
from donations.web.api.paging import PageHere
from donations.web.api.route import CONFLICT, PLAIN, ApiRoute, Day, Id, IdWanted, InPath, Name, OwnerHere, SentByProgram
from donations.web.site import SiteHere

PARTS_MAX = 100

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000, pattern=PLAIN)]


class ProposalIn(SentByProgram):
    """Take a proposal."""

    proposal: int = Field(ge=1, le=4, description="Its number.")
    promised: str = Field(max_length=200, pattern=PLAIN, description="What the question said of it.")


class AmountIn(SentByProgram):
    """A part of a payment, without direction."""

    minor: int = Field(ge=1, le=MINOR_MAX, description="Whole minor units: cents for EUR.")
    currency: str = Field(pattern="^[A-Z]{3}$", description="The payment's own.")


class DonorIn(SentByProgram):
    """Who gave: one of the three."""

    id: Id | None = None
    name: Name | None = Field(default=None, min_length=1, description="A new name makes a new donor.")
    anonymous: bool = False

    @model_validator(mode="after")
    def _one_of_three(self) -> DonorIn:
        if [self.id is not None, self.name is not None, self.anonymous].count(True) != 1:
            raise ValueError("name the donor in one way: id, name or anonymous")
        return self


class PartIn(SentByProgram):
    """What a part of a payment was for."""

    purpose: Purpose = Field(strict=False)
    money: AmountIn
    donor: DonorIn | None = Field(default=None, description="Of a gift; of a refund where it is known.")
    appeal: Id | None = Field(default=None, description="Of a gift; without it the only appeal there is.")
    returns: Id | None = Field(default=None, description="Of a refund: the payment of the gift that it takes back.")


class AnswerIn(SentByProgram):
    """Say what it was for: all that is left, a part of it, or several parts that add up to what is left."""

    reason: Reason = Field(description="Kept with the decision.")
    purpose: Purpose | None = Field(default=None, strict=False)
    money: AmountIn | None = Field(default=None, description="Only a part of what is left.")
    donor: DonorIn | None = Field(default=None, description="Of a gift; of a refund where it is known.")
    appeal: Id | None = Field(default=None, description="Of a gift; without it the only appeal there is.")
    returns: Id | None = Field(default=None, description="Of a refund: the payment of the gift that it takes back.")
    replaces: list[Id] = Field(
        default_factory=list,
        max_length=PARTS_MAX,
        description="The numbers of all parts that stand, to take their place; needed where nothing is left.",
    )
    parts: list[PartIn] = Field(default_factory=list, max_length=PARTS_MAX)

    @model_validator(mode="after")
    def _whole_or_parts(self) -> AnswerIn:
        whole = self.purpose is not None
        if whole == bool(self.parts) or (self.parts and (self.money or self.donor or self.appeal or self.returns)):
            raise ValueError("say either purpose (with money, donor, appeal) or parts")
        return self


def answers_in(said: AnswerIn, payment: Payment) -> list[Answer]:
    """Return what is said of the payment and its parts; raises `Refusal`."""
    if said.purpose is not None:
        return [_answer(said.purpose, said.reason, said, payment)]
    return [_answer(part.purpose, said.reason, part, payment) for part in said.parts]


def _answer(purpose: Purpose, reason: str, said: AnswerIn | PartIn, payment: Payment) -> Answer:
    if said.money is not None and said.money.currency != payment.money.amount.currency:
        raise Refusal(AnswerCode.OTHER_CURRENCY)
    is_of_donor = purpose in {Purpose.GIFT, Purpose.REFUND}
    if said.donor is not None and not is_of_donor:
        raise Refusal(AnswerCode.NO_DONOR_HERE)
    return Answer(
        purpose=purpose,
        reason=reason,
        donor=_donor(said.donor) if is_of_donor else None,
        appeal=None if said.appeal is None else AppealId(said.appeal),
        returns=None if said.returns is None else PaymentId(said.returns),
        minor=None if said.money is None else said.money.minor,
    )


def _donor(said: DonorIn | None) -> DonorId | str | None:
    if said is None:
        return None
    if said.anonymous:
        return ANONYMOUS
    return DonorId(said.id) if said.id is not None else said.name


payments_router = APIRouter(prefix="/payments", tags=["payments"], route_class=ApiRoute)


@payments_router.get("")
@needs(Permission.SEE_NAMES)
def list_payments(
    site: SiteHere,
    page: PageHere,
    first_day: Annotated[Day | None, Query(alias="from", description="The first booking date.")] = None,
    last_day: Annotated[Day | None, Query(alias="to", description="The last booking date.")] = None,
    account: IdWanted = None,
    purpose: Annotated[Purpose | None, Query(description="Some of the payment is for this.")] = None,
    appeal: IdWanted = None,
    *,
    unallocated: Annotated[bool | None, Query(description="Whether some of it has no purpose yet.")] = None,
) -> ListOf[PaymentView]:
    """List payments in the order they came into the books."""
    wanted = PaymentFilter(
        first_day=first_day,
        last_day=last_day,
        account_id=account,
        appeal_id=appeal,
        purpose=purpose,
        is_unallocated=unallocated,
    )
    with reading(site.engine) as session:
        ids, cursor = page.cut(payment_ids(session, wanted, after=page.after, limit=page.one_more), int)
        return ListOf(items=payment_views(session, ids), next=cursor)


@payments_router.get("/{payment_id}")
@needs(Permission.SEE_NAMES)
def explain_payment(site: SiteHere, payment_id: InPath) -> ExplainedPayment:
    """Show a payment with the lines that attest it, everything ever decided about it, and why."""
    with reading(site.engine) as session:
        return explained(session, PaymentId(payment_id), TELLER)


@payments_router.post("/{payment_id}/take-back", response_model=ReversedAnswerView, responses=CONFLICT)
@needs(Permission.DECIDE)
def take_answers_back(
    site: SiteHere, visitor: VisitorHere, owner: OwnerHere, payment_id: InPath, key: Key = None
) -> Response:
    """Take back what people decided of a payment: the rules have the word again, or it becomes a question."""
    wanted = PaymentId(payment_id)

    def work(session: WriteSession) -> KeptAnswer:
        count = take_back(session, wanted, by=visitor.name, now=site.clock())
        told = ReversedAnswerView(taken_back=count, payment=payment_view(as_reader(session), wanted))
        return KeptAnswer(200, told.model_dump_json())

    request = (b"take-back", str(wanted).encode())
    return once_if_keyed(site, owner_id=owner, key=key, request=request, work=work).as_json()


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
        _answer_with(session, wanted, said, by=visitor.name, now=site.clock())
        return KeptAnswer(200, payment_view(as_reader(session), wanted).model_dump_json())

    request = (b"answer", str(wanted).encode(), said.model_dump_json().encode())
    return once_if_keyed(site, owner_id=owner, key=key, request=request, work=work).as_json()


def _answer_with(
    session: WriteSession, wanted: PaymentId, said: AnswerIn | ProposalIn, *, by: str, now: datetime
) -> None:
    reader = as_reader(session)
    asked = payment_with_id(reader, wanted)
    if isinstance(said, ProposalIn):
        now_offered = current_proposal(reader, wanted, said.proposal)
        if now_offered is None or not is_already_answered(reader, asked, [now_offered], by=by):
            given = taken(reader, wanted, said.proposal, promised=said.promised)
            book_answer(session, wanted, given, by=by, now=now)
        return
    parts, anew = answers_in(said, asked), bool(said.replaces)
    if is_already_answered(reader, asked, parts, by=by):
        return
    if anew or not is_left(reader, asked):
        refuse_unseen(reader, wanted, said.replaces)
    if said.parts:
        split(session, wanted, parts, by=by, now=now, anew=anew)
    else:
        book_answer(session, wanted, parts[0], by=by, now=now, anew=anew)
