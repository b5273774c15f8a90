"""Every report by its name, of any days: the same as the treasurer's pages show."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.core.period import Period
from donations.reports.catalogue import REPORTS
from donations.store.session import reading
from donations.web.access import needs
from donations.web.api.problems import ApiError
from donations.web.api.reports import ReportOut, answer_with
from donations.web.api.route import ApiRoute
from donations.web.api.values import Shown
from donations.web.site import SiteHere

router = APIRouter(prefix="/reports", tags=["reports"], route_class=ApiRoute)

From = Annotated[date | None, Query(alias="from", description="First booking date; without it from the beginning.")]
To = Annotated[date | None, Query(alias="to", description="Last booking date; without it to the end.")]


class ReportName(Shown):
    """A report and what it is for."""

    name: str
    title: str
    use: str


class ReportNames(Shown):
    """All reports; there are few."""

    items: list[ReportName] = Field(description="Each is at /reports/by-name/{name}.")


@router.get("")
@needs(Permission.SEE_NAMES)
def list_reports() -> ReportNames:
    """List the reports that `/reports/by-name/{name}` has."""
    return ReportNames(items=[ReportName(name=each.name, title=each.title, use=each.use) for each in REPORTS.values()])


@router.get("/by-name/{name}", response_model=ReportOut)
@needs(Permission.SEE_NAMES)
def named_report(
    request: Request,
    site: SiteHere,
    name: Annotated[str, Path(max_length=40)],
    first: From = None,
    last: To = None,
) -> Response:
    """Show a report of some days, in English with stable codes; as CSV where `Accept` asks for it."""
    if name not in REPORTS:
        raise ApiError("unknown_report")
    period = Period(first or date.min, last or date.max)
    today = site.today
    with reading(site.engine) as session:
        return answer_with(request, REPORTS[name].make(session, period, today))
