"""The stylesheet: parts by family, joined into the one file that browsers fetch."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from donations.web.caching import for_everyone

NAME = "style.css"
PARTS = Path(__file__).parent / "style"
FAMILIES = (
    *("tokens", "base", "frame", "cards", "forms", "tables"),
    *("coverage", "charts", "questions", "programs", "public", "print"),
)
"""In this order, for of two rules of the same weight the later one wins: what all pages have, what some have, paper."""


@cache
def joined() -> bytes:
    """Return the whole stylesheet; the files are read once."""
    return b"\n".join((PARTS / f"{family}.css").read_bytes() for family in FAMILIES)


def stylesheet(request: Request) -> Response:
    """Answer with the stylesheet, or that it has not changed; browsers ask each time."""
    answer = for_everyone(request, Response(joined(), media_type="text/css"))
    answer.headers["Cache-Control"] = "no-cache"
    return answer
