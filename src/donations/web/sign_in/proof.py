"""Proving again who is there, before what leaves the house or cannot be undone; then one goes on from where one was.

Where that was travels in the pages themselves, and nowhere else: nothing of it is kept on the server, and no form in
an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from donations.access.passkey import PasskeyError, ask_for_known, sign_in
from donations.access.person import Permission
from donations.access.second_step import has_second_step
from donations.access.session import Again, Entered
from donations.access.signing_in import TooManyAttemptsError, WrongError, prove_again
from donations.core.language import N_
from donations.store.session import reading, writing
from donations.store.users import passkeys_of, person_here
from donations.web.access import Visitor, VisitorHere, needs, visitor_of
from donations.web.browser import browser_of, let_in, origin_of, place_of
from donations.web.forms import FIELDS_MAX
from donations.web.pages import SiteHere, home_of, page, see, site_of
from donations.web.sign_in.sign_in import PASSKEY_FAILED, TOO_MANY, local_path

AGAIN_PATH = "/sign-in/again"
_KEPT = "kept."
"""What the names of the kept fields begin with, so that none is taken for one of the proof's own."""
_IS_FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """Where to go on, and where one came from; both lead nowhere but to this site."""

    then: str
    back: str
    """Empty where it is not known."""
    fields: tuple[tuple[str, str], ...] | None = None
    """Of the form that was sent; None where a page was asked for."""

    @property
    def proof_path(self) -> str:
        """Where the proof for a page is asked for, and where one goes on once it is given."""
        return f"{AGAIN_PATH}?{urlencode({'next': self.then, 'back': self.back})}"

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The fields by which it travels through the forms of the proof."""
        form = (
            [] if self.fields is None else [(_IS_FORM, "yes"), *((_KEPT + name, value) for name, value in self.fields)]
        )
        return [("then", self.then), ("back", self.back), *form]


def path_asked(request: Request) -> str:
    """Return what a request asks for, as it can be asked for again."""
    path, query = str(request.scope["path"]), request.url.query
    return f"{path}?{query}" if query else path


def interrupted_at(request: Request, *, fields: Sequence[tuple[str, str]] | None) -> Interrupted:
    """Return what a request is about."""
    kept = None if fields is None else tuple(fields)
    return Interrupted(then=path_asked(request), back=_came_from(request), fields=kept)


def interrupted_as_asked(request: Request, *, then: str, back: str) -> Interrupted:
    """Return an errand that an address names."""
    home = home_of(request, visitor_of(request))
    return Interrupted(then=local_path(then, otherwise=home), back=local_path(back, otherwise=""))


def interrupted_as_sent(request: Request, sent: FormData) -> Interrupted:
    """Return the errand that travelled in a form."""
    told = [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]
    asked = interrupted_as_asked(request, then=dict(told).get("then", ""), back=dict(told).get("back", ""))
    if _IS_FORM not in sent:
        return asked
    kept = ((name.removeprefix(_KEPT), value) for name, value in told if name.startswith(_KEPT))
    return Interrupted(then=asked.then, back=asked.back, fields=tuple(kept))


def _came_from(request: Request) -> str:
    """Return the page of ours that named this address; browsers say it to the same site."""
    parts = urlsplit(request.headers.get("referer", ""))
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return local_path(path, otherwise="") if parts.netloc == request.headers.get("host") else ""


_WRONG = N_("That is not right. Nothing was done yet; what you filled in is kept.")

router = APIRouter(prefix=AGAIN_PATH)


async def _sent(request: Request) -> FormData:
    return await request.form(max_fields=FIELDS_MAX + 10)  # with the proof’s own


SentHere = Annotated[FormData, Depends(_sent)]


@router.get("")
@needs(Permission.SIGNED_IN)
def ask_for_proof(
    request: Request,
    visitor: VisitorHere,
    next: str = "",  # noqa: A002 - as addresses call it
    back: str = "",
) -> Response:
    """Ask for the proof, or go on where it was given."""
    errand = interrupted_as_asked(request, then=next, back=back)
    if not visitor.is_fresh:
        return proof_page(request, errand)
    if errand.then == home_of(request, visitor):  # a page; whatever else asks for a proof is a file
        return see(request, errand.then)
    return _go_on(request, errand)


def proof_page(request: Request, errand: Interrupted, *, wrong: str = "", status: int = 200) -> Response:
    """Ask for all that lets the person in."""
    own_id = visitor_of(request).own_id
    with reading(site_of(request).engine) as session:
        row = person_here(session, own_id)
        ways = {
            "has_passkey": bool(passkeys_of(session, own_id)),
            "has_second_step": has_second_step(session, row),
            "uses_totp": row.totp_confirmed,
        }
    return page(request, "sign_in/again.html", status=status, errand=errand, wrong=wrong, **ways)


@router.post("")
@needs(Permission.SIGNED_IN)
def take_proof(request: Request, site: SiteHere, visitor: VisitorHere, sent: SentHere) -> Response:
    """Take the password, and a code where there is a second step."""
    errand, password, code = (
        interrupted_as_sent(request, sent),
        str(sent.get("password", "")),
        str(sent.get("code", "")),
    )
    try:
        entered = prove_again(site.entrance, _again(visitor), password=password, code=code, origin=origin_of(request))
    except WrongError:
        return proof_page(request, errand, wrong=_WRONG, status=401)
    except TooManyAttemptsError:
        return proof_page(request, errand, wrong=TOO_MANY, status=429)
    return _proved(request, entered, errand)


@router.post("/passkey")
@needs(Permission.SIGNED_IN)
def ask_for_passkey_proof(request: Request, sent: SentHere) -> Response:
    """Let the browser ask the device for a passkey of this site."""
    return _asking(request, interrupted_as_sent(request, sent))


def _asking(request: Request, errand: Interrupted, *, wrong: str = "", status: int = 200) -> Response:
    with writing(site_of(request).engine) as session:
        options = ask_for_known(
            session, browser=browser_of(request), place=place_of(request), origin=origin_of(request)
        )
    return page(request, "sign_in/again_passkey.html", status=status, options=options, errand=errand, wrong=wrong)


@router.post("/passkey/answer")
@needs(Permission.SIGNED_IN)
def take_passkey_proof(request: Request, site: SiteHere, visitor: VisitorHere, sent: SentHere) -> Response:
    """Take the device's answer, if it is the person's own."""
    errand = interrupted_as_sent(request, sent)
    try:
        entered = sign_in(
            site.entrance,
            str(sent.get("answer", "")),
            browser=browser_of(request),
            place=place_of(request),
            origin=origin_of(request),
            again=_again(visitor),
        )
    except PasskeyError:
        return _asking(request, errand, wrong=PASSKEY_FAILED, status=401)
    except TooManyAttemptsError:
        return _asking(request, errand, wrong=TOO_MANY, status=429)
    return _proved(request, entered, errand)


def _again(visitor: Visitor) -> Again:
    return Again(person_id=visitor.own_id, digest=visitor.session)


def _proved(request: Request, entered: Entered, errand: Interrupted) -> Response:
    """Go on with the page, or show the form that was sent, to be sent once more."""
    let_in(request, entered)
    return see(request, errand.proof_path) if errand.fields is None else _go_on(request, errand)


def _go_on(request: Request, errand: Interrupted) -> Response:
    """Lead on. A file that is taken along leaves this page standing, so it says where one came from."""
    answer = page(request, "sign_in/again_done.html", errand=errand)
    if errand.fields is None:
        answer.headers["Refresh"] = f"0; url={errand.then}"
    return answer
