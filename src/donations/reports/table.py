"""A report as one frozen value: columns, rows, totals and notes, with JSON and CSV of the same."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from donations.core.money import Currency, Minor, decimal_text
from donations.reports.words import OwnText, text_in_language
from donations.views.phrases import PLAIN, Phrase, Teller, Value
from donations.views.value import CellValue, ColumnView, NoteView, ReportView, money

CsvValue = str | int | Decimal | date | None

_SIGNS = "[-=+@\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH COMMERCIAL AT}]"
_BEGINS_FORMULA = re.compile(rf"[\t\r\n]|\s*{_SIGNS}")
"""Spreadsheets run a cell that begins so (OWASP, CSV injection)."""
_BEGINS_FORMULA_INSIDE = re.compile(rf"(?<![;\s])([;\s]++)({_SIGNS})")
"""Where the list separator is no comma, as in Estonia, a spreadsheet takes what stands before for the end of a cell."""
_ENDS_CELL = re.compile(r"[;\t\r\n]")


def csv_bytes(rows: Iterable[Sequence[CsvValue]], *, separator: str = ",") -> bytes:
    """Return CSV after RFC 4180 in UTF-8 with a byte order mark, without which Excel takes it for the local code page.

    A text that a spreadsheet would run gets an apostrophe there; numbers and days are ours and stay as they are.
    """
    return codecs.BOM_UTF8 + csv_part(rows, separator=separator)


def csv_part(rows: Iterable[Sequence[CsvValue]], *, separator: str = ",") -> bytes:
    """Return more rows of such a CSV, without the mark that it begins with."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator="\r\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue().encode()


def _cell(value: CsvValue) -> str:
    if isinstance(value, str):
        text = _BEGINS_FORMULA_INSIDE.sub(_guarded, value)
        return f"'{text}" if _BEGINS_FORMULA.match(text) else text
    return "" if value is None else str(value)


def _guarded(found: re.Match[str]) -> str:
    """Put an apostrophe behind each end of a cell with nothing but blanks between it and the sign."""
    before, semicolon, blank = found[1].rpartition(";")
    return before + _ENDS_CELL.sub(r"\g<0>'", semicolon + blank) + found[2]


def percent_of(part: Minor, whole: Minor) -> int | None:
    """Return a part in whole percent; None where it is none of a positive whole."""
    return None if whole <= 0 or not 0 <= part <= whole else (200 * part + whole) // (2 * whole)


class ColumnKind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DAY = "day"
    MINOR = "minor"  # whole minor units of the row's currency
    COUNT = "count"
    CURRENCY = "currency"


Cell = str | int | date | None
"""`None` where there is nothing to say."""
Row = tuple[Cell, ...]

_TYPES: dict[ColumnKind, type] = {
    ColumnKind.TEXT: str,
    ColumnKind.DAY: date,
    ColumnKind.MINOR: int,
    ColumnKind.COUNT: int,
    ColumnKind.CURRENCY: str,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `key` is stable and names it in JSON, `heading` is shown."""

    key: str
    heading: str
    kind: ColumnKind


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader must know to read the figures right; `code` is stable.

    `english` is marked for translation, and `values` fill its places.
    """

    code: str
    english: str
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def phrase(self) -> Phrase:
        """What is said, to be told in any language."""
        return Phrase(self.english, self.values)

    @property
    def text(self) -> str:
        """Say it in English."""
        return PLAIN.tell(self.phrase)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A report. Raises `ValueError` where a cell is not what its column says."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...] = ()
    """One for each currency: different ones are never added."""
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        """Refuse rows that do not fit the columns: a float, or an amount whose currency is not said."""
        types = [_TYPES[column.kind] for column in self.columns]
        for row in (*self.rows, *self.totals):
            fits = len(row) == len(types) and all(
                value is None or type(value) is expected or (expected is str and isinstance(value, OwnText))
                for value, expected in zip(row, types, strict=True)
            )
            if not fits or (self.currency_of(row) is None and self._amounts(row)):
                raise ValueError(f"A row does not fit the columns of {self.title!r}.")

    def currency_of(self, row: Row) -> Currency | None:
        """Return the currency of a row's amounts."""
        for column, value in self._cells(row):
            if column.kind is ColumnKind.CURRENCY and isinstance(value, str):
                return Currency(value)
        return None

    def translated(self, teller: Teller) -> Table:
        """Return the same report with every text of ours in a language."""

        def translated_row(row: Row) -> Row:
            return tuple(text_in_language(value, teller) if isinstance(value, str) else value for value in row)

        return Table(
            title=text_in_language(self.title, teller),
            columns=tuple(replace(each, heading=teller.translate(each.heading)) for each in self.columns),
            rows=tuple(map(translated_row, self.rows)),
            totals=tuple(map(translated_row, self.totals)),
            notes=tuple(Note(each.code, teller.tell(each.phrase)) for each in self.notes),
        )

    def view(self) -> ReportView:
        """Return the report as programs are shown it."""
        return ReportView(
            title=self.title,
            columns=[ColumnView.made_of(each) for each in self.columns],
            rows=[self._shown(row) for row in self.rows],
            totals=[self._shown(row) for row in self.totals],
            notes=[NoteView.made_of(note) for note in self.notes],
        )

    def document(self) -> dict[str, Any]:
        """Return the same as plain values for JSON."""
        return self.view().document()

    def by_key(self) -> list[dict[str, Any]]:
        """Return the rows with their cells by the keys of their columns."""
        return [{column.key: cell for column, cell in self._cells(row)} for row in self.rows]

    def to_json(self) -> str:
        """Return one JSON document."""
        return json.dumps(self.document(), ensure_ascii=False, indent=2)

    def to_csv(self) -> bytes:
        """Return headings, rows, totals and notes as CSV for spreadsheets; amounts as decimals with a point."""
        return b"".join(self.csv_stream([self.rows]))

    def csv_stream(self, batches: Iterable[Iterable[Row]]) -> Iterator[bytes]:
        """Yield the same with other rows than the report's own, which need never be there all at once."""
        yield csv_bytes([[column.heading for column in self.columns]])
        for rows in batches:
            yield csv_part(map(self._decimals, rows))
        blanks = [None] * (len(self.columns) - 1)  # every line of a CSV has as many fields as its first
        yield csv_part([*map(self._decimals, self.totals), *([note.text, *blanks] for note in self.notes)])

    def _cells(self, row: Row) -> Iterator[tuple[Column, Cell]]:
        return zip(self.columns, row, strict=True)

    def _shown(self, row: Row) -> dict[str, CellValue]:
        currency = self.currency_of(row)

        def shown(kind: ColumnKind, cell: Cell) -> CellValue:
            if kind is ColumnKind.MINOR and isinstance(cell, int) and currency is not None:
                return money(cell, currency)
            return cell.isoformat() if isinstance(cell, date) else cell

        return {column.key: shown(column.kind, cell) for column, cell in self._cells(row)}

    def _amounts(self, row: Row) -> list[Cell]:
        return [cell for column, cell in self._cells(row) if column.kind is ColumnKind.MINOR and cell is not None]

    def _decimals(self, row: Row) -> list[CsvValue]:
        currency = self.currency_of(row)
        return [
            Decimal(decimal_text(value, currency))
            if column.kind is ColumnKind.MINOR and isinstance(value, int) and currency
            else value
            for column, value in self._cells(row)
        ]
