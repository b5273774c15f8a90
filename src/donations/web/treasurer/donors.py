"""Donors: found by name, and the gifts of one over time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.core.donor import DonorId
from donations.store.session import reading
from donations.web.access import needs
from donations.web.failures import FailureCode, PageError
from donations.web.pages import SiteHere, page
from donations.web.paging import Paging
from donations.web.treasurer.giving import count_donors, donor_totals, giving_of

DONORS_AT_ONCE = 50

router = APIRouter(prefix="/donors")


@router.get("")
@needs(Permission.SEE_NAMES)
def donors(
    request: Request,
    site: SiteHere,
    name: Annotated[str, Query(max_length=140)] = "",
    at: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    """List those who gave, by name, and what each gave in all."""
    with reading(site.engine) as session:
        paging = Paging(at=at, size=DONORS_AT_ONCE, total=count_donors(session, name=name))
        totals = donor_totals(session, name=name, start=paging.start, size=paging.size)
        return page(request, "treasurer/donors.html", donors=totals, paging=paging, name=name)


@router.get("/{donor_id}")
@needs(Permission.SEE_NAMES)
def donor(request: Request, site: SiteHere, donor_id: int) -> Response:
    """Show one donor: how recognised, and every gift and refund."""
    with reading(site.engine) as session:
        giving = giving_of(session, DonorId(donor_id))
        if giving is None:
            raise PageError(FailureCode.UNKNOWN_DONOR)
        return page(request, "treasurer/donor.html", giving=giving)
