"""What a one-time link leads to: the first account, or a new password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from donations.access.link import LINK_PATH, Link, good_link, use_link
from donations.access.password import LENGTH_MIN, Weakness, weakness_of
from donations.access.person import Permission
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode
from donations.store.session import reading, writing
from donations.web.access import needs
from donations.web.browser import origin_of
from donations.web.pages import SiteHere, page
from donations.web.refused import status_of
from donations.web.sign_in.sign_in import come_in
from donations.web.site import Site

_DIFFERENT = N_("The two passwords are not the same.")
WEAK: dict[Weakness, str] = {
    Weakness.TOO_SHORT: N_("A password has at least 12 characters. Three or four words are easy to remember."),
    Weakness.TOO_LONG: N_("This password is longer than the program can take."),
    Weakness.COMMON: N_("This password would be guessed soon. Take words that nobody expects together."),
}

router = APIRouter(prefix=LINK_PATH.rstrip("/"))


@router.get("/{secret}")
@needs(Permission.PUBLIC)
def form(request: Request, site: SiteHere, secret: str) -> Response:
    """Ask for a password, and in the set-up link for a name too."""
    return _form(request, _good(site, secret))


@router.post("/{secret}")
@needs(Permission.PUBLIC)
def take(
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
