"""Answers that are the same for everyone, kept by caches: among them the files of the pages, with the stylesheet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

MAX_AGE = 300
"""Seconds for which a cache need not ask: figures change once a month."""


def for_everyone(request: Request, answer: Response, *, by_language: bool = False) -> Response:
    """Mark an answer as public, or return that it has not changed since it was fetched.

    A page is asked for anew each time, for who has just chosen another language wants to see it.
    """
    tag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "public, no-cache" if by_language else f"public, max-age={MAX_AGE}"
    if by_language:
        answer.headers["Vary"] = "Accept-Language, Cookie"
    if not is_known(tag, request.headers.get("if-none-match", "")):
        return answer
    kept = {name: answer.headers[name] for name in ("ETag", "Cache-Control", "Vary") if name in answer.headers}
    return Response(status_code=304, headers=kept)


def is_known(tag: str, said: str) -> bool:
    """Whether who asks has what has this tag, as `If-None-Match` says."""
    return tag in (each.strip().removeprefix("W/") for each in said.split(","))


STYLESHEET = "style.css"
PARTS = Path(__file__).parent / "style"
FAMILIES = (
    *("tokens", "base", "frame", "cards", "forms", "tables"),
    *("coverage", "charts", "questions", "programs", "public", "print"),
)
"""In this order, for of two rules of the same weight the later one wins: what all pages have, what some have, paper."""


@cache
def joined_stylesheet() -> bytes:
    """Return the whole stylesheet; the files are read once."""
    return b"\n".join((PARTS / f"{family}.css").read_bytes() for family in FAMILIES)


STATIC = Path(__file__).parent / "static"


@cache
def static_files() -> Mapping[str, tuple[bytes, str]]:
    """Return all files of the pages by name, each with its media type; they are read once."""
    files = {each.name: (each.read_bytes(), guess_type(each.name)[0] or "") for each in STATIC.iterdir()}
    return files | {STYLESHEET: (joined_stylesheet(), "text/css")}


def static_file(request: Request, name: str) -> Response:
    """Answer with a file, or that it has not changed; browsers ask each time."""
    content, media_type = static_files()[name]
    answer = for_everyone(request, Response(content, media_type=media_type))
    answer.headers["Cache-Control"] = "no-cache"
    return answer
