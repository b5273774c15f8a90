"""One's own account: what a link leads to, the password, the second step, and where one is signed in.

What changes how an account is come into is `fresh`; a new password asks for the present one itself, each time (ADR 19).

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
from donations.access.account import account as overview_of
from donations.access.event import Event
from donations.access.link import LINK_PATH, Link, good_link, use_link
from donations.access.password import LENGTH_MIN, Weakness, weakness_of
from donations.access.person import Permission
from donations.access.second_step import totp_address
from donations.access.session import Entered
from donations.access.signing_in import TooManyAttemptsError, WrongError, check_password
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode, RequestCode
from donations.store.session import as_reader, reading, writing
from donations.store.users import person_here
from donations.web.access import Visitor, VisitorHere, needs
from donations.web.browser import browser_of, let_in, origin_of, place_of
from donations.web.pages import SIGN_IN_PATH, SiteHere, page, see
from donations.web.refused import status_of
from donations.web.sign_in.sign_in import PASSKEY_FAILED, TOO_MANY, come_in
from donations.web.site import Site

_DIFFERENT = N_("The two passwords are not the same.")
WEAK: dict[Weakness, str] = {
    Weakness.TOO_SHORT: N_("A password has at least 12 characters. Three or four words are easy to remember."),
    Weakness.TOO_LONG: N_("This password is longer than the program can take."),
    Weakness.COMMON: N_("This password is easy to guess. Take words that nobody expects together."),
}

link_router = APIRouter(prefix=LINK_PATH.rstrip("/"))


@link_router.get("/{secret}")
@needs(Permission.PUBLIC)
def link_form(request: Request, site: SiteHere, secret: str) -> Response:
    """Ask for a password, and in the set-up link for a name too."""
    return _form(request, _good(site, secret))


@link_router.post("/{secret}")
@needs(Permission.PUBLIC)
def take_link_password(
    request: Request,
    site: SiteHere,
    secret: str,
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
) -> Response:
    """Set the password and let the person in; the link is used up."""
    link = _good(site, secret)
    wrong = password_problem(site, password, again=again, name=name if link.person is None else link.person.name)
    if wrong:
        return _form(request, link, name=name, wrong=wrong, status=422)
    hashed = site.entrance.passwords.hashed(password)
    try:
        with writing(site.engine) as session:
            entered = use_link(session, secret, hashed, name=name, origin=origin_of(request), lifetime=site.lifetime)
    except Refusal as refusal:
        if refusal.code is not AccessCode.BAD_NAME:
            raise
        return _form(request, link, name=name, refusal=refusal)
    return come_in(request, site, entered, then="")


def password_problem(site: Site, password: str, *, again: str, name: str) -> str:
    """Return what is wrong with a new password, in marked words; empty where nothing is."""
    if password != again:
        return _DIFFERENT
    weakness = weakness_of(password, around=(name, site.organisation))
    return "" if weakness is None else WEAK[weakness]


def _good(site: Site, secret: str) -> Link:
    with reading(site.engine) as session:
        return good_link(session, secret, now=site.clock())


def _form(
    request: Request, link: Link, *, name: str = "", wrong: str = "", status: int = 200, refusal: Refusal | None = None
) -> Response:
    return page(
        request,
        "sign_in/link.html",
        status=status if refusal is None else status_of(refusal.code),
        refusal=refusal,
        person=link.person,
        name=name,
        wrong=wrong,
        length_min=LENGTH_MIN,
    )


ACCOUNT_PATH = "/account"
_WRONG = N_("Your present password is not right. Nothing was changed.")

router = APIRouter(prefix=ACCOUNT_PATH)


@router.get("")
@needs(Permission.SIGNED_IN)
def show(request: Request, site: SiteHere, visitor: VisitorHere) -> Response:
    """Show the account."""
    return account_page(request, site, visitor)


def account_page(request: Request, site: Site, visitor: Visitor, *, wrong: str = "", status: int = 200) -> Response:
    """Render the account, with what went wrong on top."""
    with reading(site.engine) as session:
        found = overview_of(session, visitor.own_id, now=site.clock(), lifetime=site.lifetime)
    return page(request, "sign_in/account.html", status=status, account=found, here=visitor.session, wrong=wrong)


@router.post("/password")
@needs(Permission.SIGNED_IN)
def change_password(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    present: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Set a new password; every other browser is signed out."""
    try:
        check_password(site.entrance, person_id=visitor.own_id, password=present, origin=origin_of(request))
    except WrongError:
        return account_page(request, site, visitor, wrong=_WRONG, status=401)
    except TooManyAttemptsError:
        return account_page(request, site, visitor, wrong=TOO_MANY, status=429)
    wrong = password_problem(site, password, again=again, name=visitor.name)
    if wrong:
        return account_page(request, site, visitor, wrong=wrong, status=422)
    hashed = site.entrance.passwords.hashed(password)
    with writing(site.engine) as session:
        row = person_here(as_reader(session), visitor.own_id)
        let_in(request, acts.set_password(session, row, hashed, origin=origin_of(request), lifetime=site.lifetime))
    return see(request, ACCOUNT_PATH)


