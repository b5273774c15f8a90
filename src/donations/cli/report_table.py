"""A report in the terminal: a table, one JSON document, or a file of CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from donations.cli.export import write_private
from donations.cli.show import as_json, money, print_translated, show_line, table
from donations.core.language import N_
from donations.reports.table import Cell, Column, ColumnKind, Row, Table
from donations.views.formats import PLAIN_TELLER

Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help=N_("Write the report to a file."))]


def show_report(report: Table, *, csv: Path | None, json: bool) -> None:
    """Show a report as a table, as one JSON document, or write it as CSV."""
    if csv is not None:
        write_private(csv, report.to_csv())
    if json:
        as_json(report.document())
        return
    if csv is not None:
        say_written(report, csv)
        return
    numbers = [column.heading for column in report.columns if column.kind in {ColumnKind.MINOR, ColumnKind.COUNT}]
    spoken = report.translated(PLAIN_TELLER)
    rows = [_shown(spoken, row) for row in (*spoken.rows, *spoken.totals)]
    table(spoken.title, [column.heading for column in report.columns], rows, right=numbers)
    for note in spoken.notes:
        show_line(f"{note.text} ({note.code})")


def say_written(report: Table, output: Path) -> None:
    """Say where a report is now, and how long it is."""
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
