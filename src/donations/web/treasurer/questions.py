"""The open questions, oldest first, and what statements disagree on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.core.payment import PaymentId
from donations.review import review
from donations.store import people
from donations.store.findings import standing_findings
from donations.store.pairs import left_out_lines
from donations.store.payments import load_payments, unallocated_ids
from donations.store.session import reading
from donations.web.access import needs
from donations.web.pages import SiteHere, page
from donations.web.paging import Paging
from donations.web.treasurer.questioned import question_views

QUESTIONS_AT_ONCE = 25

router = APIRouter()


@router.get("/questions")
@needs(Permission.SEE_NAMES)
def questions(
    request: Request,
    site: SiteHere,
    at: Annotated[int, Query(alias="page", ge=1)] = 1,
    answered: int | None = None,
    decided: int | None = None,
) -> Response:
    """Show the questions, a page at a time, and all findings."""
    with reading(site.engine) as session:
        ids = unallocated_ids(session)
        paging = Paging(at=at, size=QUESTIONS_AT_ONCE, total=len(ids))
        found = standing_findings(session)
        named = {PaymentId(each) for row in found for each in (row.payment_id, row.other_id) if each is not None}
        return page(
            request,
            "treasurer/questions.html",
            questions=question_views(review(session, only=ids[paging.start : paging.end])),
            paging=paging,
            findings=found,
            payments={payment.id: payment for payment in load_payments(session, named)},
            appeals=people.appeals(session),
            own_accounts={row.number: row.name for row in people.accounts(session)},
            left_out=left_out_lines(session),
            answered=answered,
            decided=decided,
        )
