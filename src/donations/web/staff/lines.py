"""The gifts that one number of a dashboard is made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.core.donor import DonorId
from donations.core.money import MINOR_MAX, Minor
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.store.donors import people
from donations.store.given import Scope
from donations.store.giving.gift_sums import Which, gift_lines, lines_sum
from donations.store.session import reading
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere, page
from donations.web.paging import Paging
from donations.web.staff.chosen import Asked, chosen

GIFTS_AT_ONCE = 100

router = APIRouter(prefix="/lines")


class AskedLines(Asked):
    """Which gifts: days and currency, and what else narrows them."""

    first: date
    last: date
    donor: int | None = None
    least: Minor = Field(0, ge=0, le=MINOR_MAX)
    below: Minor | None = Field(None, ge=0, le=MINOR_MAX)


@router.get("")
@needs(Permission.SEE_NAMES)
def show(request: Request, site: SiteHere, visitor: VisitorHere, asked: Annotated[AskedLines, Query()]) -> Response:
    """List the gifts that a number is made of, the newest first."""
    with reading(site.engine) as session:
        choice = chosen(session, asked, visitor, site)
        which = Which(
            scope=Scope(first_day=asked.first, last_day=asked.last, appeal_id=choice.appeal, account_id=choice.account),
            currency=choice.currency,
            donor=None if asked.donor is None else DonorId(asked.donor),
            least=asked.least,
            below=asked.below,
        )
        total = lines_sum(session, which)
        paging = Paging(at=asked.page, size=GIFTS_AT_ONCE, total=total.gifts)
        lines = gift_lines(session, which, start=paging.start, size=paging.size)
        donors = people.donors(session, {line.donor for line in lines} | ({which.donor} if which.donor else set()))
        if which.donor is not None and which.donor not in donors:
            raise Refusal(DonorCode.UNKNOWN_DONOR)
        own = asked.model_dump(mode="json", exclude={"page"}, exclude_none=True)
        return page(
            request,
            "staff/lines.html",
            choice=choice,
            which=which,
            total=total,
            lines=lines,
            donors=donors,
            paging=paging,
            address="?" + urlencode(own) + "&",
        )
