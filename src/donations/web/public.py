"""The public page, served from the published snapshot, and whether the program is well. No donor is in reach."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from donations.access.person import Permission
from donations.core.calendar import Month
from donations.core.language import N_
from donations.reports.public import PublicFigures, SpendingYear, public_figures
from donations.store.session import ask, reading
from donations.views.formats import month_short
from donations.views.language import gettext
from donations.web.access import needs
from donations.web.caching import for_everyone
from donations.web.charts import BarStrip, columns, folded, month_labels, strip
from donations.web.giving_code import giving_code
from donations.web.open_data import linked_data
from donations.web.pages import SiteHere, page

CHART_BLOCKS = 24
"""The newest; the table has all."""

_OTHER = N_("Other")
_OTHER_SPENDING = N_("Other spending")

router = APIRouter()


@router.get("/")
@needs(Permission.PUBLIC)
def front(request: Request, site: SiteHere) -> Response:
    """Show what was given, and how to give."""
    with reading(site.engine) as session:
        figures = public_figures(session)
    linked = linked_data(figures, site.settings) if figures else None
    answer = page(request, "public/total.html", **shown(figures), linked=linked, home=site.settings.home)
    return for_everyone(request, answer, by_language=True)


@router.get("/healthz")
@needs(Permission.PUBLIC)
def healthz(site: SiteHere) -> Response:
    """Say that the database answers."""
    with reading(site.engine) as session:
        ask(session)
    return PlainTextResponse("ok\n")


def shown(figures: PublicFigures | None) -> dict[str, Any]:
    """Return what the template of the public page is given."""
    if figures is None:
        return {"figures": None, "is_preview": False}
    giving = figures.snapshot.giving
    appeals = [(part.appeal, part.minor) for part in figures.appeals]
    rest = figures.minor_told_apart - sum(minor for _, minor in appeals)
    appeals = folded(appeals, rest=rest, rest_name=gettext(_OTHER))
    newest = figures.blocks[-CHART_BLOCKS:]
    labels = month_labels([Month.of(block.last_day) for block in newest], month_short)
    return {
        "figures": figures,
        "is_preview": False,
        "ways": [] if giving is None else [(way, giving_code(giving, way)) for way in giving.ways or (None,)],
        "chart": columns([[block.monthly_minor] for block in newest], labels),
        "chart_blocks": CHART_BLOCKS,
        "appeals": appeals if figures.appeals else [],
        "appeal_chart": strip([minor for _, minor in appeals]),
        "spending": [(year, *_spending_chart(year)) for year in figures.spending],
    }


def _spending_chart(year: SpendingYear) -> tuple[BarStrip | None, list[str]]:
    """Return the bar of a year's spending with its names; corrections that outweigh a category have no width."""
    parts = [(each.category, each.minor) for each in year.categories]
    shown = folded(parts, rest=year.rest, rest_name=gettext(_OTHER_SPENDING))
    return strip([max(0, minor) for _, minor in shown]), [name for name, _ in shown]
