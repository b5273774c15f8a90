"""All routes under `/api/v1`, their description (OpenAPI), the page that shows it, and the page of all problems."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import fastapi_offline
from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from donations.access.person import Permission
from donations.access.tokens import MEANINGS
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.web.access import needs
from donations.web.api import imports, lists, questions
from donations.web.api.lists import accounts_router, appeals_router, association_router, donors_router, gifts_router
from donations.web.api.mail import mail_router, thanks_router
from donations.web.api.problems import CATALOGUE_PATH, ProblemDocument
from donations.web.pages import page
from donations.web.refused import explained

VERSION_PATH = "/api/v1"

routes_router = APIRouter()
for each in (
    *(association_router, accounts_router, appeals_router, imports.router, questions.payments_router, questions.router),
    *(donors_router, gifts_router, lists.router, lists.papers_router, mail_router, thanks_router),
):
    routes_router.include_router(each, prefix=VERSION_PATH)


swagger_router = APIRouter(prefix="/docs/static", include_in_schema=False)

_FILES = Path(fastapi_offline.__file__).parent / "static"
_PICTURE = re.compile(r'url\("data:image/svg\+xml;charset=utf-8,((?:[^"\\]|\\.)*)"\)')


@swagger_router.get("/swagger-ui-bundle.js")
@needs(Permission.PUBLIC)
def script() -> Response:
    """Give the program."""
    return FileResponse(_FILES / "swagger-ui-bundle.js")


@swagger_router.get("/swagger-ui.css")
@needs(Permission.PUBLIC)
def style() -> Response:
    """Give the style."""
    return Response(_style()[0], media_type="text/css")


@swagger_router.get("/pictures/{number}.svg")
@needs(Permission.PUBLIC)
def picture(number: str) -> Response:
    """Give a picture of the style."""
    found = _style()[1].get(number)
    if found is None:
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    return Response(found, media_type="image/svg+xml")


@cache
def _style() -> tuple[str, dict[str, str]]:
    """Return the style, and its pictures by number."""
    pictures: dict[str, str] = {}

    def moved(found: re.Match[str]) -> str:
        number = str(len(pictures))
        pictures[number] = unquote(re.sub(r"\\(.)", r"\1", found[1]))
        return f"url({swagger_router.prefix}/pictures/{number}.svg)"

    return _PICTURE.sub(moved, (_FILES / "swagger-ui.css").read_text(encoding="utf-8")), pictures


router = APIRouter(include_in_schema=False)
router.include_router(swagger_router)

DESCRIPTION_PATH = "/openapi.json"

_ABOUT = """Gifts that arrive by bank transfer: statements in, a proven donor ledger and reports out.

Send `Authorization: Bearer dt_…`; tokens are made on the page “Programs” of your account. Money is whole minor units
with a currency. Days are ISO 8601, times RFC 3339 in UTC. Lists come in the order of their ids; `next` and the `Link`
header lead on. What goes wrong is a problem (RFC 9457) whose `code` never changes; its texts follow
`Accept-Language`."""


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI description of `/api/v1` and of nothing else."""
    made = get_openapi(title="Donations", version="1", description=_ABOUT, routes=routes_router.routes)
    parts = made.setdefault("components", {})
    said = ProblemDocument.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    parts.setdefault("schemas", {}).update(said.pop("$defs"))
    parts["schemas"]["Problem"] = said
    scopes = "; ".join(f"`{scope}`: {meaning}" for scope, meaning in MEANINGS.items())
    parts["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "dt_<number>_<secret>", "description": scopes}
    }
    return made


@router.get(DESCRIPTION_PATH)
@needs(Permission.PUBLIC)
def openapi() -> Response:
    """Give the description; it holds no data of anybody."""
    return JSONResponse(description())


@router.get("/docs")
@needs(Permission.PUBLIC)
def docs(request: Request) -> Response:
    """Show the description in a page that can try it out."""
    return page(request, "api/docs.html", description_path=DESCRIPTION_PATH)


@router.get(CATALOGUE_PATH)
@needs(Permission.PUBLIC)
def problems(request: Request) -> Response:
    """Explain every code that a problem can have."""
    return page(request, "api/problems.html", explained=list(explained()))
