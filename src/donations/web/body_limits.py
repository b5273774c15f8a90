"""How much a request may bring and how slowly: little for a form, for an upload what the settings say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from donations.settings import Settings
from donations.web.entering.errand import AGAIN_PATH
from donations.web.headers import PRIVATE_PATH

FORM_BYTES_MAX = 64 * 1024
_FILE_PATHS = frozenset({f"{PRIVATE_PATH}/upload", "/api/v1/imports"})
_MULTIPART_OVERHEAD = 64 * 1024
"""What names and boundaries of the parts may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How slowly a body may come; only time is counted in which the program waits for it."""

    piece_bytes: int
    piece_seconds: float
    """How long each such piece may take, the first and the last too."""
    body_seconds: float
    """How long the whole body may take."""


PACE = Pace(piece_bytes=30 * 1024, piece_seconds=30, body_seconds=15 * 60)
"""1 KiB/s, which the worst telephone net outdoes, and half a minute for a train in a tunnel; the largest upload of the
default settings comes through at 12 KiB/s. Who holds connections open on purpose gets that long and no longer."""


def body_bytes_max(path: str, settings: Settings) -> int:
    """Return what a request to this path may hold, all files of an upload together."""
    if path in _FILE_PATHS:
        return settings.max_upload_bytes + _MULTIPART_OVERHEAD
    return 2 * FORM_BYTES_MAX if path.startswith(AGAIN_PATH) else FORM_BYTES_MAX  # it carries another form


def counted(receive: Receive, bytes_max: int) -> Receive:
    """Count the body as it comes, for its length may not be said in advance; one byte too many is an error 413.

    The framework's own limit answers outside all middleware: no page, and no security headers.
    """
    total = 0

    async def receive_counted() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > bytes_max:
            raise HTTPException(413)
        return message

    return receive_counted


def paced(receive: Receive, *, pace: Pace, clock: Callable[[], float] = monotonic) -> Receive:
    """Refuse a body that comes too slowly with an error 408; no thread of ours waits for it.

    What comes behind the body, that the browser has gone, may take as long as the answer does.
    """
    piece, in_piece, in_all, is_over = 0, 0.0, 0.0, False

    async def receive_paced() -> Message:
        nonlocal piece, in_piece, in_all, is_over
        if is_over:
            return await receive()
        left, begun = min(pace.piece_seconds - in_piece, pace.body_seconds - in_all), clock()
        try:
            async with asyncio.timeout(left):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(408) from error
        waited = clock() - begun
        if waited > left:
            raise HTTPException(408)
        piece, in_piece, in_all = piece + len(message.get("body", b"")), in_piece + waited, in_all + waited
        if piece >= pace.piece_bytes:
            piece, in_piece = 0, 0.0
        is_over = not message.get("more_body", False)
        return message

    return receive_paced
