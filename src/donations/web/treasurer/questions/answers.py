"""A person's answers: a proposal taken, another answer, the same for all alike; each taken back with one click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.answering import answer_alike, payment_with_id, take_back, take_back_answer
from donations.acts.asking import QuestionKind, asked
from donations.acts.offering import Answer, refuse_unseen, taken
from donations.core.payment import Payment, PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode
from donations.store.session import WriteSession, as_reader, reading, writing
from donations.web.access import VisitorHere, needs
from donations.web.pages import Site, SiteHere, page
from donations.web.treasurer.books.payments import payment_page
from donations.web.treasurer.questions.onward import Back, StepDone, onward
from donations.web.treasurer.questions.questioned import AnswerForm, question_cards

router = APIRouter()


class Whence(BaseModel):
    """Where an answer was given."""

    back: Back = Back.PAYMENT
    of_kind: QuestionKind | None = None
    """Only questions of this kind are walked through."""


class SeenAllocations(BaseModel):
    """What stood on the payment when the form was shown: numbers parted by blanks, none where it was open."""

    seen: str = Field(default="", max_length=2_000, pattern=r"^[0-9 ]*$")

    @property
    def numbers(self) -> list[int]:
        """As numbers."""
        return list(map(int, self.seen.split()))


class TakenForm(Whence):
    """Which proposal was taken, and what it was shown as."""

    number: int
    promised: str = Field(max_length=200)


class OneForm(AnswerForm, Whence, SeenAllocations):
    """An answer to one payment."""


class AlikeForm(Whence):
    """The payments that a person left ticked, and the proposal for all of them."""

    also: list[int] = Field(default=[], max_length=200)
    taken: str = Field(max_length=200)
    """Number and promise of the proposal, parted by a blank."""


@router.post("/payments/{payment_id}/take")
@needs(Permission.DECIDE)
def take_proposal(
    request: Request, site: SiteHere, visitor: VisitorHere, payment_id: int, form: Annotated[TakenForm, Form()]
) -> Response:
    """Book a proposal, unless it has become another one since it was shown."""
    wanted = PaymentId(payment_id)

    def book(session: WriteSession) -> Response:
        payment = payment_with_id(as_reader(session), wanted)
        given = taken(as_reader(session), wanted, form.number, promised=form.promised)
        return _book(session, site, [payment], given, form, by=visitor.name)

    return booked_as_seen(request, site, wanted, book)


@router.post("/payments/{payment_id}/answer")
@needs(Permission.DECIDE)
def give_answer(
    request: Request, site: SiteHere, visitor: VisitorHere, payment_id: int, said: Annotated[OneForm, Form()]
) -> Response:
    """Book what a person says in place of what the person saw, and go on from where it was asked."""
    wanted = PaymentId(payment_id)

    def book(session: WriteSession) -> Response:
        payment = payment_with_id(as_reader(session), wanted)
        refuse_unseen(as_reader(session), wanted, said.numbers)
        return _book(session, site, [payment], said.answer_to(payment), said, by=visitor.name)

    return booked_as_seen(request, site, wanted, book)


@router.get("/payments/{payment_id}/alike")
@needs(Permission.SEE_NAMES)
def show_alike(request: Request, site: SiteHere, payment_id: int) -> Response:
    """Show the questions alike, to be answered together; what has its purpose is no question."""
    with reading(site.engine) as session:
        found = asked(session, payment_with_id(session, PaymentId(payment_id)), today=site.today)
        if not found.question.unallocated:
            return RedirectResponse(f"/treasurer/payments/{payment_id}", status_code=303)
        return page(
            request, "treasurer/questions/alike.html", question=question_cards(session, found.own)[0], alike=found.alike
        )


@router.post("/payments/{payment_id}/alike")
@needs(Permission.DECIDE)
def answer_together(
    request: Request, site: SiteHere, visitor: VisitorHere, payment_id: int, said: Annotated[AlikeForm, Form()]
) -> Response:
    """Book one proposal for the payments that a person left ticked, in one transaction."""
    wanted = PaymentId(payment_id)
    number, _, promised = said.taken.partition(" ")

    def book(session: WriteSession) -> Response:
        reader = as_reader(session)
        first = payment_with_id(reader, wanted)
        given = taken(reader, wanted, int(number) if number.isdecimal() else 0, promised=promised)
        others = {each.payment.id: each.payment for each in asked(reader, first, today=site.today).alike}
        if not others.keys() >= set(said.also):
            raise Refusal(AnswerCode.PROPOSAL_OUTDATED)
        also = [others[PaymentId(each)] for each in dict.fromkeys(said.also)]
        return _book(session, site, [first, *also], given, said, by=visitor.name)

    return booked_as_seen(request, site, wanted, book)


@router.post("/answers/{answer_id}/take-back")
@needs(Permission.DECIDE)
def take_answer_back(
    site: SiteHere, visitor: VisitorHere, answer_id: int, back: Annotated[Back, Form()] = Back.PAYMENT
) -> Response:
    """Take one answer back on all its payments, and show the first of them as a question again."""
    with writing(site.engine) as session:
        first = take_back_answer(session, answer_id, by=visitor.name, now=site.clock())[0]
    place = {Back.QUESTIONS: "questions", Back.QUESTION: f"questions/{first}", Back.PAYMENT: f"payments/{first}"}[back]
    return RedirectResponse(f"/treasurer/{place}?done={StepDone.TAKEN_BACK}", status_code=303)


@router.post("/payments/{payment_id}/take-back")
@needs(Permission.DECIDE)
def take_all_back(
    request: Request, site: SiteHere, visitor: VisitorHere, payment_id: int, said: Annotated[SeenAllocations, Form()]
) -> Response:
    """Take back whatever people decided of a payment, however long ago."""
    wanted = PaymentId(payment_id)

    def back(session: WriteSession) -> Response:
        refuse_unseen(as_reader(session), wanted, said.numbers)
        take_back(session, wanted, by=visitor.name, now=site.clock())
        return RedirectResponse(f"/treasurer/payments/{wanted}?done={StepDone.TAKEN_BACK}", status_code=303)

    return booked_as_seen(request, site, wanted, back)


def booked_as_seen(
    request: Request, site: Site, payment: PaymentId, book: Callable[[WriteSession], Response]
) -> Response:
    """Book it; where something else stands than was seen, show how it stands, and nothing is booked."""
    try:
        with writing(site.engine) as session:
            return book(session)
    except Refusal as refusal:
        if refusal.code not in {AnswerCode.PROPOSAL_OUTDATED, AnswerCode.NO_SUCH_PROPOSAL}:
            raise
    return payment_page(request, site, payment, done=StepDone.OUTDATED, status=409)


def _book(
    session: WriteSession, site: Site, payments: Sequence[Payment], given: Answer, whence: Whence, *, by: str
) -> Response:
    made = answer_alike(session, [each.id for each in payments], given, by=by, now=site.clock())
    done = StepDone.BEYOND if made.beyond else None
    return onward(as_reader(session), site, payments[0], whence.back, kind=whence.of_kind, answered=made.id, done=done)
