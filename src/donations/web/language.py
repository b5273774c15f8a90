"""The language of a request: chosen by the reader, else by the browser, else Estonian; and the catalogues."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO

from babel import Locale, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from donations.assets import directory
from donations.core.language import Language

COOKIE = "language"
_current: ContextVar[Language] = ContextVar("language", default=Language.ENGLISH)
"""Set for each request; pages are rendered in the request's own context."""


class Languages:
    """ASGI middleware that settles the language before anything is said."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request in its language."""
        if scope["type"] == "http":
            _current.set(language_wanted(Request(scope)))
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


def current_language() -> Language:
    """Return the language of this request."""
    return _current.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Say everything in a language meanwhile: a paper speaks its reader's, whoever asks for it."""
    before = _current.set(language)
    try:
        yield
    finally:
        _current.reset(before)


def current_locale() -> Locale:
    """Return Babel's locale of this request, for dates; English as it is written in Europe."""
    return Locale.parse("en_GB" if _current.get() is Language.ENGLISH else _current.get().value)


def gettext(message: str) -> str:
    """Translate a marked text into the language of this request."""
    return catalogue(_current.get()).gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Translate a text that depends on a count into the language of this request."""
    return catalogue(_current.get()).ngettext(one, many, count)


@cache
def catalogue(language: Language) -> NullTranslations:
    """Return the translations; the catalogues are compiled when they are first needed, so there is no build step."""
    path = directory("locales") / language / "LC_MESSAGES" / "donations.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language.value))
    compiled.seek(0)
    return Translations(fp=compiled)
