"""Donors: found by name, and one of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from donations.access.permission import Permission
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.store.api.listing import donors
from donations.store.session import reading
from donations.views.donor import DonorView, KnownDonor, donor_view, known_donor
from donations.views.value import ListOf
from donations.web.access import needs
from donations.web.api.paging import PageHere
from donations.web.api.route import ApiRoute
from donations.web.api.values import InPath, Name
from donations.web.site import SiteHere

router = APIRouter(prefix="/donors", tags=["donors"], route_class=ApiRoute)


@router.get("")
@needs(Permission.SEE_NAMES)
def list_donors(
    site: SiteHere,
    page: PageHere,
    name: Annotated[Name, Query(description="All these words are in the name; accents and case do not matter.")] = "",
) -> ListOf[DonorView]:
    """List donors in the order they came into the books. A merged donor is listed as the one that stands for it."""
    with reading(site.engine) as session:
        found, cursor = page.cut(
            donors(session, name=name, after=page.after, limit=page.one_more), lambda donor: donor.id
        )
        return ListOf(items=list(map(donor_view, found)), next=cursor)


@router.get("/{donor_id}")
@needs(Permission.SEE_NAMES)
def show_donor(site: SiteHere, donor_id: InPath) -> KnownDonor:
    """Show a donor, or the one that it was merged into. The gifts are under /gifts?donor=."""
    with reading(site.engine) as session:
        found = known_donor(session, donor_id)
    if found is None:
        raise Refusal(DonorCode.UNKNOWN_DONOR)
    return found
