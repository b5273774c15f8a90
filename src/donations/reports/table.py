"""A report as one frozen value: columns, rows, totals and notes, with JSON and CSV of the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from donations.core.money import Currency, decimal_text
from donations.reports.csv_text import Value, csv_bytes


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DAY = "day"
    MINOR = "minor"  # whole minor units of the row's currency
    COUNT = "count"
    CURRENCY = "currency"


Cell = str | int | date | None
"""`None` where there is nothing to say."""
Row = tuple[Cell, ...]

_TYPES: dict[Kind, type] = {Kind.TEXT: str, Kind.DAY: date, Kind.MINOR: int, Kind.COUNT: int, Kind.CURRENCY: str}


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `key` is stable and names it in JSON, `heading` is shown."""

    key: str
    heading: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader must know to read the figures right; `code` is stable.

    `said` is marked for translation, and `values` fill its places.
    """

    code: str
    said: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """Say it in English."""
        return self.said.format(**dict(self.values)) if self.values else self.said


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
                value is None or type(value) is expected for value, expected in zip(row, types, strict=True)
            )
            if not fits or (self.currency_of(row) is None and self._amounts(row)):
                raise ValueError(f"A row does not fit the columns of {self.title!r}.")

    def currency_of(self, row: Row) -> Currency | None:
        """Return the currency of a row's amounts."""
        for column, value in zip(self.columns, row, strict=True):
            if column.kind is Kind.CURRENCY and isinstance(value, str):
                return Currency(value)
        return None

    def document(self) -> dict[str, Any]:
        """Return the report as plain values for JSON: rows by column key, amounts in minor units, days as ISO 8601."""
        return {
            "title": self.title,
            "columns": [{"key": each.key, "heading": each.heading, "kind": each.kind.value} for each in self.columns],
            "rows": [self._named(row) for row in self.rows],
            "totals": [self._named(row) for row in self.totals],
            "notes": [{"code": note.code, "text": note.text} for note in self.notes],
        }

    def to_json(self) -> str:
        """Return one JSON document."""
        return json.dumps(self.document(), ensure_ascii=False, indent=2)

    def to_csv(self) -> bytes:
        """Return headings, rows, totals and notes as CSV for spreadsheets; amounts as decimals with a point."""
        blanks = [None] * (len(self.columns) - 1)  # every line of a CSV has as many fields as its first
        return csv_bytes(
            [
                [column.heading for column in self.columns],
                *(self._decimals(row) for row in (*self.rows, *self.totals)),
                *([note.text, *blanks] for note in self.notes),
            ]
        )

    def _named(self, row: Row) -> dict[str, str | int | None]:
        return {
            column.key: value.isoformat() if isinstance(value, date) else value
            for column, value in zip(self.columns, row, strict=True)
        }

    def _amounts(self, row: Row) -> list[Cell]:
        cells = zip(self.columns, row, strict=True)
        return [value for column, value in cells if column.kind is Kind.MINOR and value is not None]

    def _decimals(self, row: Row) -> list[Value]:
        currency = self.currency_of(row)
        return [
            Decimal(decimal_text(value, currency))
            if column.kind is Kind.MINOR and isinstance(value, int) and currency
            else value
            for column, value in zip(self.columns, row, strict=True)
        ]
