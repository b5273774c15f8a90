"""Mail that leaves: its server, a test message, and the outbox."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.core.language import N_
from donations.core.mail import MailKind, MailState, email_address
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode, MailCode
from donations.jobs.mailing import mail_test, server_given
from donations.jobs.sending import begin_sending, sending_job
from donations.jobs.smtp import opened
from donations.store.digest import ADDRESSES_MAX, digest_addresses, set_digest_addresses
from donations.store.mail import (
    MailSecurity,
    MailServer,
    counts_by_state,
    drop_mail,
    find_mail,
    mail_server,
    outbox,
    send_again,
    set_mail_server,
)
from donations.store.organisation import Reminders, paper_settings, set_papers
from donations.store.session import ID_MAX, reading, writing
from donations.web.access import VisitorHere, needs
from donations.web.own_name import name_given_out
from donations.web.pages import Site, SiteHere, page
from donations.web.refused import status_of
from donations.web.treasurer.mailings import refuse_in_demo

PAGE_LENGTH = 50
_STATES = {
    MailState.WAITING: N_("waiting"),
    MailState.HANDED_OVER: N_("may have arrived"),
    MailState.SENT: N_("sent"),
    MailState.REFUSED: N_("not taken"),
    MailState.DROPPED: N_("dropped"),
}
_KINDS = {
    MailKind.TEST: N_("test"),
    MailKind.CERTIFICATE: N_("certificate"),
    MailKind.THANKS: N_("thanks"),
    MailKind.CODE_REQUEST: N_("request for a code"),
    MailKind.MONTH_DUE: N_("month is due"),
    MailKind.DIGEST: N_("figures of a month"),
    MailKind.INVITATION: N_("invitation"),
}


class MailDone(StrEnum):
    """What was just done."""

    SERVER = "server"
    TEST = "test"
    AGAIN = "again"
    DROPPED = "dropped"
    REMINDERS = "reminders"
    DIGEST = "digest"


class MailServerForm(BaseModel):
    """What a person filled in."""

    model_config = ConfigDict(str_strip_whitespace=True)

    host: str = Field(default="", max_length=253)
    port: str = Field(default="", max_length=5)
    security: MailSecurity = MailSecurity.STARTTLS
    username: str = Field(default="", max_length=254)
    password: str = Field(default="", max_length=200)
    sender: str = Field(default="", max_length=254)


router = APIRouter(prefix="/mail")


@router.get("")
@needs(Permission.SEE_NAMES)
def mail(
    request: Request,
    site: SiteHere,
    before: Annotated[int | None, Query(ge=1, le=ID_MAX)] = None,
    done: MailDone | None = None,
) -> Response:
    """Show the outbox, the newest first, and through which server mail leaves."""
    return _mail_page(request, site, before=before, done=done)


def _mail_page(
    request: Request,
    site: Site,
    *,
    before: int | None = None,
    done: MailDone | None = None,
    form: MailServerForm | None = None,
    refusal: Refusal | None = None,
) -> Response:
    with reading(site.engine) as session:
        mails = outbox(session, before=before, limit=PAGE_LENGTH + 1)
        counts, server = counts_by_state(session), mail_server(session)
        told = [each.address for each in digest_addresses(session)]
        reminders = paper_settings(session, Reminders)
        job = sending_job(session, now=site.clock())
    return page(
        request,
        "treasurer/mail/outbox.html",
        status=200 if refusal is None else status_of(refusal.code),
        mails=mails[:PAGE_LENGTH],
        further=mails[PAGE_LENGTH - 1].id if len(mails) > PAGE_LENGTH else None,
        is_first=before is None,
        counts=counts,
        states=_STATES,
        kinds=_KINDS,
        server=server,
        form=form or _form_of(server),
        job=job,
        reminders=reminders,
        told=told,
        done=done,
        refusal=refusal,
    )


def _form_of(server: MailServer | None) -> MailServerForm:
    """Return what of the server stands in the form: all but the password."""
    if server is None:
        return MailServerForm()
    return MailServerForm(
        host=server.host,
        port=str(server.port),
        security=server.security,
        username=server.username,
        sender=server.sender,
    )


@router.post("/server")
@needs(Permission.MANAGE_BOOKS, fresh=True)
def say_server(
    request: Request, site: SiteHere, visitor: VisitorHere, form: Annotated[MailServerForm, Form()]
) -> Response:
    """Keep the server, once it let us in with what was said; an empty password stays as it was."""
    try:
        refuse_in_demo(site)
        with reading(site.engine) as session:
            known = mail_server(session)
        server = server_given(**form.model_dump(), known=known)
        with opened(server):
            pass
        with writing(site.engine) as session:
            set_mail_server(session, server, by=visitor.name, at=site.clock())
    except Refusal as refusal:
        return _mail_page(request, site, form=form, refusal=refusal)
    return _back(MailDone.SERVER)


@router.post("/test")
@needs(Permission.MANAGE_BOOKS)
def send_test(
    request: Request, site: SiteHere, visitor: VisitorHere, address: Annotated[str, Form(max_length=254)] = ""
) -> Response:
    """Send a message that says that mail works."""
    try:
        refuse_in_demo(site)
        with writing(site.engine) as session:
            organisation = name_given_out(session, site, by=visitor.name)
            mail_test(session, address, organisation=organisation, by=visitor.name, now=site.clock())
    except Refusal as refusal:
        return _mail_page(request, site, refusal=refusal)
    site.jobs.wake(site.engine, site.clock)
    return _back(MailDone.TEST)


@router.post("/reminders")
@needs(Permission.MANAGE_BOOKS)
def say_reminders(site: SiteHere, visitor: VisitorHere, form: Annotated[Reminders, Form()]) -> Response:
    """Say whether treasurers are reminded."""
    with writing(site.engine) as session:
        set_papers(session, form, by=visitor.name, at=site.clock())
    return _back(MailDone.REMINDERS)


@router.post("/digest")
@needs(Permission.MANAGE_BOOKS)
def say_digest(
    request: Request, site: SiteHere, visitor: VisitorHere, addresses: Annotated[str, Form(max_length=6000)] = ""
) -> Response:
    """Say who is told of closed and published months."""
    try:
        wanted = _addresses(addresses)
        with writing(site.engine) as session:
            set_digest_addresses(session, wanted, by=visitor.name, at=site.clock())
    except Refusal as refusal:
        return _mail_page(request, site, refusal=refusal)
    return _back(MailDone.DIGEST)


def _addresses(typed: str) -> list[str]:
    """Return the addresses. Raises `Refusal`: `bad_email`."""
    words = typed.replace(",", " ").split()
    found = [address for address in map(email_address, words) if address]
    if len(found) < len(words) or len(found) > ADDRESSES_MAX:
        raise Refusal(DonorCode.BAD_EMAIL)
    return found


mail_message_router = APIRouter(prefix="/mail/{number}")
MailNumber = Annotated[int, Path(ge=1, le=ID_MAX)]


@mail_message_router.get("")
@needs(Permission.SEE_NAMES)
def mail_message(request: Request, site: SiteHere, number: MailNumber) -> Response:
    """Show one message as it was or will be sent."""
    with reading(site.engine) as session:
        found = find_mail(session, number)
    if found is None:
        raise Refusal(MailCode.UNKNOWN_MAIL)
    return page(request, "treasurer/mail/message.html", mail=found, states=_STATES, kinds=_KINDS)


@mail_message_router.post("/again")
@needs(Permission.DECIDE)
def again(site: SiteHere, number: MailNumber) -> Response:
    """Send it after all."""
    refuse_in_demo(site)
    with writing(site.engine) as session:
        if not send_again(session, number, now=site.clock()):
            raise Refusal(MailCode.MAIL_IS_OVER)
        begin_sending(session, now=site.clock())
    site.jobs.wake(site.engine, site.clock)
    return _back(MailDone.AGAIN)


@mail_message_router.post("/drop")
@needs(Permission.DECIDE)
def drop(site: SiteHere, number: MailNumber) -> Response:
    """Let it not be sent."""
    with writing(site.engine) as session:
        if not drop_mail(session, number):
            raise Refusal(MailCode.MAIL_IS_OVER)
    return _back(MailDone.DROPPED)


def _back(done: MailDone) -> Response:
    return RedirectResponse(f"/treasurer/mail?done={done}", status_code=303)
