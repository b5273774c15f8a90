"""Find my gift: a donor learns whether a gift arrived and in which published months it counts, and nothing else.

The form is answered where it is sent, so that nothing of it gets into an address or a log.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.core.language import N_
from donations.core.money import EUR
from donations.core.refusal import Refusal
from donations.core.typed import typed_amount, typed_day
from donations.reports.finding import (
    BadDescriptionError,
    Described,
    Found,
    FoundPublished,
    NotPublished,
    NotReceived,
    find_gift,
)
from donations.store.session import reading
from donations.web.access import needs
from donations.web.browser import origin_of
from donations.web.pages import Site, SiteHere, page

PATH = "/find-my-gift"
_WRONG = N_("That cannot be read. Write four characters, an amount such as 25,00, and a day such as 05.03.2026.")
_TOO_MANY = N_(
    "No more gifts are looked for today, so that nobody can guess. Come back tomorrow, or write to the association."
)
_STEP = 8 * 1024
"""Every answer is as long as a multiple of this: its length says nothing to whoever sees it pass by."""

router = APIRouter()


@router.get(PATH)
@needs(Permission.PUBLIC)
def form(request: Request) -> Response:
    """Show the form."""
    return _page(request)


@router.post(PATH)
@needs(Permission.PUBLIC, form_token=False)  # nothing is kept here, and public pages have nobody's token in them
def find(
    request: Request,
    site: SiteHere,
    last_four: Annotated[str, Form(max_length=50)] = "",
    amount: Annotated[str, Form(max_length=50)] = "",
    day: Annotated[str, Form(max_length=50)] = "",
) -> Response:
    """Answer whether such a gift was received, unless too much was asked already."""
    try:
        described = Described(
            last_four="".join(last_four.split()).upper(), minor=typed_amount(amount, EUR), day=typed_day(day)
        )
    except (BadDescriptionError, Refusal):
        return _page(request, status=422, wrong=_WRONG)
    if not site.turnstile.admits(address=origin_of(request).address, about=described.last_four, now=site.clock()):
        return _page(request, status=429, wrong=_TOO_MANY)
    return _page(request, found=_found(site, described))


def _found(site: Site, described: Described) -> Found:
    """Ask the books: the only place where a public page does."""
    with reading(site.engine) as session:
        return find_gift(session, described)


def _page(request: Request, *, status: int = 200, found: Found | None = None, wrong: str = "") -> Response:
    answer = page(request, "public/find_gift.html", status=status, outcome=_outcome(found), found=found, wrong=wrong)
    answer.body = bytes(answer.body) + b"\n" * (-len(answer.body) % _STEP)
    answer.headers["Content-Length"] = str(len(answer.body))
    return answer


def _outcome(found: Found | None) -> str:
    match found:
        case None:
            return ""
        case NotReceived():
            return "not_received"
        case NotPublished():
            return "not_published"
        case FoundPublished():
            return "published"
