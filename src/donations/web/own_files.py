"""What of the association's own makes its pages look like it: the logo, and the style of its colour.

Both are told apart by their paths, and may be kept for long.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from donations.access.person import Permission
from donations.store.association import logo
from donations.store.opening import unpooled
from donations.store.session import reading
from donations.views.colour import Colour, Shades, shades
from donations.web.access import needs
from donations.web.beside import beside
from donations.web.caching import for_everyone
from donations.web.pages import SiteHere

router = APIRouter(prefix="/own")
_FOR_LONG = "public, max-age=31536000, immutable"


@router.get("/{digest}/logo")
@needs(Permission.PUBLIC)
@beside
def own_logo(site: SiteHere, digest: Annotated[str, Path(pattern="^[0-9a-f]{64}$")]) -> Response:
    """Return a logo."""
    with reading(unpooled(site.engine)) as session:
        found = logo(session, digest)
    if found is None:
        raise HTTPException(404)
    return Response(found.content, media_type=found.kind.value, headers={"Cache-Control": _FOR_LONG})


@router.get("/{colour}/colour.css")
@needs(Permission.PUBLIC)
async def own_colour(request: Request, colour: Annotated[str, Path(pattern="^[0-9a-f]{6}$")]) -> Response:
    """Return the tokens of the style that a colour changes, in light and in dark."""
    wanted = Colour.read(f"#{colour}")
    light, dark = _tokens(shades(wanted, dark=False)), _tokens(shades(wanted, dark=True))
    style = f":root{{{light}}}\n@media(prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    return for_everyone(request, Response(style, media_type="text/css"))


def _tokens(found: Shades) -> str:
    named = {"": found.accent, "-strong": found.strong, "-soft": found.soft}
    return "".join(f"--accent{name}:{each};" for name, each in named.items()) + f"--on-accent:{found.on_accent}"
