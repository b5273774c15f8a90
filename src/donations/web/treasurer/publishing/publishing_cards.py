"""What to put into another site so that it shows the published figures: the cards, each with its source to copy."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from donations.access.permission import Permission
from donations.web.access import needs
from donations.web.embedding import HEIGHT, WIDTH, Card
from donations.web.open_data import published
from donations.web.pages import SiteHere, page

router = APIRouter(prefix="/publishing")


@router.get("/embedding")
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
