"""Signing in with a password and a code, or with a passkey; signing out, and choosing the language."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access import account
from donations.access.event import Event
from donations.access.passkey import PasskeyError, ask_for_known, sign_in
from donations.access.person import Permission
from donations.access.session import Entered, SignedIn, live_session
from donations.access.signing_in import TooManyAttemptsError, WrongError, with_code, with_password
from donations.core.language import N_, Language
from donations.store.session import reading, writing
from donations.store.users import has_people, passkeys_of
from donations.web.access import VisitorHere, needs, visitor_signed_in
from donations.web.browser import browser_of, forget, let_in, origin_of, place_of, secret_of
from donations.web.language import COOKIE
from donations.web.pages import SIGN_IN_PATH, SiteHere, home_of, page, see
from donations.web.site import Site

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

language_router = APIRouter()


@language_router.post("/language")
@needs(Permission.PUBLIC, form_token=False)  # nothing is kept here, and public pages have nobody's token in them
def choose(language: Annotated[Language, Form()], back: Annotated[str, Form()] = "/") -> Response:
    """Keep the choice in the browser, and go back."""
    answer = RedirectResponse(local_path(back, otherwise="/"), status_code=303)
    answer.set_cookie(COOKIE, language, max_age=_A_YEAR, path="/", httponly=True, samesite="lax")
    return answer


_WRONG = N_("Name or password is not right.")
_WRONG_CODE = N_("That code is not right. Each works only once, and those of the app only for a minute.")
TOO_MANY = N_("Too many attempts failed. Wait a while before the next one, or ask an administrator for a new link.")
_CODE_PATH = f"{SIGN_IN_PATH}/code"

router = APIRouter()


@router.get(SIGN_IN_PATH)
@needs(Permission.PUBLIC)
def form(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    next: str = "",  # noqa: A002 - as addresses call it
) -> Response:
    """Show the form, or how to begin where nobody has an account yet."""
    if visitor.is_at_home or visitor.is_signed_in:
        return see(request, local_path(next, otherwise=home_of(request, visitor)))
    return _form(request, site, then=next)


def _form(request: Request, site: Site, *, then: str, name: str = "", wrong: str = "", status: int = 200) -> Response:
    with reading(site.engine) as session:
        template = "sign_in/sign_in.html" if has_people(session) else "sign_in/nobody.html"
    return page(request, template, status=status, then=then, name=name, wrong=wrong)


@router.post(SIGN_IN_PATH)
@needs(Permission.PUBLIC)
def sign_in_page(
    request: Request,
    site: SiteHere,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    then: Annotated[str, Form()] = "",
) -> Response:
    """Take name and password."""
    try:
        entered = with_password(site.entrance, name=name, password=password, origin=origin_of(request))
    except WrongError:
        return _form(request, site, then=then, name=name, wrong=_WRONG, status=401)
    except TooManyAttemptsError:
        return _form(request, site, then=then, name=name, wrong=TOO_MANY, status=429)
    return come_in(request, site, entered, then=then)


def come_in(request: Request, site: Site, entered: Entered, *, then: str) -> Response:
    """Give the browser its session, and go on: to the second step, or to where the person wanted to be."""
    let_in(request, entered)
    if not entered.is_complete:
        return _code_form(request, site, then=then)
    with reading(site.engine) as session:
        found = live_session(session, entered.secret, now=site.clock(), lifetime=site.lifetime)
    home = "/" if found is None else home_of(request, visitor_signed_in(found))
    return see(request, local_path(then, otherwise=home))


@router.get(_CODE_PATH)
@needs(Permission.PUBLIC)
def code_form(request: Request, site: SiteHere) -> Response:
    """Show the form of the second step, if one is owed."""
    return _code_form(request, site, then="")


def _code_form(request: Request, site: Site, *, then: str, wrong: str = "", status: int = 200) -> Response:
    half = _half(request, site)
    if half is None:
        return see(request, SIGN_IN_PATH)
    with reading(site.engine) as session:
        has_passkey = bool(passkeys_of(session, half.person.id))
    return page(
        request,
        "sign_in/code.html",
        status=status,
        then=then,
        wrong=wrong,
        uses_totp=half.person.uses_totp,
        has_passkey=has_passkey,
    )


@router.post(_CODE_PATH)
@needs(Permission.PUBLIC)
def take_code(
    request: Request, site: SiteHere, code: Annotated[str, Form()] = "", then: Annotated[str, Form()] = ""
) -> Response:
    """Take the code of the app, or a recovery code."""
    half = _half(request, site)
    if half is None:
        return see(request, SIGN_IN_PATH)
    try:
        entered = with_code(
            site.entrance, digest=half.digest, person_id=half.person.id, code=code, origin=origin_of(request)
        )
    except WrongError:
        return _code_form(request, site, then=then, wrong=_WRONG_CODE, status=401)
    except TooManyAttemptsError:
        return _code_form(request, site, then=then, wrong=TOO_MANY, status=429)
    return come_in(request, site, entered, then=then)


def _half(request: Request, site: Site) -> SignedIn | None:
    """Return the session that owes the second step."""
    with reading(site.engine) as session:
        found = live_session(session, secret_of(request), now=site.clock(), lifetime=site.lifetime)
    return None if found is None or found.is_complete else found


@router.post("/sign-out")
@needs(Permission.SIGNED_IN)
def sign_out(request: Request, site: SiteHere, visitor: VisitorHere) -> Response:
    """End the session of this browser."""
    with writing(site.engine) as session:
        account.sign_out(session, visitor.own_id, visitor.session, origin_of(request), kind=Event.SIGNED_OUT)
    answer = see(request, SIGN_IN_PATH)
    forget(request, answer)
    return answer


PASSKEY_FAILED = N_("That did not work. Try again, or go another way.")

passkeys_router = APIRouter(prefix="/sign-in/passkey")


@passkeys_router.post("")
@needs(Permission.PUBLIC)
def ask_for_known_passkey(request: Request, site: SiteHere, then: Annotated[str, Form()] = "") -> Response:
    """Let the browser ask the device for a passkey of this site."""
    return _asking_passkey(request, site, then=then)


def _asking_passkey(request: Request, site: Site, *, then: str, wrong: str = "", status: int = 200) -> Response:
    with writing(site.engine) as session:
        options = ask_for_known(
            session, browser=browser_of(request), place=place_of(request), origin=origin_of(request)
        )
    return page(request, "sign_in/passkey.html", status=status, options=options, then=then, wrong=wrong, is_new=False)


@passkeys_router.post("/answer")
@needs(Permission.PUBLIC)
def take_known_passkey(
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
        return _asking_passkey(request, site, then=then, wrong=PASSKEY_FAILED, status=401)
    except TooManyAttemptsError:
        return _asking_passkey(request, site, then=then, wrong=TOO_MANY, status=429)
    return come_in(request, site, entered, then=then)
