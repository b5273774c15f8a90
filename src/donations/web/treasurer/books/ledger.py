"""The ledger by month, and the payments that any of its numbers is made of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.core.period import Period
from donations.reports.month import months
from donations.store.donors import people
from donations.store.payments.booked import Choice, ListedKind, booked, count_booked, first_and_last_day
from donations.store.session import reading
from donations.web.access import needs
from donations.web.addresses import month_named
from donations.web.pages import SiteHere, page
from donations.web.paging import Paging

PAYMENTS_AT_ONCE = 100

router = APIRouter(prefix="/ledger")


@router.get("")
@needs(Permission.SEE_NAMES)
def ledger(request: Request, site: SiteHere, year: Annotated[int | None, Query(ge=2000, le=9999)] = None) -> Response:
    """Show a year month by month, the newest first; without a year the last one with payments."""
    with reading(site.engine) as session:
        ends = first_and_last_day(session)
        last = site.today if ends is None else ends[1]
        chosen = year or last.year
        table = months(session, Period.of(year=chosen))
        rows: list[dict[str, Any]] = table.by_key()
        by_month: dict[date, list[dict[str, Any]]] = {}
        for row in sorted(rows, key=lambda each: each["month"], reverse=True):
            by_month.setdefault(date.fromisoformat(f"{row['month']}-01"), []).append(row)
        return page(
            request,
            "treasurer/books/ledger.html",
            year=chosen,
            years=[] if ends is None else list(range(ends[0].year, ends[1].year + 1)),
            months=by_month,
            notes=table.notes,
            own_accounts={row.number: row.name for row in people.accounts(session)},
        )


@router.get("/{month}")
@needs(Permission.SEE_NAMES)
def month(
    request: Request,
    site: SiteHere,
    month: Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}$")],
    account: str | None = None,
    currency: Annotated[str | None, Query(pattern="^[A-Z]{3}$")] = None,
    show: ListedKind = ListedKind.ALL,
    at: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    """List the payments of a month, or those that one number of the ledger is made of."""
    chosen = month_named(month)
    period = Period(chosen.first_day, chosen.last_day)
    with reading(site.engine) as session:
        accounts = people.accounts(session)
        choice = Choice(
            first_day=period.first_day,
            last_day=period.last_day,
            account_id=next((row.id for row in accounts if row.number == account), None),
            currency=currency,
            shown=show,
        )
        paging = Paging(at=at, size=PAYMENTS_AT_ONCE, total=count_booked(session, choice))
        return page(
            request,
            "treasurer/books/month.html",
            month=period.first_day,
            before=period.first_day - timedelta(days=1),
            after=period.last_day + timedelta(days=1),
            payments=booked(session, choice, start=paging.start, size=paging.size),
            paging=paging,
            show=show,
            kinds=list(ListedKind),
            account=account,
            currency=currency,
            own_accounts={row.number: row.name for row in accounts},
        )
