"""Payments: listed, and each explained down to the bank's lines and every rule that had a say."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from donations.access.permission import Permission
from donations.core.allocation import Purpose
from donations.core.payment import PaymentId
from donations.review import payment_with_id, take_back
from donations.store.api.listing import Wanted, payment_ids
from donations.store.session import WriteSession, as_reader, reading
from donations.web.access import VisitorHere, needs
from donations.web.api.bearer import OwnerHere
from donations.web.api.booked import PaymentOut, payments_out
from donations.web.api.explained import DecisionOut, LineOut, WhyOut, history_of, lines_out, why
from donations.web.api.paging import PageHere
from donations.web.api.repeated import Answer, Key, once_if_keyed
from donations.web.api.route import CONFLICT, ApiRoute
from donations.web.api.values import Day, IdWanted, InPath, Shown
from donations.web.site import SiteHere

router = APIRouter(prefix="/payments", tags=["payments"], route_class=ApiRoute)


class PaymentsOut(Shown):
    """A page of payments."""

    items: list[PaymentOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class ExplainedOut(PaymentOut):
    """A payment with all that it rests on."""

    lines: list[LineOut] = Field(description="The statement lines that attest it, in the order they were imported.")
    history: list[DecisionOut] = Field(description="Everything ever decided, in the order it was made.")
    why: list[WhyOut] = Field(description="Every rule that had a say, as things stand now.")


class TakenBackOut(Shown):
    """What became of a payment."""

    taken_back: int = Field(description="How many decisions of people were taken back.")
    payment: PaymentOut


@router.get("")
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
) -> PaymentsOut:
    """List payments in the order they came into the books."""
    wanted = Wanted(
        first_day=first_day,
        last_day=last_day,
        account_id=account,
        appeal_id=appeal,
        purpose=purpose,
        is_unallocated=unallocated,
    )
    with reading(site.engine) as session:
        ids, cursor = page.cut(payment_ids(session, wanted, after=page.after, limit=page.one_more), int)
        return PaymentsOut(items=payments_out(session, ids), next=cursor)


@router.get("/{payment_id}")
@needs(Permission.SEE_NAMES)
def explain_payment(site: SiteHere, payment_id: InPath) -> ExplainedOut:
    """Show a payment with the lines that attest it, everything ever decided about it, and why."""
    wanted = PaymentId(payment_id)
    with reading(site.engine) as session:
        looked_at = payment_with_id(session, wanted)
        (payment,) = payments_out(session, [wanted])
        return ExplainedOut(
            **dict(payment),
            lines=lines_out(session, wanted),
            history=history_of(session, wanted),
            why=why(session, looked_at),
        )


@router.post("/{payment_id}/take-back", response_model=TakenBackOut, responses=CONFLICT)
@needs(Permission.DECIDE)
def take_answers_back(
    site: SiteHere, visitor: VisitorHere, owner: OwnerHere, payment_id: InPath, key: Key = None
) -> Response:
    """Take back what people decided of a payment: the rules have the word again, or it becomes a question."""
    wanted = PaymentId(payment_id)

    def work(session: WriteSession) -> Answer:
        count = take_back(session, wanted, by=visitor.name, now=site.clock())
        (payment,) = payments_out(as_reader(session), [wanted])
        return Answer(200, TakenBackOut(taken_back=count, payment=payment).model_dump_json())

    request = (b"take-back", str(wanted).encode())
    return once_if_keyed(site, owner_id=owner, key=key, request=request, work=work).as_json()
