"""The second step of one's own account: authenticator app, passkeys, recovery codes.

Pages with a secret are the answers of forms and kept in no cache: recovery codes are seen once.
"""

from __future__ import annotations

from io import BytesIO
from typing import Annotated

import segno
from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from donations.access import account as acts
from donations.access import passkey
from donations.access.person import Permission
from donations.access.second_step import totp_address
from donations.access.session import Entered
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.store.session import reading, writing
from donations.web.access import Visitor, VisitorHere, needs
from donations.web.browser import browser_of, let_in, origin_of, place_of
from donations.web.pages import SiteHere, page, see
from donations.web.sign_in.account import ACCOUNT_PATH, account_page
from donations.web.sign_in.passkeys import PASSKEY_FAILED
from donations.web.site import Site

_WRONG_CODE = N_(
    "That code is not right. Take the one that the app shows now, and see that the phone’s clock is right."
)

router = APIRouter(prefix=ACCOUNT_PATH)


@router.post("/app")
@needs(Permission.SIGNED_IN, fresh=True)
def begin_app(request: Request, site: SiteHere, visitor: VisitorHere) -> Response:
    """Show the secret for an authenticator app; who has one removes it first."""
    try:
        with writing(site.engine) as session:
            secret = acts.begin_totp(session, visitor.own_id, seal=site.entrance.seal)
    except acts.HasAppError:
        return see(request, ACCOUNT_PATH)
    return page(request, "sign_in/app.html", secret=secret, wrong="")


@router.get("/app/qr.svg")
@needs(Permission.SIGNED_IN)
def app_picture(site: SiteHere, visitor: VisitorHere) -> Response:
    """Draw the secret that waits for its first code, for the camera of a phone."""
    address = totp_address(_waiting_secret(site, visitor), person=visitor.name, organisation=site.organisation)
    drawn = BytesIO()
    segno.make(address, micro=False).save(drawn, kind="svg", scale=5, border=4, light="white")
    return Response(drawn.getvalue(), media_type="image/svg+xml")


@router.post("/app/confirm")
@needs(Permission.SIGNED_IN)
def confirm_app(request: Request, site: SiteHere, visitor: VisitorHere, code: Annotated[str, Form()] = "") -> Response:
    """Take the app's first code; from then on it is asked for."""
    secret = _waiting_secret(site, visitor)
    try:
        with writing(site.engine) as session:
            entered, codes = acts.confirm_totp(
                session,
                visitor.own_id,
                code,
                seal=site.entrance.seal,
                origin=origin_of(request),
                lifetime=site.lifetime,
            )
    except acts.WrongCodeError:
        return page(request, "sign_in/app.html", status=422, secret=secret, wrong=_WRONG_CODE)
    return _codes_page(request, entered, codes)


@router.post("/app/remove")
@needs(Permission.SIGNED_IN, fresh=True)
def remove_app(request: Request, site: SiteHere, visitor: VisitorHere) -> Response:
    """Take the app away."""
    with writing(site.engine) as session:
        entered = acts.remove_totp(session, visitor.own_id, origin=origin_of(request), lifetime=site.lifetime)
    let_in(request, entered)
    return see(request, ACCOUNT_PATH)


@router.post("/codes")
@needs(Permission.SIGNED_IN, fresh=True)
def new_codes(request: Request, site: SiteHere, visitor: VisitorHere) -> Response:
    """Show new recovery codes; older ones are good no more."""
    with writing(site.engine) as session:
        codes = acts.make_recovery_codes(session, visitor.own_id, origin_of(request))
    return _codes_page(request, None, codes)


@router.post("/passkeys")
@needs(Permission.SIGNED_IN, fresh=True)
def ask_for_passkey(
    request: Request, site: SiteHere, visitor: VisitorHere, name: Annotated[str, Form()] = ""
) -> Response:
    """Let the browser ask the device for a new passkey."""
    with writing(site.engine) as session:
        options = passkey.ask_for_new(
            session, visitor.own_id, browser=browser_of(request), place=place_of(request), origin=origin_of(request)
        )
    return page(request, "sign_in/new_passkey.html", options=options, name=name)


@router.post("/passkeys/answer")
@needs(Permission.SIGNED_IN)
def add_passkey(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    answer: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
) -> Response:
    """Take the passkey that the device made."""
    try:
        entered, codes = passkey.add(
            site.entrance,
            visitor.own_id,
            answer,
            name=name,
            browser=browser_of(request),
            place=place_of(request),
            origin=origin_of(request),
        )
    except passkey.PasskeyError:
        return account_page(request, site, visitor, wrong=PASSKEY_FAILED, status=422)
    if codes:
        return _codes_page(request, entered, codes)
    let_in(request, entered)
    return see(request, ACCOUNT_PATH)


@router.post("/passkeys/remove")
@needs(Permission.SIGNED_IN, fresh=True)
def remove_passkey(
    request: Request, site: SiteHere, visitor: VisitorHere, passkey_id: Annotated[int, Form(alias="passkey")]
) -> Response:
    """Take a passkey away."""
    with writing(site.engine) as session:
        entered = passkey.remove(session, visitor.own_id, passkey_id, origin=origin_of(request), lifetime=site.lifetime)
    let_in(request, entered)
    return see(request, ACCOUNT_PATH)


def _waiting_secret(site: Site, visitor: Visitor) -> str:
    with reading(site.engine) as session:
        secret = acts.waiting_totp_secret(session, visitor.own_id, seal=site.entrance.seal)
    if secret is None:
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    return secret


def _codes_page(request: Request, entered: Entered | None, codes: list[str]) -> Response:
    if entered is not None:
        let_in(request, entered)
    return page(request, "sign_in/codes.html", codes=codes)
