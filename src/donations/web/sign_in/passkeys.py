"""Signing in with a passkey: one page asks the device, the next takes its answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from donations.access.passkey import PasskeyError, ask_for_known, sign_in
from donations.access.person import Permission
from donations.access.signing_in import TooManyAttemptsError
from donations.core.language import N_
from donations.store.session import writing
from donations.web.access import needs
from donations.web.browser import browser_of, origin_of, place_of
from donations.web.pages import SiteHere, page
from donations.web.sign_in.sign_in import TOO_MANY, come_in
from donations.web.site import Site

PASSKEY_FAILED = N_("That did not work. Try again, or go another way.")

router = APIRouter(prefix="/sign-in/passkey")


@router.post("")
@needs(Permission.PUBLIC)
def ask(request: Request, site: SiteHere, then: Annotated[str, Form()] = "") -> Response:
    """Let the browser ask the device for a passkey of this site."""
    return _asking(request, site, then=then)


def _asking(request: Request, site: Site, *, then: str, wrong: str = "", status: int = 200) -> Response:
    with writing(site.engine) as session:
        options = ask_for_known(
            session, browser=browser_of(request), place=place_of(request), origin=origin_of(request)
        )
    return page(request, "sign_in/passkey.html", status=status, options=options, then=then, wrong=wrong, is_new=False)


@router.post("/answer")
@needs(Permission.PUBLIC)
def take(
    request: Request, site: SiteHere, answer: Annotated[str, Form()] = "", then: Annotated[str, Form()] = ""
) -> Response:
    """Take the device's answer."""
    try:
        entered = sign_in(
            site.entrance,
            answer,
            browser=browser_of(request),
            place=place_of(request),
            origin=origin_of(request),
        )
    except PasskeyError:
        return _asking(request, site, then=then, wrong=PASSKEY_FAILED, status=401)
    except TooManyAttemptsError:
        return _asking(request, site, then=then, wrong=TOO_MANY, status=429)
    return come_in(request, site, entered, then=then)
