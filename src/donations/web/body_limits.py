"""How many bytes a request may bring: little for a form, as much as the settings say for an upload."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from donations.settings import Settings
from donations.web.headers import PRIVATE_PATH

FORM_BYTES_MAX = 64 * 1024
_FILE_PATHS = frozenset({f"{PRIVATE_PATH}/upload", "/api/v1/imports"})
_MULTIPART_OVERHEAD = 64 * 1024
"""What names and boundaries of the parts may take."""


def body_bytes_max(path: str, settings: Settings) -> int:
    """Return what a request to this path may hold, all files of an upload together."""
    return settings.max_upload_bytes + _MULTIPART_OVERHEAD if path in _FILE_PATHS else FORM_BYTES_MAX


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
