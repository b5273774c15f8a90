"""Swagger UI as its package brings it, but for the pictures in its style: as files, for our policy loads no others."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import fastapi_offline
from fastapi import APIRouter
from starlette.responses import FileResponse, Response

from donations.access.permission import Permission
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.web.access import needs

router = APIRouter(prefix="/docs/static", include_in_schema=False)

_FILES = Path(fastapi_offline.__file__).parent / "static"
_PICTURE = re.compile(r'url\("data:image/svg\+xml;charset=utf-8,((?:[^"\\]|\\.)*)"\)')


@router.get("/swagger-ui-bundle.js")
@needs(Permission.PUBLIC)
def script() -> Response:
    """Give the program."""
    return FileResponse(_FILES / "swagger-ui-bundle.js")


@router.get("/swagger-ui.css")
@needs(Permission.PUBLIC)
def style() -> Response:
    """Give the style."""
    return Response(_style()[0], media_type="text/css")


@router.get("/pictures/{number}.svg")
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
        return f"url({router.prefix}/pictures/{number}.svg)"

    return _PICTURE.sub(moved, (_FILES / "swagger-ui.css").read_text(encoding="utf-8")), pictures
