"""Whom to thank: donors with new gifts, words to copy, and one click that says it was done."""

from __future__ import annotations

from datetime import date, timedelta
from enum import IntEnum
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from donations.access.person import Permission
from donations.acts.promise import promise_of
from donations.acts.thanking import thank, to_thank
from donations.core.donor import DonorId
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.reports.thanks import words_of_thanks
from donations.store.session import ID_MAX, reading, writing
from donations.views.value import money_by_currency
from donations.web.access import VisitorHere, needs
from donations.web.own_name import shown_name
from donations.web.pages import Site, SiteHere, page

router = APIRouter(prefix="/donors/thanks")

SHOWN_MAX = 200


class DaysBack(IntEnum):
    """How many days back gifts are looked at."""

    MONTH = 31
    QUARTER = 92
    YEAR = 366
    ALL = 36_600


@router.get("")
@needs(Permission.SEE_NAMES)
def whom_to_thank(
    request: Request,
    site: SiteHere,
    days: DaysBack = DaysBack.QUARTER,
    thanked: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """List donors whose gifts are new since they were last thanked."""
    return _thanks_page(request, site, days, thanked=thanked)


def _thanks_page(
    request: Request, site: Site, days: DaysBack, *, thanked: int = 0, is_outdated: bool = False
) -> Response:
    with reading(site.engine) as session:
        found = to_thank(session, since=since_day(site, days))
        organisation = shown_name(session, site)
    shown = found[:SHOWN_MAX]
    return page(
        request,
        "treasurer/donors/thanks.html",
        status=409 if is_outdated else 200,
        outdated=is_outdated,
        shown=shown,
        more=len(found) - len(shown),
        sums=lambda each: money_by_currency(each.sums),
        words=lambda each: words_of_thanks(each, organisation=organisation),
        promised=promise_of,
        days=days,
        all_days=list(DaysBack),
        thanked=thanked,
    )


@router.post("")
@needs(Permission.DECIDE)
def thank_them(
    request: Request,
    site: SiteHere,
    visitor: VisitorHere,
    donor: Annotated[list[Annotated[int, Query(ge=1, le=ID_MAX)]], Form(max_length=SHOWN_MAX)],
    days: Annotated[DaysBack, Form()],
    promised: Annotated[str, Form(max_length=64)],
) -> Response:
    """Keep that these donors were thanked for the gifts that were shown."""
    try:
        with writing(site.engine) as session:
            since, donors = since_day(site, days), set(map(DonorId, donor))
            count = thank(session, donors, since=since, by=visitor.name, now=site.clock(), promised=promised)
    except Refusal as refusal:
        if refusal.code is not RequestCode.PREVIEW_OUTDATED:
            raise
        return _thanks_page(request, site, days, is_outdated=True)
    return RedirectResponse(f"/treasurer/donors/thanks?days={days.value}&thanked={count}", status_code=303)


def since_day(site: Site, days: DaysBack) -> date:
    """Return the first day that is looked at."""
    return site.today - timedelta(days=days)
