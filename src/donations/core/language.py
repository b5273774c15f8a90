"""The languages that people read, and the mark on texts that are translated."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language of the pages, by its ISO 639-1 code; the default comes first."""

    ESTONIAN = "et"
    ENGLISH = "en"
    RUSSIAN = "ru"


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's tools look for
    """Mark a text for the catalogues where it is written; it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of rules that know no reader yet: `english` is marked for translation, `values` fill its places."""

    english: str
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, english: str, **values: object) -> Sentence:
        """Return the sentence; what fills its places is written as it is in every language."""
        return cls(english, tuple((name, str(value)) for name, value in values.items()))

    def __str__(self) -> str:
        """Say it in English."""
        return self.english.format(**dict(self.values)) if self.values else self.english
