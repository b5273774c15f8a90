"""One payment: which lines attest it, what was decided about it and why, and what was noted beside it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.core.payment import PaymentId
from donations.review import payment_with_id, review
from donations.store.donors import people
from donations.store.payments.notes import hold_of, notes_of
from donations.store.payments.shown import shown_details, shown_payment
from donations.store.session import reading
from donations.store.spending.categories import categories
from donations.store.spending.costs import costs
from donations.store.statements.findings import disagreements
from donations.store.statements.unshown import not_showing
from donations.views.decision import decisions
from donations.views.disagreement import disagreement_views
from donations.views.explained import line_views
from donations.web.access import needs
from donations.web.formats import TELLER
from donations.web.pages import Site, SiteHere, page
from donations.web.treasurer.questions.onward import Done, notice
from donations.web.treasurer.questions.questioned import question_views

router = APIRouter(prefix="/payments/{payment_id}")


@router.get("")
@needs(Permission.SEE_NAMES)
def payment(
    request: Request, site: SiteHere, payment_id: int, answered: int | None = None, done: Done | None = None
) -> Response:
    """Show why a payment is what it is."""
    return payment_page(request, site, PaymentId(payment_id), answered=answered, done=done)


def payment_page(
    request: Request,
    site: Site,
    wanted: PaymentId,
    *,
    answered: int | None = None,
    done: Done | None = None,
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
            question=question_views(asked)[0],
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
