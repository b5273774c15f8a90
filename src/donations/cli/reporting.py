"""`donations report`, `check`, `dump`: what the ledger says of which days, and whether it holds."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, assert_never

import typer

from donations.acts.registering import name_to_give_out
from donations.cli import context
from donations.cli.export import note_export, write_private
from donations.cli.importing import Json
from donations.cli.importing import rejudge as judge_again
from donations.cli.show import as_json, money, print_translated, show_line, table
from donations.core.calendar import Period, day_of
from donations.core.language import N_, Language
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import typed_day, typed_month
from donations.documents.printed import Imprint, printed
from donations.documents.workbook import workbook
from donations.ledger.audit import head_typed
from donations.reports.catalogue import REPORTS
from donations.reports.checking import check
from donations.reports.dump import digest, dump
from donations.reports.table import Cell, Column, ColumnKind, Row, Table
from donations.views.formats import PLAIN_TELLER, TELLER
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


Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help=N_("Write the report to a file."))]


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
            _say_written(found, output)
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


def show_report(report: Table, *, csv: Path | None, json: bool) -> None:
    """Show a report as a table, as one JSON document, or write it as CSV."""
    if csv is not None:
        write_private(csv, report.to_csv())
    if json:
        as_json(report.document())
        return
    if csv is not None:
        _say_written(report, csv)
        return
    numbers = [column.heading for column in report.columns if column.kind in {ColumnKind.MINOR, ColumnKind.COUNT}]
    spoken = report.translated(PLAIN_TELLER)
    rows = [_shown(spoken, row) for row in (*spoken.rows, *spoken.totals)]
    table(spoken.title, [column.heading for column in report.columns], rows, right=numbers)
    for note in spoken.notes:
        show_line(f"{note.text} ({note.code})")


def _say_written(report: Table, output: Path) -> None:
    title = report.translated(PLAIN_TELLER).title
    print_translated(N_("{report}: {count} rows written to {file}."), report=title, count=len(report.rows), file=output)


def _shown(report: Table, row: Row) -> list[str]:
    currency = report.currency_of(row) or "EUR"
    return [_cell(column, cell, currency) for column, cell in zip(report.columns, row, strict=True)]


def _cell(column: Column, cell: Cell, currency: str) -> str:
    if cell is None:
        return ""
    if column.key == "account":
        return f"…{str(cell)[-4:]}"  # the whole number would fold every other column; JSON and CSV have it
    return money(cell, currency) if column.kind is ColumnKind.MINOR and isinstance(cell, int) else str(cell)


def check_command(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[CHECK]...", help=N_("Only these; default all."))
    ] = None,
    *,
    rejudge: Annotated[
        bool,
        typer.Option("--rejudge", help=N_("Show what today's readers and rules would change; nothing is changed.")),
    ] = False,
    knew: Annotated[
        str | None, typer.Option("--knew", metavar="NUMBER:SHA256", help=N_("A head kept from an earlier time."))
    ] = None,
    json: Json = False,
) -> None:
    """Check every invariant of the books by name; exit status 1 if one is broken, or if there is nothing to check."""
    if rejudge:
        if names or knew is not None:
            raise Refusal(BooksCode.CHECK_OR_REJUDGE)
        judge_again(keep=False, json=json)
        return
    known = head_typed(knew)
    with context.reader_of_log() as session:
        found = check(session, names or (), known=known)
    context.warn_of_open_files()
    show_report(found.table, csv=None, json=json)
    raise typer.Exit(found.exit_status)


def dump_command(
    *,
    hash_only: Annotated[
        bool, typer.Option("--hash", help=N_("Only the SHA-256: equal books have equal hashes."))
    ] = False,
    json: Json = False,
) -> None:
    """Print the canonical ledger: sorted JSON lines, whole minor units, no row numbers, no clocks."""
    with context.reader() as session:
        content = dump(session)
    if hash_only:
        as_json({"sha256": digest(content)}) if json else typer.echo(digest(content))
        return
    note_export("dump")
    if json:
        lines = ",".join(content.decode().splitlines())
        typer.echo(f'{{"sha256": "{digest(content)}", "payments": [{lines}]}}')
    else:
        sys.stdout.buffer.write(content)
