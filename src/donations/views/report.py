"""A report as it is shown to programs: rows have one value for each column, and amounts bring their currency along."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from donations.views.value import Money, View

CellValue = Money | int | str | None


class ColumnView(View):
    """A column of a report."""

    key: str
    heading: str
    kind: Literal["text", "day", "minor", "count", "currency"]


class NoteView(View):
    """Something a reader must know to read the figures right."""

    code: str
    text: str


class ReportView(View):
    """A report; rows have one value for each column, by its key."""

    title: str
    columns: list[ColumnView]
    rows: list[dict[str, CellValue]]
    totals: list[dict[str, CellValue]] = Field(description="One for each currency.")
    notes: list[NoteView]
    next: str | None = Field(default=None, description="The cursor of the next page; null where there is none.")
