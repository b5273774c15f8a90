"""Connections: the head of a request comes within a time, and no more are open than leaves files for the books."""

from __future__ import annotations

import asyncio
from resource import RLIMIT_NOFILE, getrlimit

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_KEPT_FOR_BOOKS = 256
"""Descriptors for the database, for the processes that read files, and for files of the program."""
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def http_within(seconds: float) -> type[H11Protocol]:
    """Return how HTTP is spoken where the whole head of a request may take so long."""
    most = max(64, getrlimit(RLIMIT_NOFILE)[0] - _KEPT_FOR_BOOKS)

    class HttpWithin(H11Protocol):
        """As uvicorn speaks it, which waits for ever for the rest of a head that began to come."""

        _late: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            """Begin to wait, unless there are too many."""
            super().connection_made(transport)
            if len(self.connections) > most:
                transport.abort()
                return
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            """Wait no more."""
            self._stop()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            """Take what comes; a head that is whole is not waited for any more."""
            super().data_received(data)
            self._look(is_begun=True)

        def on_response_complete(self) -> None:
            """Go on with what came meanwhile: it may be half of another head."""
            super().on_response_complete()
            self._look(is_begun=bool(self.conn.trailing_data[0]))

        def _look(self, *, is_begun: bool) -> None:
            if self.conn.their_state is not h11.IDLE:
                self._stop()
            elif is_begun:
                self._wait()

        def _wait(self) -> None:
            if self._late is None:
                self._late = self.loop.call_later(seconds, self._end)

        def _stop(self) -> None:
            if self._late is not None:
                self._late.cancel()
                self._late = None

        def _end(self) -> None:
            self._late = None
            if not self.transport.is_closing():
                self.transport.write(_TOO_SLOW)
                self.transport.close()

    return HttpWithin
