"""The one writer of CSV: what it writes opens in a spreadsheet as data, never as a formula."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

Value = str | int | Decimal | date | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets run a cell that begins so (OWASP, CSV injection)."""


def csv_bytes(rows: Iterable[Sequence[Value]]) -> bytes:
    """Return CSV after RFC 4180 in UTF-8 with a byte order mark, without which Excel takes it for the local code page.

    A text that a spreadsheet would run gets an apostrophe in front; numbers and days are ours and stay as they are.
    """
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return codecs.BOM_UTF8 + written.getvalue().encode()


def _cell(value: Value) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    return "" if value is None else str(value)