@router.post("/sessions/end")
@needs(Permission.SIGNED_IN)
def end_session(request: Request, site: SiteHere, visitor: VisitorHere, browser: Annotated[str, Form()]) -> Response:
    """Sign out in one browser."""
    with writing(site.engine) as session:
        acts.sign_out(session, visitor.own_id, browser, origin_of(request), kind=Event.SESSION_ENDED)
    return see(request, ACCOUNT_PATH)


@router.post("/sign-out-everywhere")
@needs(Permission.SIGNED_IN)
def sign_out_everywhere(request: Request, site: SiteHere, visitor: VisitorHere) -> Response:
    """Sign out in every browser, this one too."""
    with writing(site.engine) as session:
        acts.sign_out_everywhere(session, visitor.own_id, origin_of(request))
    return see(request, SIGN_IN_PATH)


_WRONG_CODE = N_(
    "That code is not right. Take the one that the app shows now, and see that the phone’s clock is right."
)

second_step_router = APIRouter(prefix=ACCOUNT_PATH)


@second_step_router.post("/app")
@needs(Permission.SIGNED_IN, fresh=True)
def begin_app(request: Request, site: SiteHere, visitor: VisitorHere) -> Response:
    """Show the secret for an authenticator app; who has one removes it first."""
    try:
        with writing(site.engine) as session:
            secret = acts.begin_totp(session, visitor.own_id)
    except acts.HasAppError:
        return see(request, ACCOUNT_PATH)
    return page(request, "sign_in/app.html", secret=secret, wrong="")


@second_step_router.get("/app/qr.svg")
@needs(Permission.SIGNED_IN)
def app_picture(site: SiteHere, visitor: VisitorHere) -> Response:
    """Draw the secret that waits for its first code, for the camera of a phone."""
    address = totp_address(_waiting_secret(site, visitor), person=visitor.name, organisation=site.organisation)
    drawn = BytesIO()
    segno.make(address, micro=False).save(drawn, kind="svg", scale=5, border=4, light="white")
    return Response(drawn.getvalue(), media_type="image/svg+xml")


@second_step_router.post("/app/confirm")
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
                origin=origin_of(request),
                lifetime=site.lifetime,
            )
    except acts.WrongCodeError:
        return page(request, "sign_in/app.html", status=422, secret=secret, wrong=_WRONG_CODE)
    return _codes_page(request, entered, codes)


@second_step_router.post("/app/remove")
@needs(Permission.SIGNED_IN, fresh=True)
def remove_app(request: Request, site: SiteHere, visitor: VisitorHere) -> Response:
    """Take the app away."""
    with writing(site.engine) as session:
        entered = acts.remove_totp(session, visitor.own_id, origin=origin_of(request), lifetime=site.lifetime)
    let_in(request, entered)
    return see(request, ACCOUNT_PATH)


@second_step_router.post("/codes")
@needs(Permission.SIGNED_IN, fresh=True)
def new_codes(request: Request, site: SiteHere, visitor: VisitorHere) -> Response:
    """Show new recovery codes; older ones are good no more."""
    with writing(site.engine) as session:
        codes = acts.make_recovery_codes(session, visitor.own_id, origin_of(request))
    return _codes_page(request, None, codes)


@second_step_router.post("/passkeys")
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


@second_step_router.post("/passkeys/answer")
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


@second_step_router.post("/passkeys/remove")
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
        secret = acts.waiting_totp_secret(session, visitor.own_id)
    if secret is None:
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    return secret


def _codes_page(request: Request, entered: Entered | None, codes: list[str]) -> Response:
    if entered is not None:
        let_in(request, entered)
    return page(request, "sign_in/codes.html", codes=codes)
