"""Money without a purpose: how much it is and how long it has waited."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.reports.dashboard.unallocated import waiting
from donations.store.session import reading
from donations.web.access import VisitorHere, needs
from donations.web.charts import strip
from donations.web.pages import SiteHere, page
from donations.web.staff.chosen import AskedHere, chosen

router = APIRouter(prefix="/unallocated")


@router.get("")
@needs(Permission.SEE_FIGURES)
def show(request: Request, site: SiteHere, visitor: VisitorHere, asked: AskedHere) -> Response:
    """Show what waits for a purpose as things stand today."""
    today = site.today
    with reading(site.engine) as session:
        choice = chosen(session, asked, visitor, site)
        found = waiting(session, today=today, account_id=choice.account)
    strips = {each.currency: strip(each.by_age) for each in found}
    return page(request, "staff/unallocated.html", choice=choice, found=found, strips=strips)
