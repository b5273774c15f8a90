"""The outbox, messages to many donors, and thanks: what is sent was shown before, or nothing is sent."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.thanking import thank, to_thank
from donations.core.donor import DonorId
from donations.jobs.mailings import THANKED_BACK, Mailing, MailingKind
from donations.store.mail import outbox_after
from donations.store.session import WriteSession, reading
from donations.views.mail import MailingView, MailView, ThankedView, ToThankList, mail_views, to_thank_view
from donations.views.value import ListOf
from donations.web.access import VisitorHere, needs
from donations.web.api.idempotency import KeptAnswer, Key, once_if_keyed
from donations.web.api.paging import PageHere
from donations.web.api.route import CONFLICT, ApiRoute, Day, Id, OwnerHere, SentByProgram
from donations.web.own_name import name_given_out, shown_name
from donations.web.site import Site, SiteHere

mail_router = APIRouter(prefix="/mail", tags=["mail"], route_class=ApiRoute)
thanks_router = APIRouter(prefix="/thanks", tags=["thanks"], route_class=ApiRoute)

Promise = Annotated[
    str, Field(pattern="^[0-9a-f]{64}$", description="What was shown: of anything else, nothing is done.")
]
InYear = Annotated[int, Path(ge=2000, le=2100)]
From = Annotated[
    Day | None, Query(alias="from", description="For gifts from this day on; without it of the last 92 days.")
]
YEAR_OF_NONE = 2000
"""Thanks are of no year."""


class SendIn(SentByProgram):
    """Send what was shown."""

    promised: Promise


class ThankIn(SentByProgram):
    """Keep that somebody thanked."""

    promised: Promise
    donor: Id | None = Field(default=None, description="This one alone; without it all that were listed.")


@mail_router.get("")
@needs(Permission.SEE_NAMES)
def list_mail(site: SiteHere, page: PageHere) -> ListOf[MailView]:
    """List the messages of the outbox in the order they were written, each with how far it is."""
    with reading(site.engine) as session:
        found = outbox_after(session, after=page.after, limit=page.one_more)
        here, cursor = page.cut(found, lambda mail: mail.id)
        return ListOf(items=mail_views(session, here), next=cursor)


@mail_router.get("/certificates/{year}")
@needs(Permission.SEE_NAMES)
def show_certificates_mail(site: SiteHere, year: InYear) -> MailingView:
    """Show what mailing the certificates of a year comes to, and who gets none and why."""
    return _shown(site, MailingKind.CERTIFICATES, year=year)


@mail_router.post("/certificates/{year}", response_model=MailingView, responses=CONFLICT)
@needs(Permission.DECIDE)
def send_certificates_mail(
    site: SiteHere, visitor: VisitorHere, owner: OwnerHere, year: InYear, said: SendIn, key: Key = None
) -> Response:
    """Mail the certificates of a year as they were shown; each donor gets one message, never two."""
    return _sent(site, MailingKind.CERTIFICATES, said, by=visitor.name, owner=owner, key=key, year=year)


@mail_router.get("/codes/{year}")
@needs(Permission.SEE_NAMES)
def show_code_requests(site: SiteHere, year: InYear) -> MailingView:
    """Show what asking donors for their code comes to, for the tax board’s list of a year."""
    return _shown(site, MailingKind.CODES, year=year)


@mail_router.post("/codes/{year}", response_model=MailingView, responses=CONFLICT)
@needs(Permission.DECIDE)
def send_code_requests(
    site: SiteHere, visitor: VisitorHere, owner: OwnerHere, year: InYear, said: SendIn, key: Key = None
) -> Response:
    """Ask for the codes as it was shown; each donor is asked once for a year."""
    return _sent(site, MailingKind.CODES, said, by=visitor.name, owner=owner, key=key, year=year)


@mail_router.get("/thanks")
@needs(Permission.SEE_NAMES)
def show_thanks_mail(site: SiteHere, first: From = None) -> MailingView:
    """Show what thanking by mail comes to."""
    return _shown(site, MailingKind.THANKS, since=first)


@mail_router.post("/thanks", response_model=MailingView, responses=CONFLICT)
@needs(Permission.DECIDE)
def send_thanks_mail(
    site: SiteHere, visitor: VisitorHere, owner: OwnerHere, said: SendIn, first: From = None, key: Key = None
) -> Response:
    """Thank by mail as it was shown, and keep that these donors were thanked."""
    return _sent(site, MailingKind.THANKS, said, by=visitor.name, owner=owner, key=key, since=first)


@thanks_router.get("")
@needs(Permission.SEE_NAMES)
def whom_to_thank(site: SiteHere, first: From = None) -> ToThankList:
    """List the donors with gifts for which nobody thanked yet."""
    since = first or site.today - THANKED_BACK
    with reading(site.engine) as session:
        return to_thank_view(to_thank(session, since=since), since=since)


@thanks_router.post("", response_model=ThankedView, responses=CONFLICT)
@needs(Permission.DECIDE)
def keep_thanked(
    site: SiteHere, visitor: VisitorHere, owner: OwnerHere, said: ThankIn, first: From = None, key: Key = None
) -> Response:
    """Keep that somebody thanked, by whatever way, for the gifts that were listed."""
    since = first or site.today - THANKED_BACK

    def work(session: WriteSession) -> KeptAnswer:
        donors = None if said.donor is None else {DonorId(said.donor)}
        done = thank(session, donors, since=since, by=visitor.name, now=site.clock(), promised=said.promised)
        return KeptAnswer(200, ThankedView(thanked=done).model_dump_json())

    request = (b"thanks", since.isoformat().encode(), said.model_dump_json().encode())
    return once_if_keyed(site, owner_id=owner, key=key, request=request, work=work).as_json()


def _asked(site: Site, kind: MailingKind, organisation: str, year: int, since: date | None) -> Mailing:
    since = since or site.today - THANKED_BACK
    return Mailing(kind=kind, year=year, since=since, organisation=organisation, now=site.clock())


def _shown(site: Site, kind: MailingKind, *, year: int = YEAR_OF_NONE, since: date | None = None) -> MailingView:
    with reading(site.engine) as session:
        return _asked(site, kind, shown_name(session, site), year, since).shown(session)


def _sent(
    site: Site,
    kind: MailingKind,
    said: SendIn,
    *,
    by: str,
    owner: int,
    key: str | None,
    year: int = YEAR_OF_NONE,
    since: date | None = None,
) -> Response:
    def work(session: WriteSession) -> KeptAnswer:
        asked = _asked(site, kind, name_given_out(session, site, by=by), year, since)
        return KeptAnswer(200, asked.send(session, promised=said.promised, by=by).model_dump_json())

    request = (b"mail", kind.encode(), str(since or year).encode(), said.model_dump_json().encode())
    answer = once_if_keyed(site, owner_id=owner, key=key, request=request, work=work)
    site.jobs.wake(site.engine, site.clock)
    return answer.as_json()
