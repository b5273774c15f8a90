"""Reports, as JSON or as the same CSV that the pages give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from donations.access.permission import Permission
from donations.core.month import BadMonthError, Month
from donations.reports.coverage import coverage
from donations.reports.gifts import gifts
from donations.reports.month import months
from donations.reports.period import Period
from donations.reports.reconciliation import reconciliation
from donations.reports.table import Cell, Kind, Row, Table
from donations.store.session import reading
from donations.web.access import Endpoint, needs
from donations.web.api.problems import ApiError
from donations.web.api.route import ApiRoute
from donations.web.api.values import Money, Shown, money
from donations.web.formats import TALLINN
from donations.web.site import SiteHere

router = APIRouter(prefix="/reports", tags=["reports"], route_class=ApiRoute)

CSV = "text/csv; charset=utf-8"
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


_AS_CSV: dict[int | str, dict[str, Any]] = {
    200: {"model": ReportOut, "content": {"text/csv": {"schema": {"type": "string"}}}}
}


def _report(path: str) -> Callable[[Endpoint], Endpoint]:
    """Route a report under its path, and under the path with `.csv` for programs that cannot send a header."""

    def declare(endpoint: Endpoint) -> Endpoint:
        options: dict[str, Any] = {"response_model": ReportOut, "responses": _AS_CSV}
        router.get(f"{path}.csv", include_in_schema=False, **options)(endpoint)
        router.get(path, **options)(endpoint)
        return endpoint

    return declare


@_report("/month/{month}")
@needs(Permission.SEE_FIGURES)
def month_report(
    request: Request, site: SiteHere, month: Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}$")]
) -> Response:
    """Show a month of each account: balances, what moved, what it was for, and whether the bank proves it."""
    try:
        one = Month.parse(month)
    except BadMonthError as error:
        raise ApiError("unknown_report") from error
    with reading(site.engine) as session:
        return _answer(request, months(session, Period(one.first_day, one.last_day)))


@_report("/gifts")
@needs(Permission.SEE_NAMES)
def gifts_report(request: Request, site: SiteHere, year: Year = None) -> Response:
    """Show each gift of a year with its sum. Refunds are not taken off."""
    with reading(site.engine) as session:
        return _answer(request, gifts(session, Period.of(year=year)))


@_report("/reconciliation")
@needs(Permission.SEE_FIGURES)
def reconciliation_report(request: Request, site: SiteHere, year: Year = None) -> Response:
    """Show each balance that the bank states beside the ledger's."""
    with reading(site.engine) as session:
        return _answer(request, reconciliation(session, Period.of(year=year)))


@_report("/coverage")
@needs(Permission.SEE_FIGURES)
def coverage_report(request: Request, site: SiteHere) -> Response:
    """Show which days of each account are proven, and what to download next."""
    with reading(site.engine) as session:
        return _answer(request, coverage(session, Period(), today=site.clock().astimezone(TALLINN).date()))


def _answer(request: Request, table: Table) -> Response:
    accepted = request.headers.get("accept", "").lower()
    if request.scope["path"].endswith(".csv") or ("text/csv" in accepted and "json" not in accepted):
        return Response(table.to_csv(), media_type=CSV, headers={"Vary": "Accept"})
    return JSONResponse(report_of(table).model_dump(mode="json"), headers={"Vary": "Accept"})


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
