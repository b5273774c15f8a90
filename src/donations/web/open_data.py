"""The published figures for programs (JSON, CSV, a feed, a package) and other sites (cards, pictures, oEmbed)."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, RequestCode
from donations.reports.public import (
    LICENCE_URL,
    PublicFigures,
    data_package,
    public_csv,
    public_feed,
    spending_csv,
)
from donations.views.language import gettext
from donations.web.access import needs
from donations.web.beside import beside
from donations.web.browser import home_reached
from donations.web.caching import for_everyone
from donations.web.headers import CARD_STYLE
from donations.web.pages import Site, SiteHere, page


def linked_data(figures: PublicFigures, home: str) -> dict[str, Any]:
    """Return JSON-LD for a page of published figures; `home` is the address of ours, without the slash at its end."""
    organisation = {"@type": "NGO", "name": figures.snapshot.organisation, "url": f"{home}/"}
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"{figures.snapshot.organisation}: gifts received",
        "description": "Gifts by bank transfer, in blocks of whole months that never change. No donor can be told.",
        "url": f"{home}/",
        "license": LICENCE_URL,
        "isAccessibleForFree": True,
        "creator": organisation,
        "publisher": organisation,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{home}/{name}"}
            for kind, name in _files(figures)
        ],
    }
    if figures.blocks:
        first, last = figures.blocks[0], figures.blocks[-1]
        found["temporalCoverage"] = f"{first.first_day}/{last.last_day}"
        found["datePublished"] = first.published_on.isoformat()
        found["dateModified"] = last.published_on.isoformat()
    return found


def _files(figures: PublicFigures) -> list[tuple[str, str]]:
    spending = [("text/csv", "spending.csv")] if figures.spending else []
    return [("application/json", "transparency.json"), ("text/csv", "transparency.csv"), *spending]


router = APIRouter()


@router.get("/transparency.json")
@needs(Permission.PUBLIC)
@beside
def transparency_json(request: Request, site: SiteHere) -> Response:
    """Return everything that is published; `donations verify-public` checks it."""
    return _answer(request, published(site).content, "application/json")


@router.get("/transparency.csv")
@needs(Permission.PUBLIC)
@beside
def transparency_csv(request: Request, site: SiteHere) -> Response:
    """Return the blocks as CSV."""
    return _answer(request, public_csv(published(site)), "text/csv; charset=utf-8")


@router.get("/spending.csv")
@needs(Permission.PUBLIC)
@beside
def public_spending(request: Request, site: SiteHere) -> Response:
    """Return what the blocks tell of spending as CSV."""
    return _answer(request, spending_csv(published(site)), "text/csv; charset=utf-8")


@router.get("/transparency.atom")
@needs(Permission.PUBLIC)
@beside
def transparency_atom(request: Request, site: SiteHere) -> Response:
    """Return the blocks as a feed."""
    return _answer(request, public_feed(published(site), home=home_reached(request)), "application/atom+xml")


@router.get("/datapackage.json")
@needs(Permission.PUBLIC)
@beside
def datapackage(request: Request, site: SiteHere) -> Response:
    """Describe the files."""
    return _answer(request, data_package(published(site), home=home_reached(request)), "application/json")


def published(site: Site) -> PublicFigures:
    """Return what is published; a 404 before anything is."""
    figures = site.published.figures(site.engine)
    if figures is None:
        raise Refusal(BooksCode.NOTHING_PUBLISHED)
    return figures


def _answer(request: Request, content: str | bytes, media_type: str) -> Response:
    return for_everyone(request, Response(content, media_type=media_type))


WIDTH, HEIGHT = 420, 200


class Card(StrEnum):
    """What a card shows."""

    GOAL = "goal"
    MONTH = "month"


_TITLES = {Card.GOAL: N_("Our goal"), Card.MONTH: N_("What came in")}
embedding_router = APIRouter()


@embedding_router.get("/embed/{card}.svg")
@needs(Permission.PUBLIC)
@beside
def picture(request: Request, site: SiteHere, card: Card) -> Response:
    """Draw a card."""
    answer = _card(request, site, card, "public/card.svg")
    answer.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    return for_everyone(request, answer, by_language=True)


@embedding_router.get("/embed/{card}")
@needs(Permission.PUBLIC)
@beside
def framed(request: Request, site: SiteHere, card: Card) -> Response:
    """Show a card as a page to be framed."""
    return for_everyone(request, _card(request, site, card, "public/card.html"), by_language=True)


@embedding_router.get("/oembed.json")
@needs(Permission.PUBLIC)
@beside
def oembed(
    request: Request,
    site: SiteHere,
    url: Annotated[str, Query(max_length=500)],
    maxwidth: Annotated[int, Query(ge=1)] = WIDTH,
    maxheight: Annotated[int, Query(ge=1)] = HEIGHT,
) -> Response:
    """Tell how to show one of our addresses on another site (oEmbed 1.0)."""
    figures, home = published(site), home_reached(request)
    paths = {"/": Card.MONTH, "": Card.MONTH} | {f"/embed/{card}": card for card in Card}
    address = url.partition("#")[0].partition("?")[0]
    card = paths.get(address.removeprefix(home)) if address.startswith(home) else None
    if card is None:
        raise Refusal(RequestCode.UNKNOWN_PAGE)
    width, height = min(WIDTH, maxwidth), min(HEIGHT, maxheight)
    title = gettext(_TITLES[card])
    size = f'width="{width}" height="{height}"'
    frame = f'<iframe src="{home}/embed/{card}" {size} title="{escape(title)}" sandbox="allow-popups"></iframe>'
    found = {
        "version": "1.0",
        "type": "rich",
        "provider_name": figures.snapshot.organisation,
        "provider_url": f"{home}/",
        "title": title,
        "html": frame,
        "width": width,
        "height": height,
    }
    content = json.dumps(found, ensure_ascii=False)
    return for_everyone(request, Response(content, media_type="application/json"), by_language=True)


def _card(request: Request, site: Site, card: Card, template: str) -> Response:
    figures = published(site)
    if not figures.blocks or (card is Card.GOAL and figures.snapshot.goal is None):
        raise Refusal(BooksCode.NOTHING_PUBLISHED)
    bar = WIDTH - 40
    return page(
        request,
        template,
        card=card.value,
        title=_TITLES[card],
        figures=figures,
        width=WIDTH,
        height=HEIGHT,
        style=CARD_STYLE,
        bar=bar,
        filled=bar * min(figures.percent_raised, 100) // 100,
    )
