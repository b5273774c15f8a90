"""The language of a request: chosen by the reader, else by the browser, else Estonian."""

from __future__ import annotations

from babel import negotiate_locale
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from donations.core.language import Language
from donations.views.language import speak

COOKIE = "language"


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
    chosen = request.cookies.get(COOKIE, "")
    if chosen in set(Language):
        return Language(chosen)
    found = negotiate_locale(_accepted(request.headers.get("accept-language", "")), list(Language), sep="-")
    return Language(found or Language.ESTONIAN)


def _accepted(header: str) -> list[str]:
    """Return the languages of an Accept-Language header, the best first (RFC 9110 § 12.5.4)."""
    weighed: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        tag, _, weight = part.partition(";q=")
        try:
            weighed.append((-float(weight or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighed, key=lambda pair: pair[0]) if weight < 0]
