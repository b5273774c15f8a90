"""Webhooks: programs elsewhere that are told what happens in the books, and what each was told."""

from __future__ import annotations

from secrets import token_bytes
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.core.hook import SECRET_BYTES, DeliveryState, hook_secret, target_of
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import MailCode
from donations.store.hooks import add_webhook, deliveries, drop_webhook, webhooks
from donations.store.session import ID_MAX, reading, writing
from donations.web.access import VisitorHere, needs
from donations.web.pages import Site, SiteHere, page
from donations.web.refused import status_of
from donations.web.treasurer.mailings import refuse_in_demo

SHOWN_MAX = 100
_STATES = {
    DeliveryState.WAITING: N_("waiting"),
    DeliveryState.DONE: N_("taken"),
    DeliveryState.FAILED: N_("not taken"),
}

router = APIRouter(prefix="/webhooks")


@router.get("")
@needs(Permission.MANAGE_BOOKS)
def show_webhooks(request: Request, site: SiteHere) -> Response:
    """Show who is told, and what was told."""
    return _webhooks_page(request, site)


def _webhooks_page(
    request: Request, site: Site, *, url: str = "", secret: str = "", refusal: Refusal | None = None
) -> Response:
    with reading(site.engine) as session:
        hooks, told = webhooks(session), deliveries(session, limit=SHOWN_MAX)
    return page(
        request,
        "treasurer/mail/webhooks.html",
        status=200 if refusal is None else status_of(refusal.code),
        hooks=hooks,
        urls={each.id: each.url for each in hooks},
        told=told,
        states=_STATES,
        url=url,
        secret=secret,
        refusal=refusal,
    )


@router.post("")
@needs(Permission.MANAGE_BOOKS, fresh=True)
def add(
    request: Request, site: SiteHere, visitor: VisitorHere, url: Annotated[str, Form(max_length=600)] = ""
) -> Response:
    """Tell a program from now on, and show its secret once."""
    url, secret = url.strip(), hook_secret(token_bytes(SECRET_BYTES))
    try:
        refuse_in_demo(site)
        _refuse_address(url)
        with writing(site.engine) as session:
            add_webhook(session, url, secret, by=visitor.name, at=site.clock())
    except Refusal as refusal:
        return _webhooks_page(request, site, url=url, refusal=refusal)
    return _webhooks_page(request, site, secret=secret)


def _refuse_address(url: str) -> None:
    if target_of(url) is None:
        raise Refusal(MailCode.BAD_WEBHOOK)


@router.post("/{number}/drop")
@needs(Permission.MANAGE_BOOKS)
def drop_program(site: SiteHere, number: Annotated[int, Path(ge=1, le=ID_MAX)]) -> Response:
    """Tell it nothing more."""
    with writing(site.engine) as session:
        drop_webhook(session, number)
    return RedirectResponse("/treasurer/webhooks", status_code=303)
