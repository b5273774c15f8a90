"""A report's table as a page shows it: only columns that say something, and each cell with what it is."""

from __future__ import annotations

from dataclasses import dataclass

from donations.core.money import Currency
from donations.documents.printed import columns_shown
from donations.reports.table import Cell, Column, Row, Table

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
