"""Messages to many donors: one is shown with the count of all and who gets none, then all leave as they were shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.issuing import year_of_certificates
from donations.acts.promise import promise_of
from donations.core.refusal import Refusal
from donations.core.refusals import MailCode, RequestCode
from donations.jobs.mailing import (
    WHY_NOT_MAILED,
    MailingPlan,
    certificates_to_mail,
    code_requests_to_mail,
    mail_thanks,
    send_planned,
    thanks_to_mail,
)
from donations.reports.inf4 import inf4
from donations.store.mail import mail_server
from donations.store.session import ReadSession, WriteSession, as_reader, reading, writing
from donations.web.access import VisitorHere, needs
from donations.web.own_name import name_given_out, shown_name
from donations.web.pages import Site, SiteHere, page
from donations.web.refused import status_of
from donations.web.treasurer.donors.thanking import DaysBack, since_day
from donations.web.treasurer.papers.certificates import Year

Promised = Annotated[str | None, Form(max_length=64)]
Plan = Callable[[ReadSession], MailingPlan]
Send = Callable[[WriteSession], int]

router = APIRouter()


def refuse_in_demo(site: Site) -> None:
    """Raise `Refusal` where people are made up."""
    if site.is_demo:
        raise Refusal(MailCode.DEMO_SENDS_NOTHING)


def _mailing_page(
    request: Request, site: Site, template: str, plan: Plan, *, refusal: Refusal | None = None, **about: object
) -> Response:
    with reading(site.engine) as session:
        found, has_server = plan(session), mail_server(session) is not None
    return page(
        request,
        f"treasurer/mail/{template}.html",
        status=200 if refusal is None else status_of(refusal.code),
        plan=found,
        promised=promise_of(found),
        has_server=has_server,
        why_not=WHY_NOT_MAILED,
        refusal=refusal,
        **about,
    )


def _sent(site: Site, send: Send, show: Callable[[Refusal], Response]) -> Response:
    """Put them into the outbox as they were shown; they are sent beside the pages."""
    try:
        refuse_in_demo(site)
        with writing(site.engine) as session:
            send(session)
    except Refusal as refusal:
        if refusal.code not in {*MailCode, RequestCode.PREVIEW_OUTDATED}:
            raise
        return show(refusal)
    site.jobs.wake(site.engine, site.clock)
    return RedirectResponse("/treasurer/mail", status_code=303)


@router.get("/certificates/{year}/mail")
@needs(Permission.SEE_NAMES)
def look_at_certificates(request: Request, site: SiteHere, year: Year) -> Response:
    """Show one of the messages with certificates, how many there are, and who gets none and why."""
    return _certificates_page(request, site, year)


def _certificates_page(request: Request, site: Site, year: int, refusal: Refusal | None = None) -> Response:
    def plan(session: ReadSession) -> MailingPlan:
        return certificates_to_mail(session, site.found_by(session, year_of_certificates, year, today=site.today))

    return _mailing_page(request, site, "certificates_mail", plan, refusal=refusal, year=year)


@router.post("/certificates/{year}/mail")
@needs(Permission.DECIDE)
def send_certificates(
    request: Request, site: SiteHere, visitor: VisitorHere, year: Year, promised: Promised = None
) -> Response:
    """Send the certificates."""

    def send(session: WriteSession) -> int:
        reader = as_reader(session)
        plan = certificates_to_mail(reader, year_of_certificates(reader, year, today=site.today))
        return send_planned(session, plan, promised=promised, by=visitor.name, now=site.clock())

    return _sent(site, send, lambda refusal: _certificates_page(request, site, year, refusal))


@router.get("/donors/thanks/mail")
@needs(Permission.SEE_NAMES)
def look_at_thanks(request: Request, site: SiteHere, days: DaysBack = DaysBack.QUARTER) -> Response:
    """Show one of the thanks, how many there are, and who gets none and why."""
    return _thanks_page(request, site, days)


def _thanks_page(request: Request, site: Site, days: DaysBack, refusal: Refusal | None = None) -> Response:
    def plan(session: ReadSession) -> MailingPlan:
        return thanks_to_mail(session, since=since_day(site, days), organisation=shown_name(session, site))

    return _mailing_page(request, site, "thanks_mail", plan, refusal=refusal, days=days)


@router.post("/donors/thanks/mail")
@needs(Permission.DECIDE)
def send_thanks(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    days: Annotated[DaysBack, Form()] = DaysBack.QUARTER,
    promised: Promised = None,
) -> Response:
    """Send the thanks, and keep that these donors were thanked."""

    def send(session: WriteSession) -> int:
        return mail_thanks(
            session,
            since=since_day(site, days),
            organisation=name_given_out(session, site, by=visitor.name),
            promised=promised,
            by=visitor.name,
            now=site.clock(),
        )

    return _sent(site, send, lambda refusal: _thanks_page(request, site, days, refusal))


@router.get("/inf4/{year}/codes/mail")
@needs(Permission.SEE_NAMES)
def look_at_code_requests(request: Request, site: SiteHere, year: Year) -> Response:
    """Show one of the requests for a code, how many there are, and who gets none and why."""
    return _code_requests_page(request, site, year)


def _code_requests_page(request: Request, site: Site, year: int, refusal: Refusal | None = None) -> Response:
    def plan(session: ReadSession) -> MailingPlan:
        found = site.found_by(session, inf4, year)
        return code_requests_to_mail(session, found, organisation=shown_name(session, site), today=site.today)

    return _mailing_page(request, site, "code_requests_mail", plan, refusal=refusal, year=year)


@router.post("/inf4/{year}/codes/mail")
@needs(Permission.DECIDE)
def send_code_requests(
    request: Request, site: SiteHere, visitor: VisitorHere, year: Year, promised: Promised = None
) -> Response:
    """Send the requests; each donor gets one for a year."""

    def send(session: WriteSession) -> int:
        organisation = name_given_out(session, site, by=visitor.name)
        reader = as_reader(session)
        plan = code_requests_to_mail(reader, inf4(reader, year), organisation=organisation, today=site.today)
        return send_planned(session, plan, promised=promised, by=visitor.name, now=site.clock())

    return _sent(site, send, lambda refusal: _code_requests_page(request, site, year, refusal))
