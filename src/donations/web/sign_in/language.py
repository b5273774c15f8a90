"""Choosing the language of the pages, and where to go next: a path of this site, whatever was asked for."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.core.language import Language
from donations.web.access import needs
from donations.web.language import COOKIE

_LENGTH_MAX = 500


def local_path(asked: str, *, otherwise: str) -> str:
    """Return the path that was asked for if it can only lead to this site, else the other one.

    Browsers read backslashes as slashes and drop tabs and line breaks, so neither is let through.
    """
    is_plain = asked.isascii() and asked.isprintable() and "\\" not in asked and len(asked) <= _LENGTH_MAX
    if not is_plain or not asked.startswith("/") or asked.startswith("//"):
        return otherwise
    parts = urlsplit(asked)
    return otherwise if parts.scheme or parts.netloc else asked


_A_YEAR = 365 * 24 * 60 * 60

router = APIRouter()


@router.post("/language")
@needs(Permission.PUBLIC, form_token=False)  # nothing is kept here, and public pages have nobody's token in them
def choose(language: Annotated[Language, Form()], back: Annotated[str, Form()] = "/") -> Response:
    """Keep the choice in the browser, and go back."""
    answer = RedirectResponse(local_path(back, otherwise="/"), status_code=303)
    answer.set_cookie(COOKIE, language, max_age=_A_YEAR, path="/", httponly=True, samesite="lax")
    return answer
