"""A report as a paper: an accessible PDF in the reader's language."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import typst
from anyascii import anyascii

from donations.acts.registering import refuse_placeholder
from donations.assets import directory
from donations.core.language import N_, Language
from donations.core.money import Balance, Currency
from donations.core.picture import picture_head
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.reports.table import Cell, Column, ColumnKind, Row, Table
from donations.reports.words import OwnText
from donations.store.association import Logo
from donations.views.phrases import Teller

_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Papers say their date in words; a moment of making would make each file another one."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+")
_RARE = re.compile(r"[^\x00-\u04ff\u2000-\u2040€]+")
"""What the fonts may lack; the letters of Europe, signs between words and the euro they have."""


def typeset(template: str, data: Mapping[str, Any], logo: Logo | None = None) -> bytes:
    """Return the PDF of a template in templates/documents.

    Data is handed over as one JSON text that the template reads with `json`: whatever donors write stays text. Only
    the fonts that typst brings along are used, so that papers look the same everywhere; nothing is fetched. A paper
    that could be read aloud only in part is none, so letters that no font has are written in Latin ones instead.
    """
    shown = _mapped(data, lambda text: _UNSEEN.sub(" ", text))
    try:
        return _compiled(template, shown, logo)
    except typst.TypstError:
        return _compiled(template, _mapped(shown, lambda text: _RARE.sub(lambda rare: anyascii(rare[0]), text)), logo)


def can_hold(logo: Logo) -> bool:
    """Whether papers can hold a logo: it is decoded, as each of them will."""
    try:
        _compiled("logo.typ", {"title": ""}, logo)
    except typst.TypstError:
        return False
    return True


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case Mapping():
            return {key: _mapped(each, change) for key, each in value.items()}
        case list() | tuple():
            return [_mapped(each, change) for each in value]
        case _:
            return value


def _compiled(template: str, data: Any, logo: Logo | None) -> bytes:
    documents = directory("templates") / "documents"
    made = typst.compile(
        documents / template,
        root=documents,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False), "logo": _framed(logo)},
        pdf_standards=["ua-1"],
        timestamp=_NO_TIME,
    )
    if not isinstance(made, bytes):
        raise TypeError
    return made


def _framed(logo: Logo | None) -> str:
    """Return the logo within an SVG, for only texts can be handed over; empty without one."""
    head = picture_head(logo.content) if logo is not None else None
    if logo is None or head is None:
        return ""
    size, content = f'width="{head.width}" height="{head.height}"', b64encode(logo.content).decode()
    picture = f'<image {size} href="data:{head.kind};base64,{content}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{picture}</svg>'


ROWS_MAX = 2_000
"""Nobody reads more on paper, and setting it takes a moment."""
_MADE = N_("Created on {day}")
_NOTES = N_("To read these figures right")
_NOTHING = N_("Nothing to report for these days.")
_LONG = 24
"""Columns with longer texts share the width that the others leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What every paper says of itself."""

    organisation: str
    language: Language
    teller: Teller
    made_on: date

    def __post_init__(self) -> None:
        """No paper leaves under no real name. Raises `Refusal`."""
        refuse_placeholder(self.organisation)

    def data(self, title: str) -> dict[str, str]:
        """Return what templates/documents/paper.typ asks for."""
        return {
            "title": title,
            "organisation": self.organisation,
            "language": self.language.value,
            "made": self.teller.tell(OwnText(_MADE, ("day", self.made_on)).phrase),
        }


def printed(table: Table, imprint: Imprint) -> bytes:
    """Return the report as PDF. Raises `Refusal` past `ROWS_MAX` rows."""
    if len(table.rows) > ROWS_MAX:
        raise Refusal(BooksCode.TOO_LONG_FOR_PAPER)
    teller = imprint.teller
    told = table.translated(teller)
    return typeset(
        "report.typ",
        {
            **imprint.data(told.title),
            **cells_of(told, teller),
            "notes": [note.text for note in told.notes],
            "before_notes": teller.translate(_NOTES),
            "nothing": teller.translate(_NOTHING),
        },
    )


def cells_of(told: Table, teller: Teller) -> dict[str, object]:
    """Return columns, rows and totals of a told table as `table-of` of templates/documents/paper.typ wants them."""
    shown = columns_shown(told)
    rows = [_cells(told, row, shown, teller) for row in told.rows]
    return {
        "columns": [_column(told.columns[at], [row[place] for row in rows]) for place, at in enumerate(shown)],
        "rows": rows,
        "totals": [_cells(told, row, shown, teller) for row in told.totals],
    }


def columns_shown(table: Table) -> list[int]:
    """Return which columns say something to a reader: amounts bring their currency along, and nothing is empty."""
    return [
        at
        for at, column in enumerate(table.columns)
        if column.kind is not ColumnKind.CURRENCY
        and (not table.rows or any(row[at] is not None for row in (*table.rows, *table.totals)))
    ]


def _column(column: Column, texts: list[str]) -> dict[str, object]:
    return {
        "heading": column.heading,
        "right": column.kind in {ColumnKind.MINOR, ColumnKind.COUNT},
        "grows": column.kind is ColumnKind.TEXT and max(map(len, texts), default=0) > _LONG,
    }


def _cells(table: Table, row: Row, shown: list[int], teller: Teller) -> list[str]:
    currency = table.currency_of(row)
    return [_cell(table.columns[at], row[at], currency, teller) for at in shown]


def _cell(column: Column, value: Cell, currency: Currency | None, teller: Teller) -> str:
    match value:
        case None:
            return ""
        case int() if column.kind is ColumnKind.MINOR and currency is not None:
            return teller.amount(Balance(value, currency))
        case date():
            return teller.day(value)
        case _:
            return str(value)
