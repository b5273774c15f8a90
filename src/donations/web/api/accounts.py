"""The own accounts."""

from __future__ import annotations

from fastapi import APIRouter

from donations.access.permission import Permission
from donations.store.session import reading
from donations.views.account import AccountView, accounts_view
from donations.views.value import ListOf
from donations.web.access import needs
from donations.web.api.route import ApiRoute
from donations.web.site import SiteHere

router = APIRouter(prefix="/accounts", tags=["accounts"], route_class=ApiRoute)


@router.get("")
@needs(Permission.SEE_FIGURES)
def list_accounts(site: SiteHere) -> ListOf[AccountView]:
    """List the own accounts in the order they were registered."""
    with reading(site.engine) as session:
        return accounts_view(session)
