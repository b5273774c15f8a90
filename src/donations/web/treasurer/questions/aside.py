"""What is put beside a payment: notes, and holding it back for later. Neither moves money."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.answering import payment_with_id
from donations.core.payment import PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.store.payments import questions
from donations.store.session import as_reader, writing
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere
from donations.web.treasurer.questions.onward import Back, StepDone, onward

router = APIRouter()


class HoldForm(BaseModel):
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


@router.post("/payments/{payment_id}/hold")
@needs(Permission.DECIDE)
def hold(site: SiteHere, visitor: VisitorHere, payment_id: int, said: Annotated[HoldForm, Form()]) -> Response:
    """Put a question aside until a day or for good, with a note; nothing is booked."""
    now = site.clock()
    with writing(site.engine) as session:
        payment = payment_with_id(as_reader(session), PaymentId(payment_id))
        questions.hold(session, payment.id, until=said.until, by=visitor.name, at=now)
        if said.note:
            questions.write_note(session, payment.id, said.note, by=visitor.name, at=now)
        return onward(as_reader(session), site, payment, said.back, done=StepDone.HELD)


@router.post("/payments/{payment_id}/release")
@needs(Permission.DECIDE)
def release(site: SiteHere, payment_id: int) -> Response:
    """Bring a question back from hold."""
    with writing(site.engine) as session:
        questions.release(session, PaymentId(payment_id))
    return RedirectResponse(f"/treasurer/questions/{payment_id}?done={StepDone.RELEASED}", status_code=303)


@router.post("/payments/{payment_id}/notes")
@needs(Permission.DECIDE)
def note(site: SiteHere, visitor: VisitorHere, payment_id: int, said: Annotated[NoteForm, Form()]) -> Response:
    """Write a note beside a payment."""
    with writing(site.engine) as session:
        payment = payment_with_id(as_reader(session), PaymentId(payment_id))
        questions.write_note(session, payment.id, said.text, by=visitor.name, at=site.clock())
    place = "questions" if said.back is Back.QUESTION else "payments"
    return RedirectResponse(f"/treasurer/{place}/{payment_id}?done={StepDone.NOTED}", status_code=303)


@router.post("/notes/{number}/erase")
@needs(Permission.DECIDE)
def erase(site: SiteHere, number: int) -> Response:
    """Erase the text of a note; that there was one stays."""
    with writing(site.engine) as session:
        payment = questions.erase_note(session, number)
    if payment is None:
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    return RedirectResponse(f"/treasurer/payments/{payment}?done={StepDone.ERASED}", status_code=303)
