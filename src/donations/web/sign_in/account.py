"""One's own account: the password, where one is signed in, and what happened.

What changes how it is come into is `fresh`; a new password asks for the present one itself, each time (ADR 19).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from donations.access import account as acts
from donations.access.account import account as overview_of
from donations.access.event import Event
from donations.access.person import Permission
from donations.access.signing_in import TooManyAttemptsError, WrongError, check_password
from donations.core.language import N_
from donations.store.session import as_reader, reading, writing
from donations.store.users import person_here
from donations.web.access import Visitor, VisitorHere, needs
from donations.web.browser import let_in, origin_of
from donations.web.navigation import SIGN_IN_PATH
from donations.web.pages import SiteHere, page, see
from donations.web.sign_in.link import password_problem
from donations.web.sign_in.sign_in import TOO_MANY
from donations.web.site import Site

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
