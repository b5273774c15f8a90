"""Who may ask and how much, decided before a byte of the body is read.

The name in `Host` is checked, for a page elsewhere can let its own name point here (DNS rebinding). Changes come
from our own pages only: the browser says so, and the form brings the token that was made for it. Who asks is known by
the session in the cookie, and each route says what it needs. In the demonstration nobody signs in, so it answers to
whoever sits at this computer and to nobody else: a proxy would make strangers look local.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from donations.access.secret import is_form_token, is_secret
from donations.access.session import live_session
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode, RequestCode
from donations.settings import Settings
from donations.store.association import LOGO_BYTES_MAX
from donations.store.log.audit import let_act
from donations.store.session import reading
from donations.store.users import touch
from donations.web.access import (
    ASKED,
    DEMO,
    NOBODY,
    SAFE_METHODS,
    VISITOR,
    Declared,
    Visitor,
    visitor_of,
    visitor_signed_in,
)
from donations.web.api.problems import is_api
from donations.web.browser import LOCAL_NAMES, cookie_secret, host_name, is_local
from donations.web.forms import fields_sent, token_sent
from donations.web.headers import PRIVATE_PATH, is_public
from donations.web.sign_in.proof import AGAIN_PATH
from donations.web.site import Site, site_of
from donations.web.traffic import ROUTE

FORM_BYTES_MAX = 64 * 1024
_FILE_PATHS = frozenset({f"{PRIVATE_PATH}/upload", "/api/v1/imports"})
_LOGO_PATH = f"{PRIVATE_PATH}/association/logo"
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
    if path == _LOGO_PATH:
        return LOGO_BYTES_MAX + _MULTIPART_OVERHEAD
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


_TOUCHED_AFTER = 60
"""Seconds: writing at every page would cost more than the page."""


class SignInNeededError(Exception):
    """The page is not for strangers, and nobody has signed in."""


class StepNeededError(Exception):
    """The person has to add a second step to the account before anything else."""


class ProofNeededError(Exception):
    """The person has to prove again who is there, and then goes on from here."""

    def __init__(self, fields: Sequence[tuple[str, str]] | None = None) -> None:
        """Take what the form brought, so that it is not lost; None where only a page was asked for."""
        self.fields = fields
        super().__init__()


class Guard:
    """ASGI middleware that lets nothing through that may not ask: it raises `Refusal`, or what is needed first."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it unread."""
        if scope["type"] == "http":
            receive = await _admitted(Request(scope), receive)
        await self.app(scope, receive, send)


async def _admitted(request: Request, receive: Receive) -> Receive:
    """Return what the body may be received from; raises where the request is refused."""
    site = site_of(request)
    bytes_max = body_bytes_max(request.scope["path"], site.settings)
    route = site.routes.asked(method=request.method, path=request.scope["path"])
    request.scope[ROUTE] = route
    is_for_programs = is_api(request.scope["path"]) if route is None else route.is_for_programs
    _check_host(request, site)
    if not is_for_programs:
        _check_source(request)
    _check_length(request, bytes_max)
    receive = counted(paced(receive, pace=PACE), bytes_max)
    request.scope[ASKED] = None if route is None else route.permission
    if is_for_programs:
        return receive
    await _check_visitor(request, site, route)
    is_stale = route is not None and route.fresh and not visitor_of(request).is_fresh
    if request.method in SAFE_METHODS or (route is not None and not route.form_token):
        if is_stale:
            raise ProofNeededError
        return receive
    token, again = await token_sent(request, receive)
    if not is_form_token(token, cookie_secret(request)):
        raise Refusal(RequestCode.CSRF_FAILED)
    if is_stale:
        raise ProofNeededError(await fields_sent(again))
    return again


def _check_host(request: Request, site: Site) -> None:
    name = host_name(request)
    is_ours = name in LOCAL_NAMES or (name in site.settings.allowed_hosts and not site.is_demo)
    if not is_ours or (site.is_demo and not is_local(request)):
        raise Refusal(RequestCode.BAD_HOST)


def _check_source(request: Request) -> None:
    """Browsers name the relation of the sites; older ones only the origin. Without either nobody vouches for it."""
    if request.method in SAFE_METHODS:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        is_ours = site in {"same-origin", "none"}
    else:
        is_ours = origin is not None and origin.partition("://")[2] == request.headers.get("host")
    if not is_ours:
        raise Refusal(RequestCode.CSRF_FAILED)


def _check_length(request: Request, bytes_max: int) -> None:
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise Refusal(RequestCode.BAD_UPLOAD)
    if int(length) > bytes_max:
        raise Refusal(RequestCode.FILE_TOO_LARGE)


async def _check_visitor(request: Request, site: Site, route: Declared | None) -> None:
    """Find out who asks, and whether they may; public pages do not even look, so they are the same for everyone."""
    if site.is_demo:
        visitor = DEMO
    elif is_public(request.scope["path"]) or not is_secret(secret := cookie_secret(request)):
        visitor = NOBODY
    else:
        visitor = await run_in_threadpool(_visitor, secret, site)
    request.scope[VISITOR] = visitor
    let_act(visitor.name, at=site.clock())
    if route is None or visitor.may(route.permission):
        return
    if visitor.owes_second_step:
        raise StepNeededError
    if visitor.is_at_home:
        raise Refusal(AccessCode.NOT_ALLOWED)
    raise SignInNeededError


def _visitor(secret: str, site: Site) -> Visitor:
    now = site.clock()
    with reading(site.engine) as session:
        found = live_session(session, secret, now=now, lifetime=site.lifetime)
    if found is None or not found.is_complete:
        return NOBODY
    if (now - found.seen_at).total_seconds() >= _TOUCHED_AFTER:
        touch(site.engine, found.digest, now=now)
    return visitor_signed_in(found)
