"""Did my gift arrive: by the giver's own code, and by account number where the association lets strangers ask so.

A question is answered where it is sent, so that nothing of it gets into an address or a log.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.access.turnstile import Admission, admission
from donations.core.giving_code import giving_codes
from donations.core.iban import ValidIban, parse_iban
from donations.core.language import N_
from donations.core.money import EUR
from donations.core.refusal import Refusal
from donations.core.typed import typed_amount, typed_day
from donations.reports.finding import Arrived, Found, find_by_account, find_by_code
from donations.store.organisation import may_ask_by_account
from donations.store.session import ReadSession, reading
from donations.store.strangers import counting
from donations.web.access import needs
from donations.web.browser import origin_of
from donations.web.pages import Site, SiteHere, page

PATH = "/find-my-gift"
_NO_CODE = N_("That is no code. It has eight letters and digits in two groups, such as K7QM-3TZP.")
_UNREADABLE = N_("That cannot be read. Write the whole IBAN, an amount such as 25,00, and a day such as 05.03.2026.")
_TOO_MANY = {
    Admission.TODAY: N_(
        "No more gifts are looked for today, so that nobody can guess. Come back tomorrow, or write to the association."
    ),
    Admission.ABOUT_ACCOUNT: N_(
        "No more is answered about this account for now, so that nobody can guess: three questions a month and six a "
        "year. Write to the association."
    ),
}
STEP_BYTES = 8 * 1024
"""Every answer is as long as a multiple of this: its length says nothing to whoever sees it pass by."""
STEP_SECONDS = 0.5
"""Every answer takes a multiple of this: so much sooner or later it would come, it says nothing of what was found."""

router = APIRouter(prefix=PATH)
Written = Annotated[str, Form(max_length=60)]


@router.get("")
@needs(Permission.PUBLIC)
def gift_form(request: Request, site: SiteHere) -> Response:
    """Show what may be asked."""
    return _page(request, site)


@router.post("")
@needs(Permission.PUBLIC, form_token=False)  # nothing is changed here, and public pages have nobody's token in them
def look_by_code(request: Request, site: SiteHere, code: Written = "") -> Response:
    """Answer whether a payment with this code arrived, unless too much was asked already."""
    codes = giving_codes(code)
    if len(codes) != 1:
        return _page(request, site, status=422, wrong=_NO_CODE)
    return _answer(request, site, lambda session: find_by_code(session, codes[0]))


@router.post("/account")
@needs(Permission.PUBLIC, form_token=False)  # as above
def look_by_account(
    request: Request, site: SiteHere, iban: Written = "", amount: Written = "", day: Written = ""
) -> Response:
    """Answer whether such a gift is published, unless too much was asked already."""
    with reading(site.engine) as session:
        if not may_ask_by_account(session):
            raise HTTPException(404)
    try:
        account, minor, on = parse_iban(iban), typed_amount(amount, EUR), typed_day(day)
    except Refusal:
        account = None
    if account is None:
        return _page(request, site, status=422, wrong=_UNREADABLE)
    return _answer(
        request, site, lambda session: find_by_account(session, iban=account, minor=minor, day=on), account=account
    )


def _answer(
    request: Request, site: Site, find: Callable[[ReadSession], Found], *, account: ValidIban | None = None
) -> Response:
    begun = monotonic()
    with counting(site.engine) as count:
        admitted = admission(count, address=origin_of(request).address, account=account, now=site.clock())
    if admitted is not Admission.ADMITTED:
        return _page(request, site, status=429, wrong=_TOO_MANY[admitted])
    with reading(site.engine) as session:
        found = find(session)
    answer = _page(request, site, found=found, is_by_account=account is not None)
    sleep(-(monotonic() - begun) % STEP_SECONDS)
    return answer


def _page(
    request: Request,
    site: Site,
    *,
    status: int = 200,
    found: Found | None = None,
    is_by_account: bool = False,
    wrong: str = "",
) -> Response:
    with reading(site.engine) as session:
        has_accounts = may_ask_by_account(session)
    figures = site.published.figures(site.engine)
    answer = page(
        request,
        "public/find_gift.html",
        status=status,
        found=found,
        has_arrived=isinstance(found, Arrived),
        is_by_account=is_by_account,
        may_ask_by_account=has_accounts,
        next_figures=figures.next if figures and figures.blocks else None,
        wrong=wrong,
    )
    answer.body = bytes(answer.body) + b"\n" * (-len(answer.body) % STEP_BYTES)
    answer.headers["Content-Length"] = str(len(answer.body))
    return answer
