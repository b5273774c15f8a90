"""Who may ask and how much, decided before a byte of the body is read.

Changes come from our own pages only. There are no accounts yet, so the treasurer's pages answer on the loopback
interface only. The name in `Host` is checked too, for a page elsewhere can let its own name point here (DNS
rebinding), and forwarded requests are refused, for a proxy makes strangers look local.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from donations.web.body_limits import body_bytes_max, counted
from donations.web.failures import FAILURES, FailureCode
from donations.web.headers import is_private
from donations.web.pages import failure_page, site_of

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class Guard:
    """ASGI middleware that answers for the application where nobody may ask."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it unread."""
        if scope["type"] == "http":
            request = Request(scope)
            bytes_max = body_bytes_max(scope["path"], site_of(request).settings)
            code = _refusal(request, bytes_max)
            if code is not None:
                await failure_page(request, FAILURES[code])(scope, receive, send)
                return
            receive = counted(receive, bytes_max)
        await self.app(scope, receive, send)


def _refusal(request: Request, bytes_max: int) -> FailureCode | None:
    if is_private(request.scope["path"]) and not _is_local(request):
        return FailureCode.BAD_HOST
    if request.method not in _SAFE_METHODS and not _is_from_own_page(request):
        return FailureCode.CSRF_FAILED
    length = request.headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        return FailureCode.BAD_UPLOAD
    if int(length) > bytes_max:
        return FailureCode.FILE_TOO_LARGE
    return None


def _is_local(request: Request) -> bool:
    if any(name in request.headers for name in _FORWARDED):
        return False
    client = request.client
    return client is not None and _is_loopback(client.host) and _host_name(request) in _LOCAL_NAMES


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _host_name(request: Request) -> str | None:
    try:
        return urlsplit(f"//{request.headers.get('host', '')}").hostname
    except ValueError:
        return None


def _is_from_own_page(request: Request) -> bool:
    """Browsers name the relation of the sites; older ones only the origin. Without either nobody vouches for it."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")
