"""One payment: which lines attest it, what was decided about it and why, and an answer that changes it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.permission import Permission
from donations.core.allocation import Purpose
from donations.core.donor import AppealId, DonorId
from donations.core.money import Minor, parse_minor
from donations.core.payment import Payment, PaymentId
from donations.review import ANONYMOUS, Answer, answer, other_purpose, payment_with_id, review
from donations.store import people
from donations.store.allocations import allocations_of
from donations.store.session import as_reader, reading, writing
from donations.web.access import VisitorHere, needs
from donations.web.failures import FailureCode, PageError
from donations.web.pages import SiteHere, page
from donations.web.treasurer.attesting import attesting_lines
from donations.web.treasurer.decided import decided
from donations.web.treasurer.questioned import answer_to, question_views

router = APIRouter(prefix="/payments/{payment_id}")


class Kind(StrEnum):
    """What a person may call a payment; `OTHER` is income or a cost by its direction."""

    GIFT = "gift"
    REFUND = "refund"
    TRANSFER = "transfer"
    OTHER = "other"


class Back(StrEnum):
    """Where an answer was given and leads back to."""

    QUESTIONS = "questions"
    PAYMENT = "payment"


@router.get("")
@needs(Permission.SEE_NAMES)
def payment(request: Request, site: SiteHere, payment_id: int, answered: int | None = None) -> Response:
    """Show why a payment is what it is."""
    wanted = PaymentId(payment_id)
    with reading(site.engine) as session:
        looked_at = payment_with_id(session, wanted)
        asked = review(session, only=[wanted])
        return page(
            request,
            "treasurer/payment.html",
            payment=looked_at,
            question=question_views(asked)[0],
            lines=attesting_lines(session, wanted),
            decisions=decided(session, allocations_of(session, [wanted]).get(wanted, [])),
            appeals=asked.appeals,
            own_accounts={row.number: row.name for row in people.accounts(session)},
            answered=answered,
        )


class AnswerForm(BaseModel):
    """What a person filled in."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: Kind
    reason: str = Field(min_length=1, max_length=1_000)
    donor: str = Field(default="", max_length=140)
    anonymous: bool = False
    appeal: int | None = None
    part: str = Field(default="", max_length=20)
    back: Back = Back.PAYMENT


class TakenForm(BaseModel):
    """Which proposal was taken, and what it was shown as."""

    number: int
    promised: str = Field(max_length=200)
    back: Back = Back.PAYMENT


@router.post("/take")
@needs(Permission.DECIDE)
def take_proposal(
    site: SiteHere, visitor: VisitorHere, payment_id: int, taken: Annotated[TakenForm, Form()]
) -> Response:
    """Book a proposal, unless it has become another one since it was shown."""
    wanted = PaymentId(payment_id)
    with writing(site.engine) as session:
        asked = payment_with_id(as_reader(session), wanted)
        given = answer_to(as_reader(session), asked, number=taken.number, promised=taken.promised)
        if given is None:
            raise PageError(FailureCode.PROPOSAL_OUTDATED)
        answer(session, wanted, given, by=visitor.name, now=site.clock())
    return _back(payment_id, taken.back)


@router.post("/answer")
@needs(Permission.DECIDE)
def give_answer(site: SiteHere, visitor: VisitorHere, payment_id: int, said: Annotated[AnswerForm, Form()]) -> Response:
    """Book what a person says, and go back to where it was asked."""
    wanted = PaymentId(payment_id)
    with writing(site.engine) as session:
        asked = payment_with_id(as_reader(session), wanted)
        answer(session, wanted, _answer(asked, said), by=visitor.name, now=site.clock())
    return _back(payment_id, said.back)


def _back(payment_id: int, back: Back) -> Response:
    place = "/treasurer/questions" if back is Back.QUESTIONS else f"/treasurer/payments/{payment_id}"
    return RedirectResponse(f"{place}?answered={payment_id}", status_code=303)


def _answer(payment: Payment, said: AnswerForm) -> Answer:
    purpose = other_purpose(payment) if said.kind is Kind.OTHER else Purpose(said.kind.value)
    is_of_donor = purpose in {Purpose.GIFT, Purpose.REFUND}
    return Answer(
        purpose=purpose,
        reason=said.reason,
        donor=_donor(purpose, said) if is_of_donor else None,
        appeal=None if said.appeal is None else AppealId(said.appeal),
        minor=_part(said.part, payment),
    )


def _donor(purpose: Purpose, said: AnswerForm) -> DonorId | str | None:
    """Return who gave; a refund may be to nobody known."""
    if said.anonymous:
        return ANONYMOUS
    return said.donor if said.donor or purpose is Purpose.GIFT else None


def _part(text: str, payment: Payment) -> Minor | None:
    """Read a part of the payment, None for all of it; thousands marks could be decimals and are refused."""
    written = text.strip()
    if not written:
        return None
    if re.fullmatch(r"[0-9]{1,12}([.,][0-9]{2})?", written) is None:
        raise PageError(FailureCode.BAD_PART)
    minor = parse_minor(written, currency=payment.money.amount.currency, mark="," if "," in written else ".")
    if not 0 < minor <= payment.money.amount.minor:
        raise PageError(FailureCode.BAD_PART)
    return minor
