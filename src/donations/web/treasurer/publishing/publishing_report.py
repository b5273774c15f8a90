"""The report on a published block, and cards for other sites: shown, to copy or to take along, in each language."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.acts.registering import refuse_placeholder
from donations.core.calendar import Month
from donations.core.language import Language
from donations.reports.monthly import Monthly, monthly
from donations.views.formats import TELLER
from donations.views.language import current_language, speaking
from donations.web.access import needs
from donations.web.downloads import attachment
from donations.web.embedding import HEIGHT, WIDTH, Card
from donations.web.monthly_text import fragment, markdown, picture
from donations.web.open_data import published
from donations.web.pages import Site, SiteHere, page

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
        home=site.settings.home,
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
def report_file(site: SiteHere, number: int, kind: MonthlyFormat, wanted: Wanted = None) -> Response:
    """Return the report as a file."""
    report = _report(site, number)
    with speaking(wanted or current_language()):
        content = _content(report, kind)
        return attachment(content, media_type=_MEDIA[kind], name=_name(report, kind))


@router.get("/report/{number}")
@needs(Permission.SEE_FIGURES)
def report(request: Request, site: SiteHere, number: int, wanted: Wanted = None) -> Response:
    """Show the report on a block."""
    return _report_page(request, site, number=number, wanted=wanted)


def _report_page(request: Request, site: Site, *, number: int, wanted: Language | None) -> Response:
    report, language = _report(site, number), wanted or current_language()
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


def _report(site: Site, number: int) -> Monthly:
    snapshot = published(site).snapshot
    refuse_placeholder(snapshot.organisation)
    return monthly(snapshot, number, home=site.settings.home)


def _content(report: Monthly, kind: MonthlyFormat) -> bytes:
    match kind:
        case MonthlyFormat.HTML:
            return fragment(report).encode()
        case MonthlyFormat.MARKDOWN:
            return markdown(report, picture_name=_name(report, MonthlyFormat.SVG)).encode()
        case MonthlyFormat.CSV:
            return report.table.told(TELLER).to_csv()
        case MonthlyFormat.SVG:
            return picture(report).encode()


def _name(report: Monthly, kind: MonthlyFormat) -> str:
    return f"gifts-{Month.of(report.block.last_day)}-{current_language()}.{kind}"
