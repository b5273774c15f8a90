"""The token that proves a form to be ours: read from the body before the application sees it, and no further.

Of an upload only the beginning is read, so its form has the token in front of everything else.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Message, Receive

TOKEN_FIELD = "token"  # noqa: S105 - the name of a field
TOKEN_HEADER = "x-form-token"  # noqa: S105
"""For scripts of ours: no other site can make a browser send it."""
_BEGINNING_MAX = 4 * 1024
FIELDS_MAX = 2_000
_FIRST_PART = re.compile(
    rb'--[^\r\n]{1,80}\r\nContent-Disposition: form-data; name="token"\r\n\r\n([0-9a-f]{64})\r\n--', re.IGNORECASE
)


async def token_sent(request: Request, receive: Receive) -> tuple[str, Receive]:
    """Return the token that came with a request, and what to receive the whole body from then."""
    header = request.headers.get(TOKEN_HEADER)
    if header is not None:
        return header, receive
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        body, again = await _read(receive, bytes_max=_BEGINNING_MAX)
        found = _FIRST_PART.match(body)
        return (found[1].decode() if found else ""), again
    if kind == "application/x-www-form-urlencoded":
        body, again = await _read(receive, bytes_max=None)
        return _field(body), again
    return "", receive


async def fields_sent(receive: Receive) -> list[tuple[str, str]]:
    """Return what a form brought besides the token, in its order; nothing where it is none, such as an upload."""
    body, _ = await _read(receive, bytes_max=None)
    return [(name, value) for name, value in _fields(body) if name != TOKEN_FIELD]


def _field(body: bytes) -> str:
    return next((value for name, value in _fields(body) if name == TOKEN_FIELD), "")


def _fields(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError:
        return []


async def _read(receive: Receive, *, bytes_max: int | None) -> tuple[bytes, Receive]:
    """Read the body, or at least so much of it; return it with what gives it once more."""
    messages: list[Message] = []
    body = b""
    is_over = False
    while not is_over and (bytes_max is None or len(body) < bytes_max):
        message = await receive()
        messages.append(message)
        body += message.get("body", b"")
        is_over = not message.get("more_body", False)
    waiting = iter(messages)

    async def again() -> Message:
        return next(waiting, None) or await receive()

    return body, again
