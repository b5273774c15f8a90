"""Reports, as JSON or as the same CSV that the pages give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from donations.access.permission import Permission
from donations.core.month import BadMonthError, Month
from donations.core.period import Period
from donations.reports.coverage import coverage
from donations.reports.gifts import gifts_shown, row_of
from donations.reports.month import months
from donations.reports.reconciliation import reconciliation
from donations.reports.table import Cell, Kind, Row, Table
from donations.store.reporting.reporting import gift_rows
from donations.store.session import reading
from donations.web.access import Endpoint, needs
from donations.web.api.paging import PageHere
from donations.web.api.problems import ApiError
from donations.web.api.route import ApiRoute
from donations.web.api.values import Money, Shown, money
from donations.web.site import Site, SiteHere

router = APIRouter(prefix="/reports", tags=["reports"], route_class=ApiRoute)

CSV = "text/csv; charset=utf-8"
_ROWS_AT_ONCE = 1_000
Year = Annotated[int | None, Query(ge=1, le=9999, description="Of the booking dates; without it all years.")]


Value = Money | int | str | None


class ColumnOut(Shown):
    """A column of a report."""

    key: str
    heading: str
    kind: Kind


class NoteOut(Shown):
    """Something a reader must know to read the figures right."""

    code: str
    text: str


class ReportOut(Shown):
    """A report; rows have one value for each column, by its key."""

    title: str
    columns: list[ColumnOut]
    rows: list[dict[str, Value]]
    totals: list[dict[str, Value]] = Field(description="One for each currency.")
    notes: list[NoteOut]


class GiftsReportOut(ReportOut):
    """The same, a page of rows at a time; the totals are of all pages."""

    next: str | None = Field(description="The cursor of the next page; null on the last one.")


def _report(path: str, model: type[ReportOut] = ReportOut) -> Callable[[Endpoint], Endpoint]:
    """Route a report under its path, and under the path with `.csv` for programs that cannot send a header."""

    def declare(endpoint: Endpoint) -> Endpoint:
        answers = {200: {"model": model, "content": {"text/csv": {"schema": {"type": "string"}}}}}
        options: dict[str, Any] = {"response_model": model, "responses": answers}
        router.get(f"{path}.csv", include_in_schema=False, **options)(endpoint)
        router.get(path, **options)(endpoint)
        return endpoint

    return declare


@_report("/month/{month}")
@needs(Permission.SEE_NAMES)  # as its page: of a small account it tells what one donor gave
def month_report(
    request: Request, site: SiteHere, month: Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}$")]
) -> Response:
    """Show a month of each account: balances, what moved, what it was for, and whether the bank proves it."""
    try:
        one = Month.parse(month)
    except BadMonthError as error:
        raise ApiError("unknown_report") from error
    with reading(site.engine) as session:
        return answer_with(request, months(session, Period(one.first_day, one.last_day)))


@_report("/gifts", GiftsReportOut)
@needs(Permission.SEE_NAMES)
def gifts_report(request: Request, response: Response, site: SiteHere, page: PageHere, year: Year = None) -> object:
    """Show each gift of a year, a page at a time, with the sum of all; CSV has all. Refunds are not taken off."""
    period = Period.of(year=year)
    if _wants_csv(request):
        return StreamingResponse(_gifts_csv(site, period), media_type=CSV, headers={"Vary": "Accept"})
    days = {"first_day": period.first_day, "last_day": period.last_day}
    with reading(site.engine) as session:
        found = list(gift_rows(session, **days, after=page.after, limit=page.one_more))
        here, cursor = page.cut(found, lambda gift: gift.allocation_id)
        report = report_of(gifts_shown(session, period, here))
    response.headers["Vary"] = "Accept"
    return GiftsReportOut(**dict(report), next=cursor)


def _gifts_csv(site: Site, period: Period) -> Iterator[bytes]:
    """Yield the report as it comes from the database, in one state of it: years of gifts are never held in memory."""
    with reading(site.engine) as session:
        rows = map(row_of, gift_rows(session, first_day=period.first_day, last_day=period.last_day))
        batches = iter(lambda: list(islice(rows, _ROWS_AT_ONCE)), [])
        yield from gifts_shown(session, period, ()).csv_stream(batches)


@_report("/reconciliation")
@needs(Permission.SEE_NAMES)  # between two balances of the bank is often one payment
def reconciliation_report(request: Request, site: SiteHere, year: Year = None) -> Response:
    """Show each balance that the bank states beside the ledger's."""
    with reading(site.engine) as session:
        return answer_with(request, reconciliation(session, Period.of(year=year), today=site.today))


@_report("/coverage")
@needs(Permission.SEE_FIGURES)
def coverage_report(request: Request, site: SiteHere) -> Response:
    """Show which days of each account are proven, and what to download next."""
    with reading(site.engine) as session:
        return answer_with(request, coverage(session, Period(), today=site.today))


def answer_with(request: Request, table: Table) -> Response:
    """Return a report as JSON, or as CSV to who asks for it."""
    if _wants_csv(request):
        return Response(table.to_csv(), media_type=CSV, headers={"Vary": "Accept"})
    return JSONResponse(report_of(table).model_dump(mode="json"), headers={"Vary": "Accept"})


def _wants_csv(request: Request) -> bool:
    accepted = request.headers.get("accept", "").lower()
    return request.scope["path"].endswith(".csv") or ("text/csv" in accepted and "json" not in accepted)


def report_of(table: Table) -> ReportOut:
    """Return a report whose amounts bring their currency along."""
    return ReportOut(
        title=table.title,
        columns=[ColumnOut(key=each.key, heading=each.heading, kind=each.kind) for each in table.columns],
        rows=[_named(table, row) for row in table.rows],
        totals=[_named(table, row) for row in table.totals],
        notes=[NoteOut(code=each.code, text=each.text) for each in table.notes],
    )


def _named(table: Table, row: Row) -> dict[str, Value]:
    currency = table.currency_of(row)
    return {column.key: _value(column.kind, value, currency) for column, value in zip(table.columns, row, strict=True)}


def _value(kind: Kind, value: Cell, currency: str | None) -> Value:
    if kind is Kind.MINOR and isinstance(value, int) and currency is not None:
        return money(value, currency)
    return value.isoformat() if isinstance(value, date) else value
