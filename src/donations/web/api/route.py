"""What every API route does: the token before the body, JSON that means one thing, and problems for whatever fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from collections.abc import Set as AbstractSet
from typing import Any

from fastapi import params
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.access.tokens import SCOPE_FOR
from donations.core.refusal import Refusal
from donations.core.refusals import AnswerCode, RequestCode
from donations.store.log.acting import let_act
from donations.web.access import visitor_of
from donations.web.api.bearer import admit
from donations.web.api.problems import MEDIA_TYPE, RefusedForProblems, Wrong, problem
from donations.web.site import site_of


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
    """The guard leaves to this route who may use it (donations.web.declared)."""

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
                return problem(refusal, of_body=names_in_body)
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
