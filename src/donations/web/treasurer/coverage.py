"""Which days of each account are proven, and what to download next."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.reports.coverage import coverage as coverage_report
from donations.reports.period import Period
from donations.store import people
from donations.store.session import reading
from donations.web.access import needs
from donations.web.formats import TALLINN
from donations.web.pages import SiteHere, page

router = APIRouter()


@router.get("/coverage")
@needs(Permission.SEE_FIGURES)
def coverage(request: Request, site: SiteHere) -> Response:
    """Show the state of every day that a statement covers, account by account."""
    with reading(site.engine) as session:
        table = coverage_report(session, Period(), today=site.clock().astimezone(TALLINN).date())
        accounts: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in table.rows:
            named = dict(zip((column.key for column in table.columns), row, strict=True))
            accounts.setdefault((str(named["account"]), str(named["currency"])), []).append(named)
        return page(
            request,
            "treasurer/coverage.html",
            accounts=accounts,
            notes=table.notes,
            own_accounts={row.number: row.name for row in people.accounts(session)},
        )
