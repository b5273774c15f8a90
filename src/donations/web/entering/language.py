"""Choosing the language of the pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from donations.access.permission import Permission
from donations.core.language import Language
from donations.web.access import needs
from donations.web.entering.local_path import local_path
from donations.web.language import COOKIE

_A_YEAR = 365 * 24 * 60 * 60

router = APIRouter()


@router.post("/language")
@needs(Permission.PUBLIC, form_token=False)  # nothing is kept here, and public pages have nobody's token in them
def choose(language: Annotated[Language, Form()], back: Annotated[str, Form()] = "/") -> Response:
    """Keep the choice in the browser, and go back."""
    answer = RedirectResponse(local_path(back, otherwise="/"), status_code=303)
    answer.set_cookie(COOKIE, language, max_age=_A_YEAR, path="/", httponly=True, samesite="lax")
    return answer
