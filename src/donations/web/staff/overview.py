"""The first dashboard: this month, the year, what they are compared with, and what regular gifts should bring."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.reports.dashboard.overview import overview
from donations.reports.dashboard.series import MonthByMonth
from donations.store.session import reading
from donations.web.access import VisitorHere, needs
from donations.web.charts import Columns, columns, month_labels
from donations.web.formats import month_short
from donations.web.language import gettext
from donations.web.pages import SiteHere, page
from donations.web.staff.chosen import AskedHere, Chosen, chosen

router = APIRouter()


@router.get("")
@needs(Permission.SEE_FIGURES)
def show(request: Request, site: SiteHere, visitor: VisitorHere, asked: AskedHere) -> Response:
    """Show how a month and the year go."""
    with reading(site.engine) as session:
        choice = chosen(session, asked, visitor, site)
        figures = overview(session, choice.month, choice.covered, choice.scope, with_small=choice.sees_names)
    charts = {each.currency: _chart(each.chart) for each in figures.currencies}
    names = {each.currency: _names(each.chart, choice) for each in figures.currencies}
    late = choice.covered.behind(figures.spans.month.last_day)
    return page(request, "staff/overview.html", choice=choice, figures=figures, charts=charts, names=names, late=late)


def _names(months: MonthByMonth | None, choice: Chosen) -> list[str]:
    return [choice.appeal_name(each.appeal_id) or gettext("All others") for each in months.series] if months else []


def _chart(months: MonthByMonth | None) -> Columns | None:
    if months is None:
        return None
    stacks = list(zip(*(each.minor for each in months.series), strict=True))
    return columns(stacks, month_labels(months.months, month_short))
