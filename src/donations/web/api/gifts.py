"""Gifts that stand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from donations.access.permission import Permission
from donations.store.api.listing import Wanted, gifts
from donations.store.donors import people
from donations.store.session import reading
from donations.views.donor import GiftView, gift_view
from donations.views.value import ListOf
from donations.web.access import needs
from donations.web.api.paging import PageHere
from donations.web.api.route import ApiRoute
from donations.web.api.values import Day, IdWanted
from donations.web.site import SiteHere

router = APIRouter(prefix="/gifts", tags=["gifts"], route_class=ApiRoute)


@router.get("")
@needs(Permission.SEE_NAMES)
def list_gifts(
    site: SiteHere,
    page: PageHere,
    first_day: Annotated[Day | None, Query(alias="from", description="The first booking date.")] = None,
    last_day: Annotated[Day | None, Query(alias="to", description="The last booking date.")] = None,
    account: IdWanted = None,
    donor: IdWanted = None,
    appeal: IdWanted = None,
) -> ListOf[GiftView]:
    """List gifts in the order they were booked. One that is reversed is gone; booked anew it has a new number."""
    wanted = Wanted(first_day=first_day, last_day=last_day, account_id=account, donor_id=donor, appeal_id=appeal)
    with reading(site.engine) as session:
        numbers = {row.id: row.number for row in people.accounts(session)}
        found, cursor = page.cut(gifts(session, wanted, after=page.after, limit=page.one_more), lambda gift: gift.id)
        return ListOf(items=[gift_view(each, numbers[each.account]) for each in found], next=cursor)
