"""Cards of the published figures for other sites: pages without script to be framed, pictures, and oEmbed."""

from __future__ import annotations

import json
from base64 import b64encode
from enum import StrEnum
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Query
from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, RequestCode
from donations.views.language import gettext
from donations.web.access import needs
from donations.web.caching import for_everyone
from donations.web.open_data import published
from donations.web.pages import Site, SiteHere, page

CARD_STYLE = (
    "@media(prefers-color-scheme:dark){.ground{fill:#1d2320;stroke:#333b36}.ink{fill:#e9ece8}.quiet{fill:#a7b0a9}"
    ".accent{fill:#7fcfae}.soft{fill:#20392e}}"
)
CARD_STYLE_SOURCE = f"'sha256-{b64encode(sha256(CARD_STYLE.encode()).digest()).decode()}'"
"""As a content security policy names it."""


WIDTH, HEIGHT = 420, 200


class Card(StrEnum):
    """What a card shows."""

    GOAL = "goal"
    MONTH = "month"


_TITLES = {Card.GOAL: N_("Our goal"), Card.MONTH: N_("What came in")}
router = APIRouter()


@router.get("/embed/{card}.svg")
@needs(Permission.PUBLIC)
def picture(request: Request, site: SiteHere, card: Card) -> Response:
    """Draw a card."""
    answer = _card(request, site, card, "public/card.svg")
    answer.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    return for_everyone(request, answer, by_language=True)


@router.get("/embed/{card}")
@needs(Permission.PUBLIC)
def framed(request: Request, site: SiteHere, card: Card) -> Response:
    """Show a card as a page to be framed."""
    return for_everyone(request, _card(request, site, card, "public/card.html"), by_language=True)


@router.get("/oembed.json")
@needs(Permission.PUBLIC)
def oembed(
    request: Request,
    site: SiteHere,
    url: Annotated[str, Query(max_length=500)],
    maxwidth: Annotated[int, Query(ge=1)] = WIDTH,
    maxheight: Annotated[int, Query(ge=1)] = HEIGHT,
) -> Response:
    """Tell how to show one of our addresses on another site (oEmbed 1.0)."""
    figures, home = published(site), site.settings.home
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
