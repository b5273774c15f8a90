"""One payment: its lines, what was decided and why; notes beside it, and putting it aside for later."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.answering import payment_with_id
from donations.acts.asking import review
from donations.core.payment import PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.core.spending import CategoryId
from donations.store.donors import people
from donations.store.payments import questions
from donations.store.payments.questions import notes_of, put_aside_as
from donations.store.payments.shown import shown_details, shown_payment
from donations.store.session import ID_MAX, as_reader, reading, writing
from donations.store.spending import categories, categorise_payees, categorise_payment, costs
from donations.store.statements.findings import disagreements
from donations.store.statements.not_in_statements import statements_without
from donations.views.decision import decisions, line_views
from donations.views.formats import TELLER
from donations.views.question import disagreement_views
from donations.web.access import VisitorHere, needs
from donations.web.pages import Site, SiteHere, page
from donations.web.treasurer.questions.cards import question_cards
from donations.web.treasurer.questions.question_page import (
    Back,
    StepDone,
    StepHere,
    StepTaken,
    Whence,
    go_on,
    notice_of_step,
)

payment_category_router = APIRouter(prefix="/payments/{payment_id}/category")

Chosen = Annotated[int, Form(ge=0, le=ID_MAX)]
"""0 is no category: of a payment by itself, that of its payee again."""


class CategoryScope(StrEnum):
    """What is said."""

    PAYEE = "payee"
    PAYMENT = "payment"


Said = Annotated[CategoryScope, Form()]


@payment_category_router.post("")
@needs(Permission.DECIDE)
def categorise(site: SiteHere, visitor: VisitorHere, payment_id: int, category: Chosen, scope: Said) -> Response:
    """Give one payment a category, or everything that its payee is and was paid."""
    wanted, by, at = CategoryId(category) if category else None, visitor.name, site.clock()
    with writing(site.engine) as session:
        payment = payment_with_id(as_reader(session), PaymentId(payment_id)).id
        if scope is CategoryScope.PAYEE:
            categorise_payment(session, payment, None, by=by, at=at)
            categorise_payees(session, {payment: wanted}, by=by, at=at)
        else:
            categorise_payment(session, payment, wanted, by=by, at=at)
    return RedirectResponse(f"/treasurer/payments/{payment_id}?done={StepDone.CATEGORISED}", status_code=303)


router = APIRouter(prefix="/payments/{payment_id}")


@router.get("")
@needs(Permission.SEE_NAMES)
def payment(request: Request, site: SiteHere, payment_id: int, step: StepHere) -> Response:
    """Show why a payment is what it is."""
    return payment_page(request, site, PaymentId(payment_id), step)


def payment_page(request: Request, site: Site, wanted: PaymentId, step: StepTaken, *, status: int = 200) -> Response:
    """Show a payment with all that is known of it."""
    with reading(site.engine) as session:
        looked_at = shown_payment(session, payment_with_id(session, wanted))
        disagreed = [each for each in disagreements(session) if wanted in {each.payment, each.other}]
        asked = review(session, only=[wanted])
        history = decisions(session, wanted, TELLER)
        return page(
            request,
            "treasurer/books/payment.html",
            status=status,
            payment=looked_at,
            question=question_cards(session, asked)[0],
            lines=line_views(session, wanted),
            details=shown_details(session, looked_at),
            not_showing=statements_without(session, wanted),
            disagreed=disagreement_views(session, disagreed, TELLER),
            decisions=history,
            can_take_back=any(each.is_a_persons for each in history),
            appeals=asked.appeals,
            own_accounts={row.number: row.name for row in people.accounts(session)},
            hold=put_aside_as(session, wanted, today=site.today),
            notes=notes_of(session, wanted),
            today=site.today,
            cost=next(iter(costs(session, only=wanted)), None),
            categories=categories(session),
            notice=notice_of_step(session, step),
        )


aside_router = APIRouter()


class PutAsideForm(BaseModel):
    """Until when, and why."""

    model_config = ConfigDict(str_strip_whitespace=True)

    until: date | None = None
    note: str = Field(default="", max_length=2_000)
    back: Back = Back.PAYMENT

    @field_validator("until", mode="before")
    @classmethod
    def _empty_is_no_day(cls, value: object) -> object:
        return value or None


class NoteForm(BaseModel):
    """What to note."""

    model_config = ConfigDict(str_strip_whitespace=True)

    text: str = Field(min_length=1, max_length=2_000)
    back: Back = Back.PAYMENT


@aside_router.post("/payments/{payment_id}/hold")
@needs(Permission.DECIDE)
def put_aside(site: SiteHere, visitor: VisitorHere, payment_id: int, said: Annotated[PutAsideForm, Form()]) -> Response:
    """Put a question aside until a day or for good, with a note; nothing is booked."""
    now = site.clock()
    with writing(site.engine) as session:
        payment = payment_with_id(as_reader(session), PaymentId(payment_id))
        questions.put_payment_aside(session, payment.id, until=said.until, by=visitor.name, at=now)
        if said.note:
            questions.write_note(session, payment.id, said.note, by=visitor.name, at=now)
        return go_on(as_reader(session), site, payment, Whence(back=said.back), done=StepDone.HELD)


@aside_router.post("/payments/{payment_id}/release")
@needs(Permission.DECIDE)
def take_up_again(site: SiteHere, payment_id: int) -> Response:
    """Bring a question back from hold."""
    with writing(site.engine) as session:
        questions.take_up_again(session, PaymentId(payment_id))
    return RedirectResponse(f"/treasurer/questions/{payment_id}?done={StepDone.RELEASED}", status_code=303)


@aside_router.post("/payments/{payment_id}/notes")
@needs(Permission.DECIDE)
def note_payment(site: SiteHere, visitor: VisitorHere, payment_id: int, said: Annotated[NoteForm, Form()]) -> Response:
    """Write a note beside a payment."""
    with writing(site.engine) as session:
        payment = payment_with_id(as_reader(session), PaymentId(payment_id))
        questions.write_note(session, payment.id, said.text, by=visitor.name, at=site.clock())
    place = "questions" if said.back is Back.QUESTION else "payments"
    return RedirectResponse(f"/treasurer/{place}/{payment_id}?done={StepDone.NOTED}", status_code=303)


@aside_router.post("/notes/{number}/erase")
@needs(Permission.DECIDE)
def erase_payment_note(site: SiteHere, number: int) -> Response:
    """Erase the text of a note; that there was one stays."""
    with writing(site.engine) as session:
        payment = questions.erase_note(session, number)
    if payment is None:
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    return RedirectResponse(f"/treasurer/payments/{payment}?done={StepDone.ERASED}", status_code=303)
