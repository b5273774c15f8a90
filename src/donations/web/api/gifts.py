"""Gifts that stand."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from donations.access.permission import Permission
from donations.store.api.listing import Wanted, gifts
from donations.store.donors import people
from donations.store.session import reading
from donations.views.value import Money, Named, View, money
from donations.web.access import needs
from donations.web.api.paging import PageHere
from donations.web.api.route import ApiRoute
from donations.web.api.values import Day, IdWanted
from donations.web.site import SiteHere

router = APIRouter(prefix="/gifts", tags=["gifts"], route_class=ApiRoute)


class GiftOut(View):
    """A payment, or a part of it, that a donor gave for an appeal."""

    id: int = Field(description="The allocation's number.")
    payment_id: int
    booked_on: date = Field(description="The bank's booking date.")
    account: str = Field(description="The own account's number.")
    money: Money
    donor: Named
    appeal: Named


class GiftsOut(View):
    """A page of gifts."""

    items: list[GiftOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


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
) -> GiftsOut:
    """List gifts in the order they were booked. One that is reversed is gone; booked anew it has a new number."""
    wanted = Wanted(first_day=first_day, last_day=last_day, account_id=account, donor_id=donor, appeal_id=appeal)
    with reading(site.engine) as session:
        numbers = {row.id: row.number for row in people.accounts(session)}
        found, cursor = page.cut(gifts(session, wanted, after=page.after, limit=page.one_more), lambda gift: gift.id)
        items = [
            GiftOut(
                id=each.id,
                payment_id=each.payment_id,
                booked_on=each.booked_on,
                account=numbers[each.account],
                money=money(each.minor, each.currency),
                donor=Named(id=each.donor_id, name=each.donor),
                appeal=Named(id=each.appeal_id, name=each.appeal),
            )
            for each in found
        ]
        return GiftsOut(items=items, next=cursor)
