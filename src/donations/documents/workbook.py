"""The wall around xlsxwriter: a report as a workbook of plain values, in which no cell is a formula or a link."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from donations.core.money import Currency, minor_digits
from donations.reports.table import Cell, Column, ColumnKind, Row, Table

_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""A moment of making would make each file another one."""
_WIDTH_MIN, _WIDTH_MAX = 10, 60
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
"""What the name of a sheet may not have."""


def workbook(table: Table, *, notes_name: str) -> bytes:
    """Return the report as XLSX: money as numbers, days as dates; the notes on a sheet of that name."""
    written = io.BytesIO()
    book = Workbook(written, _PLAIN)
    book.set_properties({"title": table.title, "created": _NO_TIME.replace(tzinfo=None)})
    _Sheet(book, book.add_worksheet(_name(table.title)), table).write()
    if table.notes:
        _write_notes(book, book.add_worksheet(_name(notes_name)), table)
    book.close()
    return written.getvalue()


def _name(text: str) -> str:
    return _NOT_IN_A_NAME.sub(" ", text)[:31].strip()


class _Sheet:
    """The sheet with the rows."""

    def __init__(self, book: Workbook, sheet: Worksheet, table: Table) -> None:
        """Prepare the formats."""
        self.book, self.sheet, self.table = book, sheet, table
        self._formats: dict[tuple[str, bool], Format] = {}

    def write(self) -> None:
        """Write headings, rows and totals."""
        head = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"})
        for at, column in enumerate(self.table.columns):
            self.sheet.write_string(0, at, column.heading, head)
            self.sheet.set_column(at, at, self._width(at))
        lines = [*((row, False) for row in self.table.rows), *((row, True) for row in self.table.totals)]
        for line, (row, is_total) in enumerate(lines, 1):
            self._write_row(line, row, is_total=is_total)
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        if self.table.rows:
            self.sheet.autofilter(0, 0, len(self.table.rows), len(self.table.columns) - 1)

    def _write_row(self, line: int, row: Row, *, is_total: bool) -> None:
        currency = self.table.currency_of(row)
        for at, (column, value) in enumerate(zip(self.table.columns, row, strict=True)):
            self._write_cell(line, at, column, value, currency, is_total=is_total)

    def _write_cell(
        self, line: int, at: int, column: Column, value: Cell, currency: Currency | None, *, is_total: bool
    ) -> None:
        match value:
            case None:
                if is_total:
                    self.sheet.write_blank(line, at, None, self._format("", is_total=True))
            case int() if column.kind is ColumnKind.MINOR and currency is not None:
                digits = minor_digits(currency)
                shown = f"#,##0.{'0' * digits}" if digits else "#,##0"
                self.sheet.write_number(line, at, value / 10**digits, self._format(shown, is_total=is_total))
            case int():
                self.sheet.write_number(line, at, value, self._format("0", is_total=is_total))
            case date():
                self.sheet.write_datetime(line, at, value, self._format("yyyy-mm-dd", is_total=is_total))
            case str():
                self.sheet.write_string(line, at, value, self._format("@", is_total=is_total))

    def _format(self, shown: str, *, is_total: bool) -> Format:
        if (shown, is_total) not in self._formats:
            given = {"num_format": shown} | ({"bold": True, "top": 1} if is_total else {})
            self._formats[shown, is_total] = self.book.add_format(given)
        return self._formats[shown, is_total]

    def _width(self, at: int) -> int:
        texts = (row[at] for row in self.table.rows)
        longest = max((len(each) if isinstance(each, str) else _WIDTH_MIN for each in texts), default=0)
        return min(_WIDTH_MAX, max(_WIDTH_MIN, longest + 2))


def _write_notes(book: Workbook, sheet: Worksheet, table: Table) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, table.title, book.add_format({"bold": True}))
    for line, note in enumerate(table.notes, 2):
        sheet.write_string(line, 0, note.text, wrapped)
