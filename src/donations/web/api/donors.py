"""Donors: found by name, and one of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from donations.access.permission import Permission
from donations.store.api.listing import ListedDonor, donor_with_id, donors, known_by
from donations.store.session import reading
from donations.views.value import Money, View, money
from donations.web.access import needs
from donations.web.api.paging import PageHere
from donations.web.api.route import ApiRoute
from donations.web.api.values import InPath, Name
from donations.web.failure_code import FailureCode
from donations.web.failures import PageError
from donations.web.site import SiteHere

router = APIRouter(prefix="/donors", tags=["donors"], route_class=ApiRoute)


class GivenOut(View):
    """What a donor gave in one currency."""

    gifts: int = Field(description="How many.")
    money: Money = Field(description="Refunds are taken off.")


class DonorOut(View):
    """A person or an organisation that gives; number 1 is the one anonymous donor."""

    id: int
    name: str
    given: list[GivenOut] = Field(description="One for each currency; empty where no gift stands.")


class DonorsOut(View):
    """A page of donors."""

    items: list[DonorOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class KnownDonorOut(DonorOut):
    """A donor, and how it is recognised."""

    accounts: list[str] = Field(description="IBANs without blanks.")
    has_code: bool = Field(description="Whether a personal or registry code is known. The code is never told.")


@router.get("")
@needs(Permission.SEE_NAMES)
def list_donors(
    site: SiteHere,
    page: PageHere,
    name: Annotated[Name, Query(description="All these words are in the name; accents and case do not matter.")] = "",
) -> DonorsOut:
    """List donors in the order they came into the books. A merged donor is listed as the one that stands for it."""
    with reading(site.engine) as session:
        found, cursor = page.cut(
            donors(session, name=name, after=page.after, limit=page.one_more), lambda donor: donor.id
        )
        return DonorsOut(items=[DonorOut(**_fields(each)) for each in found], next=cursor)


@router.get("/{donor_id}")
@needs(Permission.SEE_NAMES)
def show_donor(site: SiteHere, donor_id: InPath) -> KnownDonorOut:
    """Show a donor, or the one that it was merged into. The gifts are under /gifts?donor=."""
    with reading(site.engine) as session:
        found = donor_with_id(session, donor_id)
        if found is None:
            raise PageError(FailureCode.UNKNOWN_DONOR)
        accounts, has_code = known_by(session, found.id)
        return KnownDonorOut(**_fields(found), accounts=list(accounts), has_code=has_code)


def _fields(donor: ListedDonor) -> dict[str, Any]:
    given = [GivenOut(gifts=each.gifts, money=money(each.minor, each.currency)) for each in donor.given]
    return {"id": donor.id, "name": donor.name, "given": given}
