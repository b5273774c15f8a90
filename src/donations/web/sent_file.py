"""A file that is sent in pieces from the disk: whoever takes it along slowly holds no connection and no memory."""

from __future__ import annotations

from functools import partial
from typing import IO, Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

_AT_ONCE = 256 * 1024


class SentFile(StreamingResponse):
    """Closes the file whether it was taken along, or whoever asked went before its first byte."""

    def __init__(self, file: IO[bytes], *, name: str, size: int, media_type: str) -> None:
        """Send what is in a file from where it stands, so many bytes, to be kept under a name of ours."""
        headers: dict[str, Any] = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(size),
        }
        super().__init__(iter(partial(file.read, _AT_ONCE), b""), media_type=media_type, headers=headers)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        with self._file:
            await super().__call__(scope, receive, send)
