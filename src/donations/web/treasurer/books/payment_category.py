"""What one payment was for as a cost: its own category, or that of everything its payee is paid."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from donations.access.permission import Permission
from donations.core.payment import PaymentId
from donations.core.spending import CategoryId
from donations.review import payment_with_id
from donations.store.ids import ID_MAX
from donations.store.session import as_reader, writing
from donations.store.spending.categorising import categorise_payees, categorise_payment
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere
from donations.web.treasurer.questions.onward import Done

router = APIRouter(prefix="/payments/{payment_id}/category")

Chosen = Annotated[int, Form(ge=0, le=ID_MAX)]
"""0 is no category: of a payment by itself, that of its payee again."""


class Scope(StrEnum):
    """What is said."""

    PAYEE = "payee"
    PAYMENT = "payment"


Said = Annotated[Scope, Form()]


@router.post("")
@needs(Permission.DECIDE)
def categorise(site: SiteHere, visitor: VisitorHere, payment_id: int, category: Chosen, scope: Said) -> Response:
    """Give one payment a category, or everything that its payee is and was paid."""
    wanted, by, at = CategoryId(category) if category else None, visitor.name, site.clock()
    with writing(site.engine) as session:
        payment = payment_with_id(as_reader(session), PaymentId(payment_id)).id
        if scope is Scope.PAYEE:
            categorise_payment(session, payment, None, by=by, at=at)
            categorise_payees(session, {payment: wanted}, by=by, at=at)
        else:
            categorise_payment(session, payment, wanted, by=by, at=at)
    return RedirectResponse(f"/treasurer/payments/{payment_id}?done={Done.CATEGORISED}", status_code=303)
