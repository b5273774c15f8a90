"""The language of a request: chosen by the reader, else by the browser, else Estonian."""

from __future__ import annotations

from functools import lru_cache

from babel import negotiate_locale
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from donations.core.language import Language
from donations.views.language import speak

COOKIE = "language"
_KNOWN = frozenset(Language)


class Languages:
    """ASGI middleware that settles the language before anything is said."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request in its language."""
        if scope["type"] == "http":
            speak(language_wanted(Request(scope)))
        await self.app(scope, receive, send)


def language_wanted(request: Request) -> Language:
    """Return the language that the reader chose on a page, else the best of those that the browser names."""
    return best_language(request.cookies.get(COOKIE, ""), request.headers.get("accept-language", ""))


def best_language(chosen: str, accepted: str) -> Language:
    """Return the language of a cookie and an Accept-Language header."""
    return Language(chosen) if chosen in _KNOWN else _negotiated(accepted[:500])


@lru_cache(maxsize=512)
def _negotiated(header: str) -> Language:
    """Return the best language; browsers ask in few different ways."""
    return Language(negotiate_locale(_accepted(header), list(Language), sep="-") or Language.ESTONIAN)


def _accepted(header: str) -> list[str]:
    """Return the languages of an Accept-Language header, the best first (RFC 9110 § 12.5.4)."""
    weighed: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, weight = part.partition(";q=")
        try:
            weighed.append((-float(weight or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda pair: pair[0]) if weight < 0]
