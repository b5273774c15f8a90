"""`donations report`: what the ledger says of which days."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, assert_never

import typer

from donations.acts.registering import name_to_give_out
from donations.cli import context
from donations.cli.export import note_export, write_private
from donations.cli.report_table import Csv, say_written, show_report
from donations.cli.show import Json
from donations.core.calendar import Period, day_of
from donations.core.language import N_, Language
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import typed_day, typed_month
from donations.documents.printed import Imprint, printed
from donations.documents.workbook import workbook
from donations.reports.catalogue import REPORTS
from donations.reports.table import Table
from donations.views.formats import TELLER
from donations.views.language import current_language, gettext, speaking

Year = Annotated[int | None, typer.Option(min=2000, max=2100)]
MonthOption = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM")]
From = Annotated[str | None, typer.Option("--from", metavar="DAY", help=N_("The first booking date."))]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help=N_("The last booking date."))]


def period_of_text(*, year: int | None, month: str | None, first: str | None, last: str | None) -> Period:
    """Return the days that are meant, all without any. Raises `Refusal`: `period_twice`, `bad_month`, `bad_day`."""
    ways = [year is not None, month is not None, first is not None or last is not None]
    if sum(ways) > 1:
        raise Refusal(BooksCode.PERIOD_TWICE)
    if month is not None:
        one = typed_month(month)
        return Period(one.first_day, one.last_day)
    if year is not None:
        return Period.of(year=year)
    return Period(date.min if first is None else typed_day(first), date.max if last is None else typed_day(last))


class ReportFormat(StrEnum):
    """As what a report can be written to a file."""

    CSV = "csv"
    JSON = "json"
    PDF = "pdf"
    XLSX = "xlsx"


def report_command(  # noqa: PLR0913 - each is an option that people type
    name: Annotated[str, typer.Argument(metavar="|".join(REPORTS))],
    *,
    year: Year = None,
    month: MonthOption = None,
    first: From = None,
    last: To = None,
    csv: Csv = None,
    rendering: Annotated[ReportFormat | None, typer.Option("--format", help=N_("With --output."))] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=N_("Write it to a file."))
    ] = None,
    language: Annotated[
        Language | None, typer.Option("--language", help=N_("Of tables, and of files for people."))
    ] = None,
    json: Json = False,
) -> None:
    """Show a report of a year, a month, some days, or all time, or write it to a file."""
    if name not in REPORTS:
        raise Refusal(BooksCode.UNKNOWN_REPORT, reports=", ".join(REPORTS))
    period = period_of_text(year=year, month=month, first=first, last=last)
    if (rendering is None) != (output is None):
        raise Refusal(BooksCode.OUTPUT_NEEDED)
    today = day_of(context.now())
    with context.reader() as session:
        found = REPORTS[name].make(session, period, today)
        is_paper = rendering is ReportFormat.PDF
        own_name = name_to_give_out(session, configured=context.settings().organisation) if is_paper else ""
    note_export(f"report {name}", period=period, format=rendering)
    with speaking(language or current_language()):
        if rendering is not None and output is not None:
            write_private(output, _rendered(found, rendering, own_name, today))
            say_written(found, output)
        else:
            show_report(found, csv=csv, json=json)


def _rendered(found: Table, rendering: ReportFormat, own_name: str, today: date) -> bytes:
    match rendering:
        case ReportFormat.CSV:
            return found.translated(TELLER).to_csv()
        case ReportFormat.JSON:
            return found.to_json().encode()
        case ReportFormat.XLSX:
            return workbook(found.translated(TELLER), notes_name=gettext("Notes"))
        case ReportFormat.PDF:
            imprint = Imprint(organisation=own_name, language=current_language(), teller=TELLER, made_on=today)
            return printed(found, imprint)
        case _:
            assert_never(rendering)
