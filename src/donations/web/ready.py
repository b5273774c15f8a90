"""Public pages, ready as bytes: made once by the application itself, as a stranger sees them, for each language.

They are answered outside all other layers, without a thread and without the database (docs/adr/0040). Nothing of who
asks is in them: each is the answer to a request that has no cookie. What looks odd in a request goes the long way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from time import monotonic
from typing import Any, NamedTuple

from anyio import to_thread
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from donations.core.language import Language
from donations.web.beside import PUBLIC_THREADS, Look, is_fresh
from donations.web.browser import LOCAL_NAMES, host_named
from donations.web.caching import is_known
from donations.web.headers import APPEALS, EMBEDDED, OPEN_DATA
from donations.web.language import COOKIE, best_language
from donations.web.open_data import Card
from donations.web.site import Site
from donations.web.traffic import ROUTE

ADDRESSES = frozenset(
    {
        *("/", "/robots.txt"),
        *OPEN_DATA - {"/oembed.json"},  # which answers a query
        *(f"{EMBEDDED}{card}{ending}" for card in Card for ending in ("", ".svg")),
    }
)
"""Nothing in them depends on a query, or on anything but what is published, settings, and which appeals go on today.

So do the pages of appeals, whose addresses the settings tell.
"""
_COOKIE = f"{COOKIE}=".encode()
_LOOKED_AT = frozenset(
    {b"host", b"cookie", b"accept-language", b"if-none-match", b"content-length", b"transfer-encoding"}
)
_PATIENCE = 0.25
"""Seconds for which one waits to hear whether something else is published; then what was known holds."""


class _Ready(NamedTuple):
    """An answer."""

    body: bytes
    tag: str
    headers: tuple[tuple[bytes, bytes], ...]
    unchanged: tuple[tuple[bytes, bytes], ...]
    """The headers for who has it already."""
    route: object
    """As the guard leaves it, for what is told of requests."""


_Key = tuple[str, Language, bool, str]
"""Path, language, whether it goes by https, and the host under which it was reached, where the settings name none."""


class ReadyPages:
    """ASGI middleware inside what tells of requests, and outside all others."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app
        self._made_for: tuple[object, ...] = ()
        self._answers: dict[_Key, _Ready | None] = {}
        """None where there is nothing to show, as before anything is published."""
        self._making: dict[_Key, asyncio.Task[None]] = {}
        self._looking: asyncio.Task[None] | None = None
        self._patient_until = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let it be answered."""
        asked = _asked(scope)
        found = None if asked is None else await self._ready(scope, asked)
        if asked is None or found is None:
            await self.app(scope, receive, send)
            return
        scope[ROUTE] = found.route
        is_unchanged = b"if-none-match" in asked and is_known(found.tag, asked[b"if-none-match"].decode("latin-1"))
        status, headers = (304, found.unchanged) if is_unchanged else (200, found.headers)
        body = b"" if is_unchanged or scope["method"] == "HEAD" else found.body
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _ready(self, scope: Scope, asked: dict[bytes, bytes]) -> _Ready | None:
        site: Site = scope["app"].state.site
        said = asked.get(b"host", b"").decode("latin-1").lower()
        host = host_named(said)
        if site.is_demo or not (host in LOCAL_NAMES or host in site.settings.allowed_hosts):
            return None
        reached = "" if site.settings.has_address else said
        if reached and reached not in {host, f"{host}:{(scope.get('server') or (None, None))[1]}"}:
            return None
        look = await self._newest(site)
        if look is None:
            return None
        states = look.own.appeal_states(site.today) if look.own and look.own.appeals else ()
        if scope["path"] not in ADDRESSES and scope["path"] not in dict(states):
            return None
        made_for = (
            states,
            *(site.published, look.figures and look.figures.digest, look.own),
            *(site.organisation, site.settings.home),
        )
        if made_for != self._made_for:
            self._made_for, self._answers, self._making = made_for, {}, {}
        answers, key = self._answers, (scope["path"], _language(asked), scope["scheme"] == "https", reached)
        if key not in answers:
            task = _going_on(self._making.get(key)) or asyncio.create_task(self._make(scope["app"], key, answers))
            self._making[key] = task
            await asyncio.wait({task})
        return answers.get(key)

    async def _newest(self, site: Site) -> Look | None:
        """Return what is published, None where nobody could say; a database that hangs is not waited for."""
        for _ in range(2):  # a look that began before this program wrote is followed by another one
            look = site.published.last(site.engine)
            if look is not None and is_fresh(look):
                return look
            task = _going_on(self._looking)
            if task is None:
                task = self._looking = asyncio.create_task(_looked(site))
                self._patient_until = monotonic() + _PATIENCE
            await asyncio.wait({task}, timeout=max(0, self._patient_until - monotonic()))
        return site.published.last(site.engine)

    async def _make(self, app: Any, key: _Key, answers: dict[_Key, _Ready | None]) -> None:
        """Ask the application as a stranger would; what it could not answer is asked again by the next one."""
        path, language, is_https, reached = key
        scope: Scope = {
            "type": "http",
            "app": app,
            "http_version": "1.1",
            "method": "GET",
            "scheme": "https" if is_https else "http",
            "path": path,
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", reached.encode() or b"localhost"), (b"accept-language", language.encode())],
        }
        said: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            said.append(message)

        with suppress(Exception):  # it is in the log, and who asks goes the long way
            await self.app(scope, receive, send)
            if said[0]["status"] < 500:
                answers[key] = _kept(said, scope)


async def _looked(site: Site) -> None:
    with suppress(Exception):  # who asks goes the long way, where the same is raised
        await to_thread.run_sync(site.published.figures, site.engine, limiter=PUBLIC_THREADS)


def _going_on(task: asyncio.Task[None] | None) -> asyncio.Task[None] | None:
    """Return a task that goes on in this event loop."""
    is_ours = task is not None and not task.done() and task.get_loop() is asyncio.get_running_loop()
    return task if is_ours else None


def _asked(scope: Scope) -> dict[bytes, bytes] | None:
    """Return the headers on which an answer depends; None where it may be another one."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None
    if scope["path"] not in ADDRESSES and not scope["path"].startswith(APPEALS):
        return None
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _LOOKED_AT:
            if name in found:
                return None
            found[name] = value
    return None if b"content-length" in found or b"transfer-encoding" in found else found


def _language(asked: dict[bytes, bytes]) -> Language:
    cookies = asked.get(b"cookie", b"")
    chosen = cookie_parser(cookies.decode("latin-1")).get(COOKIE, "") if _COOKIE in cookies else ""
    return best_language(chosen, asked.get(b"accept-language", b"").decode("latin-1"))


def _kept(said: Iterable[Message], scope: Scope) -> _Ready | None:
    """Return what was answered, if it is a page for everybody."""
    start, *rest = said
    headers = dict(start["headers"])
    if start["status"] != 200 or b"set-cookie" in headers or not headers[b"cache-control"].startswith(b"public"):
        return None
    unchanged = {name: value for name, value in headers.items() if name not in {b"content-length", b"content-type"}}
    return _Ready(
        body=b"".join(each.get("body", b"") for each in rest),
        tag=headers[b"etag"].decode("latin-1"),
        headers=tuple(headers.items()),
        unchanged=tuple(unchanged.items()),
        route=scope[ROUTE],
    )
