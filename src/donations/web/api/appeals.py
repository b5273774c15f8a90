"""What is being collected for."""

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

router = APIRouter(prefix="/appeals", tags=["appeals"], route_class=ApiRoute)


class AppealOut(View):
    """A campaign, or the general fund."""

    id: int
    name: str
    keywords: list[str] = Field(description="The words that donors write, folded: small letters without accents.")


class AppealsOut(View):
    """All appeals; there are few."""

    items: list[AppealOut]


@router.get("")
@needs(Permission.SEE_FIGURES)
def list_appeals(site: SiteHere) -> AppealsOut:
    """List the appeals with their keywords."""
    with reading(site.engine) as session:
        found = people.appeals(session)
        return AppealsOut(items=[AppealOut(id=each.id, name=each.name, keywords=[*each.keywords]) for each in found])
