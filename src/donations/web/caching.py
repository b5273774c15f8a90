"""Answers that are the same for everyone, kept by caches and not sent again to whoever has them."""

from __future__ import annotations

import hashlib

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
    if tag not in (each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")):
        return answer
    kept = {name: answer.headers[name] for name in ("ETag", "Cache-Control", "Vary") if name in answer.headers}
    return Response(status_code=304, headers=kept)
