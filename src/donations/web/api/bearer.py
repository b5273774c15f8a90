"""Who asks: the owner of the bearer token, and nobody else. Cookies open nothing here, so no other site can ask."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends
from starlette.requests import Request

from donations.access.person import Permission
from donations.access.tokens import SCOPE_FOR, Bearer, is_in, recognise
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode
from donations.store.api.tokens import mark_used
from donations.store.session import reading
from donations.web.access import VISITOR, Visitor, VisitorHere
from donations.web.api.problems import RefusedForProblems, Wrong
from donations.web.site import Site, site_of

_PARAMETERS = frozenset({"access_token", "api_key", "token"})


def admit(request: Request, needed: Permission) -> None:
    """Let a request in whose token may do what the route needs; raises `Refusal`. The body is not read yet."""
    sent = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if any(name.lower() in _PARAMETERS or is_in(value) for name, value in sent):
        raise Refusal(AccessCode.TOKEN_IN_URL)
    bearer = _bearer(site_of(request), request.headers.getlist("authorization"))
    if needed not in bearer.permissions:
        is_scope = needed in bearer.owner.permissions
        code = AccessCode.SCOPE_MISSING if is_scope else AccessCode.ROLE_MISSING
        raise RefusedForProblems(code, [Wrong(code=str(code), what=SCOPE_FOR[needed])])
    owner = bearer.owner
    request.scope[VISITOR] = Visitor(name=owner.name, permissions=bearer.permissions, person_id=owner.id)


def _bearer(site: Site, headers: list[str]) -> Bearer:
    scheme, _, text = headers[0].partition(" ") if len(headers) == 1 else ("", "", "")
    if scheme.lower() != "bearer":
        raise Refusal(AccessCode.TOKEN_MISSING)
    now = site.clock()
    with reading(site.engine) as session:
        bearer = recognise(session, text.strip(), now=now)
    if bearer.token.last_used_on != now.date():
        mark_used(site.engine, bearer.token.id, on=now.date())
    return bearer


def owner_of(visitor: VisitorHere) -> int:
    """Return the number of the person who asks; only a demonstration and strangers have none, and they get nowhere."""
    if visitor.person_id is None:
        raise Refusal(AccessCode.NOT_ALLOWED)
    return visitor.person_id


OwnerHere = Annotated[int, Depends(owner_of)]
