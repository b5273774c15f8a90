"""The reports: a list of what each is for, a page for each with its days to choose, and the same as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.core.calendar import Month, Period
from donations.core.money import Currency
from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.core.typed import typed_day
from donations.documents.printed import Imprint, columns_shown, printed
from donations.documents.workbook import workbook
from donations.reports.catalogue import REPORTS, Report, UsualDays
from donations.reports.table import Cell, Column, Row, Table
from donations.store.organisation import first_month
from donations.store.session import ReadSession, reading
from donations.store.statements.coverage import CoveredDays, covered_days
from donations.views.formats import TELLER
from donations.views.language import current_language, gettext
from donations.web.access import needs
from donations.web.addresses import Paging
from donations.web.own_name import name_for_paper
from donations.web.pages import XLSX, Site, SiteHere, attachment, page

ShownRow = tuple[tuple[tuple[Column, Cell], ...], Currency | None]
"""The cells of a row, and the currency of its amounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """Some rows of a report."""

    columns: tuple[Column, ...]
    rows: tuple[ShownRow, ...]
    totals: tuple[ShownRow, ...]
    all_rows: int


def shown_table(table: Table, *, start: int = 0, size: int) -> ShownTable:
    """Return a part of a report that was told in the reader's language."""
    places = columns_shown(table)

    def shown(row: Row) -> ShownRow:
        return tuple((table.columns[at], row[at]) for at in places), table.currency_of(row)

    return ShownTable(
        columns=tuple(table.columns[at] for at in places),
        rows=tuple(map(shown, table.rows[start : start + size])),
        totals=tuple(map(shown, table.totals)),
        all_rows=len(table.rows),
    )


ROWS_AT_ONCE = 200

router = APIRouter(prefix="/reports")


class ReportFileKind(StrEnum):
    """As what a report can be taken along."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"
    JSON = "json"


class AskedDays(BaseModel):
    """Which days a report should be about; nothing is the days that it is usually asked for."""

    first: str = Field(default="", alias="from", pattern=r"^([12][0-9]{3}-[0-9]{2}-[0-9]{2})?$")
    last: str = Field(default="", alias="to", pattern=r"^([12][0-9]{3}-[0-9]{2}-[0-9]{2})?$")
    all: bool = False
    page: int = Field(default=1, ge=1, le=1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedReport:
    """A report of some days, with what there is to choose from."""

    report: Report
    period: Period
    covered: CoveredDays
    today: date
    begins: int
    """The month in which financial years begin."""

    @property
    def query(self) -> str:
        """The days as the query of an address."""
        if self.period == Period():
            return "all=true"
        return f"from={self.period.first_day}&to={self.period.last_day}"

    @property
    def years(self) -> list[tuple[str, Period]]:
        """The years with statements, the newest first: of the kind that the report is usually about."""
        first, last = self.covered.first_day, self.covered.last_day
        if first is None or last is None:
            return []
        begins = self.begins if self.report.span is UsualDays.FINANCIAL_YEAR else 1
        oldest, newest = (Period.financial_year(day, first_month=begins).first_day.year for day in (first, last))
        found = [
            Period.financial_year(date(year, begins, 1), first_month=begins) for year in range(newest, oldest - 1, -1)
        ]
        return [("/".join(dict.fromkeys((f"{each.first_day:%Y}", f"{each.last_day:%Y}"))), each) for each in found]

    def table(self, session: ReadSession) -> Table:
        """Make the report."""
        return self.report.make(session, self.period, self.today)


@router.get("")
@needs(Permission.SEE_NAMES)
def reports(request: Request) -> Response:
    """List the reports, each with what it is for."""
    return page(request, "treasurer/papers/reports.html", reports=REPORTS.values())


def _asked_days(days: Annotated[AskedDays, Query()]) -> AskedDays:
    return days


DaysHere = Annotated[AskedDays, Depends(_asked_days)]


@router.get("/{name}.{kind}")
@needs(Permission.SEE_NAMES, fresh=True)
def report_file(site: SiteHere, name: str, kind: ReportFileKind, days: DaysHere) -> Response:
    """Return a report as a file, in the reader's language; JSON is for programs and the same in each."""
    with reading(site.engine) as session:
        asked = _asked(site, session, name, days)
        table = asked.table(session)
        own_name = name_for_paper(session, site) if kind is ReportFileKind.PDF else ""
    content, media_type = _FILES[kind](table, own_name, site.today)
    return attachment(content, media_type=media_type, name=f"{name}-{_days_in_name(asked.period)}.{kind}")


@router.get("/{name}")
@needs(Permission.SEE_NAMES)
def report(request: Request, site: SiteHere, name: str, days: DaysHere) -> Response:
    """Show a report of some days."""
    with reading(site.engine) as session:
        asked = _asked(site, session, name, days)
        table = asked.table(session).translated(TELLER)
    paging = Paging(at=days.page, size=ROWS_AT_ONCE, total=len(table.rows))
    return page(
        request,
        "treasurer/papers/report.html",
        asked=asked,
        table=table,
        shown=shown_table(table, start=paging.start, size=paging.size),
        paging=paging,
        kinds=list(ReportFileKind),
    )


def _asked(site: Site, session: ReadSession, name: str, days: AskedDays) -> AskedReport:
    if name not in REPORTS:
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    covered = covered_days(session)
    today = site.today
    begins, until = first_month(session) or 1, covered.last_day or today
    period = _period(days, _usual(REPORTS[name].span, until, begins), until, covered.first_day or today)
    return AskedReport(report=REPORTS[name], period=period, covered=covered, today=today, begins=begins)


def _period(days: AskedDays, usual: Period, until: date, since: date) -> Period:
    """Return the days that are asked for; one end alone goes on to where the statements end."""
    if days.all:
        return Period()
    first = typed_day(days.first) if days.first else None
    last = typed_day(days.last) if days.last else None
    if first is None and last is None:
        return usual
    ends = (first or min(since, last or since), last or max(until, first or until))
    return Period(min(ends), max(ends))


def _usual(usual: UsualDays, until: date, begins: int) -> Period:
    match usual:
        case UsualDays.MONTH:
            month = Month.of(until)
            return Period(month.first_day, month.last_day)
        case UsualDays.YEAR:
            return Period.of(year=until.year)
        case UsualDays.FINANCIAL_YEAR:
            return Period.financial_year(until, first_month=begins)
        case UsualDays.ALL:
            return Period()


def _pdf(table: Table, own_name: str, today: date) -> bytes:
    imprint = Imprint(organisation=own_name, language=current_language(), teller=TELLER, made_on=today)
    return printed(table, imprint)


_FILES: dict[ReportFileKind, Callable[[Table, str, date], tuple[bytes, str]]] = {
    ReportFileKind.CSV: lambda table, *_: (table.translated(TELLER).to_csv(), "text/csv; charset=utf-8"),
    ReportFileKind.JSON: lambda table, *_: (table.to_json().encode(), "application/json"),
    ReportFileKind.PDF: lambda table, own_name, today: (_pdf(table, own_name, today), "application/pdf"),
    ReportFileKind.XLSX: lambda table, *_: (
        workbook(table.translated(TELLER), notes_name=gettext("Notes")),
        XLSX,
    ),
}


def _days_in_name(period: Period) -> str:
    """Return the days as a part of a file's name."""
    return str(period).replace(" ", "-")
