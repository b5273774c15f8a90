"""The open questions, oldest first, as a list or one at a time; those on hold; and what statements disagree on."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.answering import payment_with_id
from donations.acts.asking import QuestionKind, asked, of_kind, place_of, review
from donations.core.payment import PaymentId
from donations.store.payments.questions import WaitingPayment, held, hold_of, notes_of, waiting
from donations.store.payments.shown import shown_details, shown_payments
from donations.store.session import ReadSession, reading
from donations.views.disagreement import left_out_views, parted_views
from donations.views.formats import TELLER
from donations.views.question import finding_views
from donations.web.access import VisitorHere, needs
from donations.web.pages import Site, SiteHere, page
from donations.web.paging import Paging
from donations.web.treasurer.questions.onward import StepDone, last_answer, notice
from donations.web.treasurer.questions.questioned import KINDS, question_cards

QUESTIONS_AT_ONCE = 25

router = APIRouter(prefix="/questions")


@router.get("")
@needs(Permission.SEE_NAMES)
def questions(
    request: Request,
    site: SiteHere,
    at: Annotated[int, Query(alias="page", ge=1)] = 1,
    kind: QuestionKind | None = None,
    start: Annotated[int, Query(ge=0)] = 0,
    answered: int | None = None,
    done: StepDone | None = None,
) -> Response:
    """Show the questions, a page at a time, and all findings; of one kind as many as are found from a place on."""
    with reading(site.engine) as session:
        queue = waiting(session, today=site.today)
        paging = Paging(at=at, size=QUESTIONS_AT_ONCE, total=len(queue))
        if kind is None:
            shown, further = review(session, only=[each.id for each in queue[paging.start : paging.end]]), None
        else:
            found = of_kind(session, [each.id for each in queue[start:]], kind)
            looked_at = start + found.looked_at
            shown, further = found.review, looked_at if looked_at < len(queue) else None
        return page(
            request,
            "treasurer/questions/questions.html",
            questions=question_cards(session, shown),
            paging=paging,
            kind=kind,
            kinds=KINDS,
            further=further,
            appeals=shown.appeals,
            notice=notice(session, answered=answered, done=done),
            **_around(session, site, queue),
            **(_findings(session) if kind is None else _NO_FINDINGS),
        )


@router.get("/held")
@needs(Permission.SEE_NAMES)
def on_hold(request: Request, site: SiteHere, done: StepDone | None = None) -> Response:
    """Show what was put aside, with the day on which it comes back."""
    with reading(site.engine) as session:
        found = held(session, today=site.today)
        payments = {each.id: each for each in shown_payments(session, [each.id for each in found])}
        return page(
            request,
            "treasurer/questions/held.html",
            rows=[(payments[each.id], each.until, each.by) for each in found if each.id in payments],
            notice=notice(session, answered=None, done=done),
            **_around(session, site, waiting(session, today=site.today)),
        )


@router.get("/{payment_id}")
@needs(Permission.SEE_NAMES)
def question(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    payment_id: int,
    kind: QuestionKind | None = None,
    answered: int | None = None,
    done: StepDone | None = None,
) -> Response:
    """Show one question with all that can be done about it; a payment that has its purpose has its own page."""
    with reading(site.engine) as session:
        payment = payment_with_id(session, PaymentId(payment_id))
        found = asked(session, payment, today=site.today)
        if not found.question.unallocated:
            return RedirectResponse(f"/treasurer/payments/{payment_id}", status_code=303)
        return page(
            request,
            "treasurer/questions/question.html",
            question=question_cards(session, found.own)[0],
            details=shown_details(session, found.own.questions[0].payment),
            place=place_of(session, payment, today=site.today, kind=kind),
            kind=kind,
            alike=found.alike,
            appeals=found.own.appeals,
            hold=hold_of(session, payment.id, today=site.today),
            notes=notes_of(session, payment.id),
            today=site.today,
            notice=notice(session, answered=answered, done=done),
            last=None if answered is not None else last_answer(session, site, by=visitor.name),
        )


_NO_FINDINGS: dict[str, Any] = {"findings": (), "parted": (), "left_out": ()}


def _findings(session: ReadSession) -> dict[str, Any]:
    return {
        "findings": finding_views(session, TELLER),
        "parted": parted_views(session),
        "left_out": left_out_views(session),
    }


def _around(session: ReadSession, site: Site, queue: list[WaitingPayment]) -> dict[str, Any]:
    """Return what the list and the held ones both say: how many there are, and how long the oldest waits."""
    return {
        "count": len(queue),
        "oldest": queue[0].booked_on if queue else None,
        "days": (site.today - queue[0].booked_on).days if queue else 0,
        "held": len(held(session, today=site.today)),
    }
