"""How large gifts are: in a month, or in the twelve months that end with it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.reports.dashboard.amounts import Amounts, amounts
from donations.reports.dashboard.grid import months_until
from donations.store.given import Scope
from donations.store.session import reading
from donations.web.access import VisitorHere, needs
from donations.web.charts import Columns, columns
from donations.web.formats import round_amount
from donations.web.pages import SiteHere, page
from donations.web.staff.chosen import Asked, Chosen, chosen

router = APIRouter(prefix="/amounts")


class Over(StrEnum):
    """Which gifts are counted."""

    MONTH = "month"
    TWELVE_MONTHS = "twelve_months"


class AskedAmounts(Asked):
    """The choice, and over how many months."""

    over: Over = Over.TWELVE_MONTHS


@router.get("")
@needs(Permission.SEE_FIGURES)
def show(request: Request, site: SiteHere, visitor: VisitorHere, asked: Annotated[AskedAmounts, Query()]) -> Response:
    """Show the middle gift, the quarters, and how many gifts lie between round amounts."""
    with reading(site.engine) as session:
        choice = chosen(session, asked, visitor, site)
        scope = _scope(choice, asked.over)
        found = amounts(session, scope, with_small=choice.sees_names)
    charts = {each.currency: _chart(each) for each in found}
    return page(request, "staff/amounts.html", choice=choice, scope=scope, over=asked.over, found=found, charts=charts)


def _scope(choice: Chosen, over: Over) -> Scope:
    """Return which gifts are counted; without names those of a year, for overlapping spans tell by their difference."""
    if not choice.sees_names:
        return choice.year
    return choice.scope if over is Over.MONTH else choice.since(months_until(choice.month)[0])


def _chart(found: Amounts) -> Columns | None:
    shown = [band for band, is_shown in found.bands if is_shown]
    # The unit stands in the description: a label for each band has no room for it.
    labels = [(round_amount(band.least, found.currency).rpartition("\N{NO-BREAK SPACE}")[0], True) for band in shown]
    return columns([[band.gifts] for band in shown], labels) if shown else None
