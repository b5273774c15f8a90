"""The open questions, those put aside, what statements disagree on, and a person's word on that."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.alike import asked, grouped
from donations.acts.answering import payment_with_id
from donations.acts.asking import QuestionKind, of_kind, place_of, review
from donations.acts.pairing import apart, ask_again, bring_back, differ, leave_out, redated, same
from donations.acts.suggesting import suggested_keyword
from donations.core.payment import PaymentId
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.store.payments.questions import WaitingPayment, notes_of, put_aside, put_aside_as, waiting
from donations.store.payments.shown import shown_details, shown_payments
from donations.store.session import ID_MAX, ReadSession, reading, writing
from donations.views.formats import TELLER
from donations.views.question import finding_views, left_out_views, parted_views
from donations.web.access import VisitorHere, needs
from donations.web.addresses import Paging
from donations.web.pages import Site, SiteHere, page
from donations.web.treasurer.questions.cards import question_cards
from donations.web.treasurer.questions.question_page import KINDS, StepHere, last_answer, notice_of_step

QUESTIONS_AT_ONCE = 25

router = APIRouter(prefix="/questions")


@router.get("")
@needs(Permission.SEE_NAMES)
def questions(
    request: Request,
    site: SiteHere,
    step: StepHere,
    at: Annotated[int, Query(alias="page", ge=1)] = 1,
    kind: QuestionKind | None = None,
    start: Annotated[int, Query(ge=0)] = 0,
    current: int | None = None,
) -> Response:
    """Show the questions, a page at a time, and all findings; of one kind as many as are found from a place on.

    Those that say the same on a page are one. `current` is the question to go on with, on whatever page it stands.
    """
    with reading(site.engine) as session:
        queue = waiting(session, today=site.today)
        place = next((number for number, each in enumerate(queue) if each.id == current), None)
        at = at if place is None else 1 + place // QUESTIONS_AT_ONCE
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
            questions=question_cards(session, shown, grouped(shown.questions)),
            current=current,
            paging=paging,
            kind=kind,
            kinds=KINDS,
            further=further,
            appeals=shown.appeals,
            suggestion=suggested_keyword(session),
            notice=notice_of_step(session, step),
            **_around(session, site, queue),
            **(_findings(session) if kind is None else _NO_FINDINGS),
        )


@router.get("/next")
@needs(Permission.SEE_NAMES)
def first_question(site: SiteHere) -> Response:
    """Go to the question that waits longest, to answer one after the other; to the list where none waits."""
    with reading(site.engine) as session:
        queue = waiting(session, today=site.today)
    return RedirectResponse(f"/treasurer/questions{f'/{queue[0].id}' if queue else ''}", status_code=303)


@router.get("/held")
@needs(Permission.SEE_NAMES)
def put_aside_page(request: Request, site: SiteHere, step: StepHere) -> Response:
    """Show what was put aside, with the day on which it comes back."""
    with reading(site.engine) as session:
        found = put_aside(session, today=site.today)
        payments = {each.id: each for each in shown_payments(session, [each.id for each in found])}
        return page(
            request,
            "treasurer/questions/held.html",
            rows=[(payments[each.id], each.until, each.by) for each in found if each.id in payments],
            notice=notice_of_step(session, step),
            **_around(session, site, waiting(session, today=site.today)),
        )


@router.get("/{payment_id}")
@needs(Permission.SEE_NAMES)
def question(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    step: StepHere,
    payment_id: int,
    kind: QuestionKind | None = None,
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
            question=question_cards(session, found.own, [found.group])[0],
            details=shown_details(session, found.own.questions[0].payment),
            place=place_of(session, payment, today=site.today, kind=kind),
            kind=kind,
            alike=found.alike,
            says_same=len(found.alike) == len(found.group.others),
            appeals=found.own.appeals,
            suggestion=None if step.answered is None else suggested_keyword(session),
            hold=put_aside_as(session, payment.id, today=site.today),
            notes=notes_of(session, payment.id),
            today=site.today,
            notice=notice_of_step(session, step),
            last=None if step.answered is not None else last_answer(session, site, by=visitor.name),
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
        "count_put_aside": len(put_aside(session, today=site.today)),
    }


sameness_router = APIRouter()

Other = Annotated[int, Form(ge=1, le=ID_MAX)]


@sameness_router.post("/payments/{payment_id}/leave-out")
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


@sameness_router.post("/payments/{payment_id}/apart")
@needs(Permission.DECIDE)
def count_apart(site: SiteHere, visitor: VisitorHere, payment_id: int) -> Response:
    """Let each line of a payment be a payment of its own."""
    with writing(site.engine) as session:
        apart(session, PaymentId(payment_id), by=visitor.name, now=site.clock())
    return _decided()


@sameness_router.post("/payments/{payment_id}/same")
@needs(Permission.DECIDE)
def count_as_one(site: SiteHere, visitor: VisitorHere, payment_id: int, other: Other) -> Response:
    """Let two payments of one day and amount be one."""
    with writing(site.engine) as session:
        same(session, PaymentId(payment_id), PaymentId(other), by=visitor.name, now=site.clock())
    return _decided()


@sameness_router.post("/payments/{payment_id}/two")
@needs(Permission.DECIDE)
def count_as_two(site: SiteHere, visitor: VisitorHere, payment_id: int, other: Other) -> Response:
    """Let two payments be two, whatever reference they share."""
    with writing(site.engine) as session:
        differ(session, PaymentId(payment_id), PaymentId(other), by=visitor.name, now=site.clock())
    return _decided()


@sameness_router.post("/payments/{payment_id}/two/take-back")
@needs(Permission.DECIDE)
def ask_of_two_again(site: SiteHere, visitor: VisitorHere, payment_id: int, other: Other) -> Response:
    """Take back that two payments are two."""
    with writing(site.engine) as session:
        ask_again(session, PaymentId(payment_id), PaymentId(other), by=visitor.name, now=site.clock())
    return _decided()


@sameness_router.post("/payments/{payment_id}/redated")
@needs(Permission.DECIDE)
def count_as_redated(site: SiteHere, visitor: VisitorHere, payment_id: int, other: Other) -> Response:
    """Let two payments be one that the bank gave another date."""
    with writing(site.engine) as session:
        redated(session, PaymentId(payment_id), PaymentId(other), by=visitor.name, now=site.clock())
    return _decided()


@sameness_router.post("/left-out/{number}/bring-back")
@needs(Permission.DECIDE)
def bring_line_back(site: SiteHere, visitor: VisitorHere, number: int) -> Response:
    """Let a line that was left out attest again."""
    with writing(site.engine) as session:
        bring_back(session, number, by=visitor.name, now=site.clock())
    return _decided()


def _decided() -> Response:
    return RedirectResponse("/treasurer/questions?done=decided", status_code=303)
