"""The language in which things are told now, and the catalogues of translations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from typing import TYPE_CHECKING

from donations.assets import directory
from donations.core.language import Language

if TYPE_CHECKING:
    from babel import Locale

_current: ContextVar[Language] = ContextVar("language", default=Language.ENGLISH)
"""Set for each request, and once for a command."""


def current_language() -> Language:
    """Return the language of who reads."""
    return _current.get()


def speak(language: Language) -> None:
    """Say everything in a language from now on: for the rest of a request, or of a command."""
    _current.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Say everything in a language meanwhile: a paper speaks its reader's, whoever asks for it."""
    before = _current.set(language)
    try:
        yield
    finally:
        _current.reset(before)


def current_locale() -> Locale:
    """Return Babel's locale of who reads, for dates; English as it is written in Europe."""
    from babel import Locale  # noqa: PLC0415 - the help of the terminal needs none, and is to come at once

    return Locale.parse("en_GB" if _current.get() is Language.ENGLISH else _current.get().value)


def gettext(message: str) -> str:
    """Translate a marked text into the language of who reads."""
    return catalogue(_current.get()).gettext(message) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Translate a text that depends on a count into the language of who reads."""
    return catalogue(_current.get()).ngettext(one, many, count)


@cache
def catalogue(language: Language) -> NullTranslations:
    """Return the translations; the catalogues are compiled when they are first needed, so there is no build step."""
    if language is Language.ENGLISH:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - as above
    from babel.messages.pofile import read_po  # noqa: PLC0415

    compiled = BytesIO()
    with (directory("locales") / language / "LC_MESSAGES" / "donations.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=language.value))
    compiled.seek(0)
    return GNUTranslations(compiled)
