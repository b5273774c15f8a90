"""Twelve months of giving as a chart with its table, for who sees figures and no names too."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.reports.dashboard.trends import trends
from donations.store.session import reading
from donations.views.formats import month_short
from donations.web.access import VisitorHere, needs
from donations.web.charts import columns, month_labels
from donations.web.pages import SiteHere, page
from donations.web.staff import AskedHere, selection_asked

router = APIRouter(prefix="/trends")


@router.get("")
@needs(Permission.SEE_FIGURES)
def show_trends(request: Request, site: SiteHere, visitor: VisitorHere, asked: AskedHere) -> Response:
    """Show who came, stayed and left in each of twelve months."""
    with reading(site.engine) as session:
        choice = selection_asked(session, asked, visitor, site)
        asked_for = (trends, choice.scope, choice.currency, choice.sees_names)
        find = partial(trends, session, choice.scope, choice.currency, choice.covered, with_small=choice.sees_names)
        found = site.once(session, asked_for, find)
    stacks = [(each.stayed or 0, each.returned or 0, each.new or 0) for each in found]
    chart = columns(stacks, month_labels([each.month for each in found], month_short))
    return page(request, "staff/trends.html", choice=choice, found=found, chart=chart)
