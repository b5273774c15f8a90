"""The own accounts."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field

from donations.access.permission import Permission
from donations.store.donors import people
from donations.store.session import reading
from donations.views.value import View
from donations.web.access import needs
from donations.web.api.route import ApiRoute
from donations.web.site import SiteHere

router = APIRouter(prefix="/accounts", tags=["accounts"], route_class=ApiRoute)


class AccountOut(View):
    """One of the organisation's bank accounts."""

    id: int
    number: str = Field(description="IBAN without blanks, or the bank's own number where it gives no IBAN.")
    name: str = Field(description="What the organisation calls it.")


class AccountsOut(View):
    """All own accounts; there are few."""

    items: list[AccountOut]


@router.get("")
@needs(Permission.SEE_FIGURES)
def list_accounts(site: SiteHere) -> AccountsOut:
    """List the own accounts in the order they were registered."""
    with reading(site.engine) as session:
        rows = people.accounts(session)
        return AccountsOut(items=[AccountOut(id=row.id, number=row.number, name=row.name) for row in rows])
