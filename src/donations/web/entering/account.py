"""One's own account: the password, where one is signed in, and what happened."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from donations.access import account as acts
from donations.access.event import Event
from donations.access.overview import account as overview_of
from donations.access.permission import Permission
from donations.access.signing_in import TooManyAttemptsError, WrongError, check_password
from donations.core.language import N_
from donations.store.access.people import person_here
from donations.store.session import as_reader, reading, writing
from donations.web.access import Visitor, VisitorHere, needs, visitor_of
from donations.web.browser import let_in, origin_of
from donations.web.entering.link import password_problem
from donations.web.entering.sign_in import TOO_MANY
from donations.web.navigation import SIGN_IN_PATH
from donations.web.pages import SiteHere, page, see
from donations.web.site import Site, site_of

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
    return page(request, "entering/account.html", status=status, account=found, here=visitor.session, wrong=wrong)


class NotProvedError(Exception):
    """The present password was not given."""

    def __init__(self, wrong: str, status: int) -> None:
        """Take what is wrong in marked words, and the status of the answer."""
        self.wrong, self.status = wrong, status
        super().__init__("password_wrong")


def prove(request: Request, site: SiteHere, visitor: VisitorHere, present: Annotated[str, Form()] = "") -> None:
    """Let the person give the present password before the account is changed; raises `NotProvedError`."""
    try:
        check_password(site.entrance, person_id=visitor.own_id, password=present, origin=origin_of(request))
    except WrongError as error:
        raise NotProvedError(_WRONG, 401) from error
    except TooManyAttemptsError as error:
        raise NotProvedError(TOO_MANY, 429) from error


PROVED = [Depends(prove)]
"""What a route depends on that changes how the account is come into; each is `fresh` too, for the second step."""


def not_proved(request: Request, error: Exception) -> Response:
    """Show the account again, and what is wrong."""
    if not isinstance(error, NotProvedError):
        raise error
    return account_page(request, site_of(request), visitor_of(request), wrong=error.wrong, status=error.status)


@router.post("/password", dependencies=PROVED)
@needs(Permission.SIGNED_IN, fresh=True)
def change_password(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Set a new password; every other browser is signed out."""
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
