"""What is being collected for."""

from __future__ import annotations

from fastapi import APIRouter

from donations.access.permission import Permission
from donations.store.session import reading
from donations.views.appeal import AppealView, appeals_view
from donations.views.value import ListOf
from donations.web.access import needs
from donations.web.api.route import ApiRoute
from donations.web.site import SiteHere

router = APIRouter(prefix="/appeals", tags=["appeals"], route_class=ApiRoute)


@router.get("")
@needs(Permission.SEE_FIGURES)
def list_appeals(site: SiteHere) -> ListOf[AppealView]:
    """List the appeals with their keywords."""
    with reading(site.engine) as session:
        return appeals_view(session)
