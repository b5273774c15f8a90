"""The page on which a second person agrees to what nobody changes alone, or somebody withdraws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts import agreeing
from donations.acts.agreeing import Asker
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode
from donations.store.session import ReadSession, WriteSession, reading, writing
from donations.views.change import WaitingChangeView, change_view
from donations.web.access import needs, visitor_of
from donations.web.browser import origin_of
from donations.web.pages import SiteHere, page, see
from donations.web.refused import status_of
from donations.web.site import Site

WAITING_PATH = "/admin/changes"

router = APIRouter(prefix=WAITING_PATH)


def asker_of(request: Request) -> Asker:
    """Return who asks for a change."""
    visitor = visitor_of(request)
    return Asker(origin=origin_of(request, by=visitor.name), person_id=visitor.person_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeShown:
    """A change that waits, as somebody sees it."""

    view: WaitingChangeView
    may_agree: bool


def changes_shown(session: ReadSession, request: Request, site: Site) -> list[ChangeShown]:
    """Return what waits: everybody is told on the first page."""
    visitor, now = visitor_of(request), site.clock()
    return [
        ChangeShown(
            view=change_view(session, each),
            may_agree=visitor.may(each.permission) and each.may_agree(visitor.person_id, now=now),
        )
        for each in agreeing.waiting(session, now=now)
    ]


@router.get("")
@needs(Permission.MANAGE_BOOKS)
def changes(request: Request, site: SiteHere) -> Response:
    """List what waits for a second person."""
    return _page(request, site)


@router.post("/{change_id}/agree")
@needs(Permission.MANAGE_BOOKS, fresh=True)
def agree(request: Request, site: SiteHere, change_id: int) -> Response:
    """Let it be done."""
    return _do(request, site, lambda session, asker: agreeing.agree(session, change_id, asker))


@router.post("/{change_id}/withdraw")
@needs(Permission.MANAGE_BOOKS)
def withdraw(request: Request, site: SiteHere, change_id: int) -> Response:
    """Let it wait no more."""
    return _do(request, site, lambda session, asker: agreeing.withdraw(session, change_id, asker))


def _do(request: Request, site: Site, act: Callable[[WriteSession, Asker], object]) -> Response:
    try:
        with writing(site.engine) as session:
            act(session, asker_of(request))
    except Refusal as refusal:
        if refusal.code is AccessCode.UNKNOWN_CHANGE:
            raise
        return _page(request, site, refusal)
    return see(request, WAITING_PATH)


def _page(request: Request, site: Site, refusal: Refusal | None = None) -> Response:
    with reading(site.engine) as session:
        waiting = changes_shown(session, request, site)
    return page(
        request,
        "admin/changes.html",
        status=200 if refusal is None else status_of(refusal.code),
        refusal=refusal,
        waiting=waiting,
    )
