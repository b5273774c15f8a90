"""The page on which people make tokens for their programs, see when each was used, and revoke them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.access.tokens import DAYS_MAX, MEANINGS, PERMISSIONS, Scope, Token, make_token, revoke, tokens
from donations.store.session import as_reader, reading, writing
from donations.web.access import Visitor, VisitorHere, needs
from donations.web.api.route import InPath, OwnerHere
from donations.web.browser import origin_of
from donations.web.pages import page, see
from donations.web.site import SiteHere

router = APIRouter(prefix="/me/tokens", include_in_schema=False)

_DAYS = (30, 90, DAYS_MAX)


@router.get("")
@needs(Permission.MAKE_TOKENS)
def own_tokens(request: Request, site: SiteHere, visitor: VisitorHere, owner: OwnerHere) -> Response:
    """Show one's own tokens."""
    with reading(site.engine) as session:
        return _page(request, site, visitor, tokens(session, owner_id=owner))


@router.post("")
@needs(Permission.MAKE_TOKENS, fresh=True)
def make(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    owner: OwnerHere,
    name: Annotated[str, Form(max_length=80)] = "",
    scopes: Annotated[list[Scope] | None, Form(max_length=len(Scope))] = None,
    days: Annotated[int, Form(ge=1, le=DAYS_MAX)] = 90,
) -> Response:
    """Make a token and show it, this once: that is why there is no redirect."""
    with writing(site.engine) as session:
        made, text = make_token(
            session, owner_id=owner, name=name, scopes=scopes or (), days=days, origin=origin_of(request)
        )
        own = tokens(as_reader(session), owner_id=owner)
    return _page(request, site, visitor, own, made=made, text=text)


@router.post("/{token_id}/revoke")
@needs(Permission.MAKE_TOKENS)
def revoke_own(request: Request, site: SiteHere, owner: OwnerHere, token_id: InPath) -> Response:
    """Revoke one of one's own tokens; another person's is as if it were not there."""
    with writing(site.engine) as session:
        revoke(session, token_id, owner_id=owner, origin=origin_of(request))
    return see(request, "/me/tokens")


def _page(
    request: Request,
    site: SiteHere,
    visitor: Visitor,
    own: list[Token],
    *,
    made: Token | None = None,
    text: str = "",
) -> Response:
    now = site.clock()
    return page(
        request,
        "api/tokens.html",
        tokens=[(each, each.fault(now)) for each in own],
        scopes=[(scope, meaning) for scope, meaning in MEANINGS.items() if visitor.may(PERMISSIONS[scope])],
        lengths=[(days, (now + timedelta(days=days)).date()) for days in _DAYS],
        made=made,
        text=text,
    )
