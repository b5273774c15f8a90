"""The report on a published block and cards for other sites, to take along as HTML, Markdown and pictures."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.registering import refuse_placeholder
from donations.core.calendar import Month
from donations.core.language import Language
from donations.core.money import Balance
from donations.published.document import Block
from donations.reports.monthly import FurtherLink, Monthly, Section, monthly
from donations.reports.table import Cell, Column, ColumnKind, Row, Table
from donations.reports.words import text_in_language
from donations.views.formats import TELLER, month_short
from donations.views.language import current_language, speaking
from donations.web.access import needs
from donations.web.browser import home_reached, leads_nowhere
from donations.web.charts import ColumnChart, columns, month_labels
from donations.web.open_data import HEIGHT, WIDTH, Card, published
from donations.web.pages import Site, SiteHere, attachment, environment, page

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
    yield from map(_plain, report.paragraphs)
    for section in report.sections:
        yield f"### {_plain(section.heading)}"
        yield from map(_plain, section.paragraphs)
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
    return f"[{_plain(link.label)}](<{link.url}>)"


def _cells(table: Table) -> tuple[list[tuple[str, bool]], list[list[tuple[str, bool]]]]:
    """Return headings and rows as texts, each with whether it is a number; amounts carry their currency."""
    spoken = table.translated(TELLER)
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
    return text_in_language(text, TELLER)


def _chart(blocks: Sequence[Block]) -> ColumnChart | None:
    """Return where the columns of some blocks stand; None where there are none."""
    return columns(
        [[each.monthly_minor] for each in blocks],
        month_labels([Month.of(each.last_day) for each in blocks], month_short),
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


cards_router = APIRouter(prefix="/publishing")


@cards_router.get("/embedding")
@needs(Permission.SEE_FIGURES)
def embedding(request: Request, site: SiteHere) -> Response:
    """Show the cards that exist, as frames and as pictures."""
    snapshot = published(site).snapshot
    cards = [Card.MONTH] * bool(snapshot.blocks) + [Card.GOAL] * bool(snapshot.blocks and snapshot.goal)
    return page(
        request,
        "treasurer/publishing/publishing_cards.html",
        cards=[each.value for each in cards],
        home=(home := home_reached(request)),
        leads_nowhere=leads_nowhere(home),
        width=WIDTH,
        height=HEIGHT,
    )


router = APIRouter(prefix="/publishing")

Wanted = Annotated[Language | None, Query(alias="in")]
"""The report's language; else the page's."""


class MonthlyFormat(StrEnum):
    """As what a report can be taken along."""

    HTML = "html"
    MARKDOWN = "md"
    CSV = "csv"
    SVG = "svg"


_MEDIA = {
    MonthlyFormat.HTML: "text/html; charset=utf-8",
    MonthlyFormat.MARKDOWN: "text/markdown; charset=utf-8",
    MonthlyFormat.CSV: "text/csv; charset=utf-8",
    MonthlyFormat.SVG: "image/svg+xml",
}


@router.get("/report")
@needs(Permission.SEE_FIGURES)
def newest_report(request: Request, site: SiteHere, wanted: Wanted = None) -> Response:
    """Show the report on the newest block."""
    blocks = published(site).blocks
    return _report_page(request, site, number=len(blocks), wanted=wanted)


@router.get("/report/{number}.{kind}")
@needs(Permission.SEE_FIGURES)
def report_file(request: Request, site: SiteHere, number: int, kind: MonthlyFormat, wanted: Wanted = None) -> Response:
    """Return the report as a file."""
    language = wanted or current_language()
    report = _report(request, site, number, language)
    with speaking(language):
        content = _content(report, kind)
        return attachment(content, media_type=_MEDIA[kind], name=_name(report, kind))


@router.get("/report/{number}")
@needs(Permission.SEE_FIGURES)
def report(request: Request, site: SiteHere, number: int, wanted: Wanted = None) -> Response:
    """Show the report on a block."""
    return _report_page(request, site, number=number, wanted=wanted)


def _report_page(request: Request, site: Site, *, number: int, wanted: Language | None) -> Response:
    language = wanted or current_language()
    report = _report(request, site, number, language)
    with speaking(language):
        as_html, as_markdown = fragment(report), markdown(report, picture_name=_name(report, MonthlyFormat.SVG))
    return page(
        request,
        "treasurer/publishing/publishing_report.html",
        report=report,
        number=number,
        blocks=published(site).blocks,
        in_language=language,
        as_html=as_html,
        shown=Markup(as_html),  # noqa: S704 - rendered and escaped by our own template
        as_markdown=as_markdown,
        kinds=list(MonthlyFormat),
    )


def _report(request: Request, site: Site, number: int, language: Language) -> Monthly:
    snapshot = published(site).snapshot
    refuse_placeholder(snapshot.organisation)
    return monthly(snapshot, number, home=home_reached(request), called=partial(site.own.called, language=language))


def _content(report: Monthly, kind: MonthlyFormat) -> bytes:
    match kind:
        case MonthlyFormat.HTML:
            return fragment(report).encode()
        case MonthlyFormat.MARKDOWN:
            return markdown(report, picture_name=_name(report, MonthlyFormat.SVG)).encode()
        case MonthlyFormat.CSV:
            return report.table.translated(TELLER).to_csv()
        case MonthlyFormat.SVG:
            return picture(report).encode()


def _name(report: Monthly, kind: MonthlyFormat) -> str:
    return f"gifts-{Month.of(report.block.last_day)}-{current_language()}.{kind}"
