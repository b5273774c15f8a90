"""Lists of the API: own accounts, appeals, donors, and gifts that stand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from donations.access.person import Permission
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.store.api.listing import PaymentFilter, donors, gifts
from donations.store.donors import people
from donations.store.session import reading
from donations.views.account import AccountView, AppealView, accounts_view, appeals_view
from donations.views.donor import DonorView, GiftView, KnownDonor, donor_view, gift_view, known_donor
from donations.views.value import ListOf
from donations.web.access import needs
from donations.web.api.paging import PageHere
from donations.web.api.route import ApiRoute
from donations.web.api.values import Day, IdWanted, InPath, Name
from donations.web.site import SiteHere

accounts_router = APIRouter(prefix="/accounts", tags=["accounts"], route_class=ApiRoute)


@accounts_router.get("")
@needs(Permission.SEE_FIGURES)
def list_accounts(site: SiteHere) -> ListOf[AccountView]:
    """List the own accounts in the order they were registered."""
    with reading(site.engine) as session:
        return accounts_view(session)


appeals_router = APIRouter(prefix="/appeals", tags=["appeals"], route_class=ApiRoute)


@appeals_router.get("")
@needs(Permission.SEE_FIGURES)
def list_appeals(site: SiteHere) -> ListOf[AppealView]:
    """List the appeals with their keywords."""
    with reading(site.engine) as session:
        return appeals_view(session)


donors_router = APIRouter(prefix="/donors", tags=["donors"], route_class=ApiRoute)


@donors_router.get("")
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


@donors_router.get("/{donor_id}")
@needs(Permission.SEE_NAMES)
def show_donor(site: SiteHere, donor_id: InPath) -> KnownDonor:
    """Show a donor, or the one that it was merged into. The gifts are under /gifts?donor=."""
    with reading(site.engine) as session:
        found = known_donor(session, donor_id)
    if found is None:
        raise Refusal(DonorCode.UNKNOWN_DONOR)
    return found


gifts_router = APIRouter(prefix="/gifts", tags=["gifts"], route_class=ApiRoute)


@gifts_router.get("")
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
    wanted = PaymentFilter(first_day=first_day, last_day=last_day, account_id=account, donor_id=donor, appeal_id=appeal)
    with reading(site.engine) as session:
        numbers = {row.id: row.number for row in people.accounts(session)}
        found, cursor = page.cut(gifts(session, wanted, after=page.after, limit=page.one_more), lambda gift: gift.id)
        return ListOf(items=[gift_view(each, numbers[each.account]) for each in found], next=cursor)
