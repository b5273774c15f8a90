"""Each request gets an id, is counted, and is told in one line of JSON where that is wanted; nobody is named.

Told is the route as it is declared, never the path, whose parts may be secret or name people; no query, no address of
who asks, no name. An id is taken from a proxy in the forms that proxies make, in which nothing else can be written.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from time import monotonic, perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ID_SENT = b"x-request-id"
ROUTE = "donations.route"
"""Where the guard leaves in the scope which declared route was asked for."""
_ID = "donations.request"
_MADE_BY_PROXIES = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""An account number in hexadecimal digits is shorter."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "no route"
SECONDS = (0.05, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Upper edges of the spans by which durations are counted."""

_TOLD = logging.getLogger("donations.access")
_TOLD_EVERY = 1
"""Seconds."""
_SUFFIX = ".traffic"


class Traffic:
    """How many requests were answered since the start, and how long they took; only the event loop writes it."""

    def __init__(self) -> None:
        """Begin with none."""
        self.answered = Counter[tuple[str, str, int]]()
        """By method, route and status; 0 for what was broken off before it was answered."""
        self.within = Counter[tuple[str, float]]()
        """By route and the smallest span that it was within; infinity for the rest."""
        self.seconds = Counter[str]()
        """All together, by route."""
        self.in_progress = 0
        self.shared_in: Path | None = None
        """A folder in which the workers of one server tell each other; those that died stay counted."""
        self._told_at = 0.0

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that is over."""
        self.answered[method, route, status] += 1
        self.within[route, next((edge for edge in SECONDS if seconds <= edge), float("inf"))] += 1
        self.seconds[route] += seconds  # type: ignore[assignment]
        if self.shared_in is not None and monotonic() - self._told_at > _TOLD_EVERY:
            self._told_at = monotonic()
            counted = [[[*each], times] for each, times in self.answered.items()]
            within = [[[*each], times] for each, times in self.within.items()]
            half = self.shared_in / f"{os.getpid()}.half"
            half.write_text(json.dumps([counted, within, self.seconds]), "utf-8")
            half.rename(half.with_suffix(_SUFFIX))

    def of_all_workers(self) -> Traffic:
        """Return it with what other workers of this server told last; what is in progress is of this one alone."""
        if self.shared_in is None:
            return self
        found = Traffic()
        found.answered += self.answered
        found.within += self.within
        found.seconds += self.seconds
        found.in_progress = self.in_progress
        for file in self.shared_in.glob(f"*{_SUFFIX}"):
            if file.stem != str(os.getpid()):
                answered, within, seconds = json.loads(file.read_text("utf-8"))
                found.answered.update({tuple(each): times for each, times in answered})
                found.within.update({tuple(each): times for each, times in within})
                found.seconds.update(seconds)
        return found


class Told:
    """ASGI middleware around all others, so that what they answer themselves is seen too."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give the request its id, and note it when it is over."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        traffic: Traffic = scope["app"].state.site.traffic
        request_id = scope[_ID] = _id_of(scope)
        header = (_ID_SENT, request_id.encode())
        begun, status, sent = perf_counter(), 0, 0

        async def watched(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), header]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        traffic.in_progress += 1
        try:
            await self.app(scope, receive, watched)
        finally:
            traffic.in_progress -= 1
            seconds = perf_counter() - begun
            method = scope["method"] if scope["method"] in _METHODS else "other"
            traffic.note(method, route_of(scope), status, seconds)
            if _TOLD.isEnabledFor(logging.INFO):
                line = {
                    "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "request": request_id,
                    "method": method,
                    "route": route_of(scope),
                    "status": status,
                    "ms": round(seconds * 1000, 1),
                    "bytes": sent,
                }
                _TOLD.info(json.dumps(line))


def id_of(scope: Mapping[str, Any]) -> str:
    """Return the id of a request."""
    return str(scope.get(_ID, ""))


def route_of(scope: Mapping[str, Any]) -> str:
    """Return the route that was asked for, as it is declared."""
    return str(getattr(scope.get(ROUTE), "path", NO_ROUTE))


def _id_of(scope: Scope) -> str:
    said = next((value for name, value in scope["headers"] if name == _ID_SENT), b"").decode("latin-1").lower()
    return said if _MADE_BY_PROXIES.fullmatch(said) else token_hex(16)


def tell_requests() -> None:
    """Print a line for each request on standard output from now on."""
    printing = logging.StreamHandler(sys.stdout)
    printing.setFormatter(logging.Formatter("%(message)s"))
    _TOLD.addHandler(printing)
    _TOLD.setLevel(logging.INFO)
    _TOLD.propagate = False
