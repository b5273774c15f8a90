"""Twelve months side by side: donors by name, or without names by the year of their first gift."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.reports.dashboard.grid import cohort_grid, grid, months_until
from donations.store.donors import people
from donations.store.giving.gift_sums import sums
from donations.store.giving.givers import count_givers
from donations.store.session import reading
from donations.web.access import VisitorHere, needs
from donations.web.pages import SiteHere, page
from donations.web.paging import Paging
from donations.web.staff.chosen import AskedHere, chosen

DONORS_AT_ONCE = 50

router = APIRouter(prefix="/grid")


@router.get("")
@needs(Permission.SEE_FIGURES)
def show(request: Request, site: SiteHere, visitor: VisitorHere, asked: AskedHere) -> Response:
    """Show who gave in which of the twelve months that end with the chosen one."""
    with reading(site.engine) as session:
        choice = chosen(session, asked, visitor, site)
        scope = choice.since(months_until(choice.month)[0])
        given: dict[str, Any] = {
            "choice": choice,
            "scope": scope,
            "currencies": [each.currency for each in sums(session, scope)],
        }
        if not choice.sees_names:
            return page(request, "staff/cohorts.html", grid=cohort_grid(session, scope, choice.currency), **given)
        total = count_givers(session, scope, choice.currency)
        paging = Paging(at=asked.page, size=DONORS_AT_ONCE, total=total)
        found = grid(session, scope, choice.currency, start=paging.start, size=paging.size)
        donors = people.donors(session, {row.donor for row in found.rows})
        return page(request, "staff/grid.html", grid=found, paging=paging, donors=donors, **given)
