"""Payments: listed, and each explained down to the bank's lines and every rule that had a say."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.answering import take_back
from donations.core.payment import PaymentId, Purpose
from donations.store.api.listing import PaymentFilter, payment_ids
from donations.store.session import WriteSession, as_reader, reading
from donations.views.explained import ExplainedPayment, explained
from donations.views.formats import PLAIN_TELLER as TELLER
from donations.views.payment import PaymentView, TakenBackView, payment_view, payment_views
from donations.views.value import ListOf
from donations.web.access import VisitorHere, needs
from donations.web.api.bearer import OwnerHere
from donations.web.api.paging import PageHere
from donations.web.api.repeated import KeptAnswer, Key, once_if_keyed
from donations.web.api.route import CONFLICT, ApiRoute
from donations.web.api.values import Day, IdWanted, InPath
from donations.web.site import SiteHere

router = APIRouter(prefix="/payments", tags=["payments"], route_class=ApiRoute)


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


@router.get("/{payment_id}")
@needs(Permission.SEE_NAMES)
def explain_payment(site: SiteHere, payment_id: InPath) -> ExplainedPayment:
    """Show a payment with the lines that attest it, everything ever decided about it, and why."""
    with reading(site.engine) as session:
        return explained(session, PaymentId(payment_id), TELLER)


@router.post("/{payment_id}/take-back", response_model=TakenBackView, responses=CONFLICT)
@needs(Permission.DECIDE)
def take_answers_back(
    site: SiteHere, visitor: VisitorHere, owner: OwnerHere, payment_id: InPath, key: Key = None
) -> Response:
    """Take back what people decided of a payment: the rules have the word again, or it becomes a question."""
    wanted = PaymentId(payment_id)

    def work(session: WriteSession) -> KeptAnswer:
        count = take_back(session, wanted, by=visitor.name, now=site.clock())
        told = TakenBackView(taken_back=count, payment=payment_view(as_reader(session), wanted))
        return KeptAnswer(200, told.model_dump_json())

    request = (b"take-back", str(wanted).encode())
    return once_if_keyed(site, owner_id=owner, key=key, request=request, work=work).as_json()
