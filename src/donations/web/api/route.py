"""What every API route does: the token before the body, JSON that means one thing, and problems for whatever fails."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Coroutine
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Path, Query, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.access.tokens import SCOPE_FOR, Bearer, is_in, recognise
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode, AnswerCode, RequestCode
from donations.store.log.audit import let_act
from donations.store.session import ID_MAX, reading
from donations.store.tokens import mark_used
from donations.web.access import VISITOR, Visitor, VisitorHere, visitor_of
from donations.web.api.problems import MEDIA_TYPE, RefusedForProblems, Wrong, problem
from donations.web.site import Site, in_the_way, site_of


def _digits(text: object) -> object:
    """Let a number be written one way; the framework would take `1.0` too."""
    if isinstance(text, str) and re.fullmatch(r"[1-9][0-9]*", text, re.ASCII) is None:
        raise ValueError("a number is written in digits")
    return text


Id = Annotated[int, Field(ge=1, le=ID_MAX)]
InPath = Annotated[int, BeforeValidator(_digits), Path(ge=1, le=ID_MAX)]
IdWanted = Annotated[int | None, BeforeValidator(_digits), Query(ge=1, le=ID_MAX)]


def _iso_day(text: object) -> object:
    """Let a day be written one way; the framework would take seconds since 1970 too."""
    if isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII) is None:
        raise ValueError("a day is written as 2026-01-31")
    return text


Day = Annotated[date, BeforeValidator(_iso_day)]

PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""No control characters: PostgreSQL refuses one of them, and people see none."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=PLAIN, max_length=1_000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, pattern=PLAIN, max_length=140)]


class SentByProgram(BaseModel):
    """What a program sends: nothing is guessed, and a name that is not known is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


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


def refusal(said: str) -> dict[str, Any]:
    """Return how the description tells of a refusal."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": said, "content": {MEDIA_TYPE: {"schema": schema}}}


_REFUSALS = {
    400: refusal("Not a request that can be read"),
    401: refusal("No token, or one that opens nothing"),
    403: refusal("The token or its owner may not do this"),
    404: refusal("Not there"),
    422: refusal("Understood, and refused"),
    503: refusal("Busy, or out of space"),
}


CONFLICT: dict[int | str, dict[str, Any]] = {409: refusal("Not as it was seen, or in the way of another request")}


class ApiRoute(APIRoute):
    """A route for programs."""

    is_for_programs = True
    """The guard leaves to this route who may use it (donations.web.access)."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Say in the description which scope the route needs, and what its refusals look like."""
        needed: Permission = endpoint.__permission__  # type: ignore[attr-defined]  # of donations.web.access.needs
        options["responses"] = {**_REFUSALS, **(options.get("responses") or {})}
        options["openapi_extra"] = {
            "security": [{"token": [SCOPE_FOR[needed].value]}],
            **(options.get("openapi_extra") or {}),
        }
        options["generate_unique_id_function"] = lambda route: route.name
        self.needed = needed
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request: nobody's body is read before the token was."""
        answer = super().get_route_handler()
        known = {each.alias for each in get_flat_params(self.dependant) if isinstance(each.field_info, params.Query)}

        async def handle(request: Request) -> Response:
            try:
                await run_in_threadpool(admit, request, self.needed)
                _refuse_unknown(request, known)
                let_act(visitor_of(request).name, at=site_of(request).clock())
                return await answer(StrictRequest(request.scope, request.receive))
            except Refusal as refusal:
                names_in_body = self.body_field is not None and refusal.code is not AnswerCode.UNKNOWN_PAYMENT
                return problem(refusal, in_the_way(request), of_body=names_in_body)
            except RequestValidationError as error:
                return problem(_invalid(error))
            except HTTPException as error:
                if error.status_code != 400:
                    raise
                return problem(Refusal(RequestCode.BAD_JSON))

        return handle


def _refuse_unknown(request: Request, known: AbstractSet[str]) -> None:
    """Refuse what nobody would look at: a filter that is written wrong would let through all that it should not."""
    if not request.query_params.keys() <= known:
        wrong = Wrong(code="extra_forbidden", what="There is no such parameter", at="query")
        raise RefusedForProblems(RequestCode.INVALID_INPUT, [wrong])


class StrictRequest(Request):
    """A request whose JSON means one thing to every reader (RFC 8259 § 4 leaves doubled names open)."""

    async def json(self) -> Any:
        """Return the body; raises `ValueError` where it is no such JSON."""
        return json.loads(
            (await self.body()).decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_constant
        )


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise ValueError("a name stands twice")
    return named


def _no_constant(_: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


def _invalid(error: RequestValidationError) -> Refusal:
    """Name the places and what is wrong there, and never what was sent: it could name people."""
    if any(each["type"] == "json_invalid" for each in error.errors()):
        return Refusal(RequestCode.BAD_JSON)
    return RefusedForProblems(RequestCode.INVALID_INPUT, map(_said, error.errors()))


def _said(each: dict[str, Any]) -> Wrong:
    is_unknown_name = each["type"] == "extra_forbidden"
    place = each["loc"][:-1] if is_unknown_name else each["loc"]
    return Wrong(code=each["type"], what=each["msg"], at=".".join(map(str, place)))
