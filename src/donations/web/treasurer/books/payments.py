"""One payment: which lines attest it, what was decided about it and why, and what was noted beside it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.answering import payment_with_id
from donations.acts.asking import review
from donations.core.payment import PaymentId
from donations.core.spending import CategoryId
from donations.store.donors import people
from donations.store.ids import ID_MAX
from donations.store.payments.questions import hold_of, notes_of
from donations.store.payments.shown import shown_details, shown_payment
from donations.store.session import as_reader, reading, writing
from donations.store.spending.categories import categories
from donations.store.spending.categorising import categorise_payees, categorise_payment
from donations.store.spending.costs import costs
from donations.store.statements.findings import disagreements
from donations.store.statements.unshown import not_showing
from donations.views.decision import decisions
from donations.views.disagreement import disagreement_views
from donations.views.explained import line_views
from donations.views.formats import TELLER
from donations.web.access import VisitorHere, needs
from donations.web.pages import Site, SiteHere, page
from donations.web.treasurer.questions.onward import StepDone, notice
from donations.web.treasurer.questions.questioned import question_cards

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
def payment(
    request: Request, site: SiteHere, payment_id: int, answered: int | None = None, done: StepDone | None = None
) -> Response:
    """Show why a payment is what it is."""
    return payment_page(request, site, PaymentId(payment_id), answered=answered, done=done)


def payment_page(
    request: Request,
    site: Site,
    wanted: PaymentId,
    *,
    answered: int | None = None,
    done: StepDone | None = None,
    status: int = 200,
) -> Response:
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
            not_showing=not_showing(session, wanted),
            disagreed=disagreement_views(session, disagreed, TELLER),
            decisions=history,
            can_take_back=any(each.is_a_persons for each in history),
            appeals=asked.appeals,
            own_accounts={row.number: row.name for row in people.accounts(session)},
            hold=hold_of(session, wanted, today=site.today),
            notes=notes_of(session, wanted),
            today=site.today,
            cost=next(iter(costs(session, only=wanted)), None),
            categories=categories(session),
            notice=notice(session, answered=answered, done=done),
        )
