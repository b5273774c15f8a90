"""A person's word on which lines are one payment, which are not, and which are left out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.pairing import apart, ask_again, bring_back, differ, leave_out, redated, same
from donations.core.payment import PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.store.ids import ID_MAX
from donations.store.session import writing
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere

router = APIRouter()

Other = Annotated[int, Form(ge=1, le=ID_MAX)]


@router.post("/payments/{payment_id}/leave-out")
@needs(Permission.DECIDE)
def leave_payment_out(
    site: SiteHere, visitor: VisitorHere, payment_id: int, reason: Annotated[str, Form(min_length=1, max_length=1_000)]
) -> Response:
    """Let the lines of a payment attest nothing, for the reason given."""
    if not reason.strip():
        raise Refusal(RequestCode.BAD_FORM)
    with writing(site.engine) as session:
        leave_out(session, PaymentId(payment_id), reason=reason.strip(), by=visitor.name, now=site.clock())
    return _decided()


@router.post("/payments/{payment_id}/apart")
@needs(Permission.DECIDE)
def count_apart(site: SiteHere, visitor: VisitorHere, payment_id: int) -> Response:
    """Let each line of a payment be a payment of its own."""
    with writing(site.engine) as session:
        apart(session, PaymentId(payment_id), by=visitor.name, now=site.clock())
    return _decided()


@router.post("/payments/{payment_id}/same")
@needs(Permission.DECIDE)
def count_as_one(site: SiteHere, visitor: VisitorHere, payment_id: int, other: Other) -> Response:
    """Let two payments of one day and amount be one."""
    with writing(site.engine) as session:
        same(session, PaymentId(payment_id), PaymentId(other), by=visitor.name, now=site.clock())
    return _decided()


@router.post("/payments/{payment_id}/two")
@needs(Permission.DECIDE)
def count_as_two(site: SiteHere, visitor: VisitorHere, payment_id: int, other: Other) -> Response:
    """Let two payments be two, whatever reference they share."""
    with writing(site.engine) as session:
        differ(session, PaymentId(payment_id), PaymentId(other), by=visitor.name, now=site.clock())
    return _decided()


@router.post("/payments/{payment_id}/two/take-back")
@needs(Permission.DECIDE)
def ask_of_two_again(site: SiteHere, visitor: VisitorHere, payment_id: int, other: Other) -> Response:
    """Take back that two payments are two."""
    with writing(site.engine) as session:
        ask_again(session, PaymentId(payment_id), PaymentId(other), by=visitor.name, now=site.clock())
    return _decided()


@router.post("/payments/{payment_id}/redated")
@needs(Permission.DECIDE)
def count_as_redated(site: SiteHere, visitor: VisitorHere, payment_id: int, other: Other) -> Response:
    """Let two payments be one that the bank gave another date."""
    with writing(site.engine) as session:
        redated(session, PaymentId(payment_id), PaymentId(other), by=visitor.name, now=site.clock())
    return _decided()


@router.post("/left-out/{number}/bring-back")
@needs(Permission.DECIDE)
def bring_line_back(site: SiteHere, visitor: VisitorHere, number: int) -> Response:
    """Let a line that was left out attest again."""
    with writing(site.engine) as session:
        bring_back(session, number, by=visitor.name, now=site.clock())
    return _decided()


def _decided() -> Response:
    return RedirectResponse("/treasurer/questions?done=decided", status_code=303)
