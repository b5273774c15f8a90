"""The report on a published block as an HTML fragment, Markdown and a picture that other sites can take as they are."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from donations.core.calendar import Month
from donations.core.money import Balance
from donations.published.document import Block
from donations.reports.monthly import FurtherLink, Monthly, Section
from donations.reports.said import told
from donations.reports.table import Cell, Column, ColumnKind, Row, Table
from donations.views.formats import TELLER, month_short
from donations.views.language import current_language
from donations.web.charts import ColumnChart, columns, month_labels
from donations.web.pages import environment

_LONG = 32
"""Characters in a word without a blank."""
_MARKED = re.compile(r"([\\`*_\[\]|#~])")


def fragment(report: Monthly) -> str:
    """Return HTML without head, style or script in the language spoken now; its picture is in it."""
    sections = [
        (each, _chart(each.chart), None if each.table is None else _cells(each.table)) for each in report.sections
    ]
    return _rendered("public/monthly.html", report=report, title=_said(report.title), sections=sections)


def picture(report: Monthly) -> str:
    """Return the report's chart as a picture of its own."""
    drawn = next(each.chart for each in report.sections if each.chart)
    return _rendered("public/monthly_picture.html", chart=_chart(drawn), title=_said(report.title))


def markdown(report: Monthly, *, picture_name: str) -> str:
    """Return Markdown (CommonMark with tables); what others wrote cannot mark anything up."""
    return "\n\n".join(_paragraphs(report, picture_name)) + "\n"


def _paragraphs(report: Monthly, picture_name: str) -> Iterator[str]:
    yield f"## {_plain(report.title)}"
    yield from map(_plain, report.said)
    for section in report.sections:
        yield f"### {_plain(section.heading)}"
        yield from map(_plain, section.said)
        if section.chart:
            yield f"![{_plain(report.title)}]({picture_name})"
        yield from _rest(section)


def _rest(section: Section) -> Iterator[str]:
    if section.table is not None:
        yield f"{_plain(section.table.title)}:"
        yield "\n".join(_table_lines(section.table))
    if section.links:
        yield "\n".join(f"- {_linked(each)}" for each in section.links)


def _table_lines(table: Table) -> Iterator[str]:
    headings, rows = _cells(table)
    yield _line([heading for heading, _ in headings])
    yield "|" + "|".join(" ---: " if is_number else " --- " for _, is_number in headings) + "|"
    for row in rows:
        yield _line([text for text, _ in row])


def _line(texts: Sequence[str]) -> str:
    return "| " + " | ".join(map(_escaped, texts)) + " |"


def _linked(link: FurtherLink) -> str:
    return f"[{_plain(link.said)}](<{link.url}>)"


def _cells(table: Table) -> tuple[list[tuple[str, bool]], list[list[tuple[str, bool]]]]:
    """Return headings and rows as texts, each with whether it is a number; amounts carry their currency."""
    spoken = table.told(TELLER)
    at = [(number, each) for number, each in enumerate(spoken.columns) if each.kind is not ColumnKind.CURRENCY]
    headings = [(each.heading, _is_number(each)) for _, each in at]
    rows = [[(_text(spoken, row, each, row[number]), _is_number(each)) for number, each in at] for row in spoken.rows]
    return headings, rows


def _text(table: Table, row: Row, column: Column, cell: Cell) -> str:
    currency = table.currency_of(row)
    match column.kind:
        case ColumnKind.MINOR if isinstance(cell, int) and currency is not None:
            return TELLER.amount(Balance(cell, currency))
        case ColumnKind.DAY if cell is not None and not isinstance(cell, str | int):
            return TELLER.day(cell)
        case _:
            return "" if cell is None else str(cell)


def _is_number(column: Column) -> bool:
    return column.kind in {ColumnKind.MINOR, ColumnKind.COUNT}


def _said(text: str) -> str:
    return told(text, TELLER)


def _chart(blocks: Sequence[Block]) -> ColumnChart | None:
    """Return where the columns of some blocks stand; None where there are none."""
    return columns(
        [[each.monthly_minor] for each in blocks], month_labels([Month.of(each.last_day) for each in blocks], month_short)
    )


def _breakable(text: str) -> Markup:
    """Return a text for HTML in which a phone can break what is too long for a line, such as a fingerprint."""
    words = (
        Markup("<wbr>").join(each[at : at + _LONG] for at in range(0, len(each), _LONG))
        for each in _said(text).split(" ")
    )
    return Markup(" ").join(words)


def _plain(text: str) -> str:
    return _escaped(_said(text))


def _escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line; every Markdown knows `&lt;`."""
    return html.escape(_MARKED.sub(r"\\\1", text.replace("\n", " ")), quote=False)


def _rendered(template: str, **values: object) -> str:
    return (
        environment()
        .get_template(template)
        .render(language=current_language().value, said=_breakable, **values)
        .strip()
        + "\n"
    )
