"""The one writer of CSV: what it writes opens in a spreadsheet as data, never as a formula."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

Value = str | int | Decimal | date | None

_SIGNS = "[-=+@\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH COMMERCIAL AT}]"
_BEGINS_FORMULA = re.compile(rf"[\t\r\n]|\s*{_SIGNS}")
"""Spreadsheets run a cell that begins so (OWASP, CSV injection)."""
_BEGINS_FORMULA_INSIDE = re.compile(rf"(?<![;\s])([;\s]++)({_SIGNS})")
"""Where the list separator is no comma, as in Estonia, a spreadsheet takes what stands before for the end of a cell."""
_ENDS_CELL = re.compile(r"[;\t\r\n]")


def csv_bytes(rows: Iterable[Sequence[Value]], *, separator: str = ",") -> bytes:
    """Return CSV after RFC 4180 in UTF-8 with a byte order mark, without which Excel takes it for the local code page.

    A text that a spreadsheet would run gets an apostrophe there; numbers and days are ours and stay as they are.
    """
    return codecs.BOM_UTF8 + csv_part(rows, separator=separator)


def csv_part(rows: Iterable[Sequence[Value]], *, separator: str = ",") -> bytes:
    """Return more rows of such a CSV, without the mark that it begins with."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator="\r\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue().encode()


def _cell(value: Value) -> str:
    if isinstance(value, str):
        text = _BEGINS_FORMULA_INSIDE.sub(_guarded, value)
        return f"'{text}" if _BEGINS_FORMULA.match(text) else text
    return "" if value is None else str(value)


def _guarded(found: re.Match[str]) -> str:
    """Put an apostrophe behind each end of a cell with nothing but blanks between it and the sign."""
    before, semicolon, blank = found[1].rpartition(";")
    return before + _ENDS_CELL.sub(r"\g<0>'", semicolon + blank) + found[2]
