"""The languages that people read, and the mark on texts that are translated."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """A language of the pages, by its ISO 639-1 code; the default comes first."""

    ESTONIAN = "et"
    ENGLISH = "en"
    RUSSIAN = "ru"


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark a text for the catalogues where it is written; it is translated where it is shown."""
    return message
