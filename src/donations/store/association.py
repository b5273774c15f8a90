"""What the association shows of itself: how to reach it, its logo and colour, its words, and its names in languages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlmodel import col, select

from donations.core.language import Language
from donations.core.picture import PictureKind
from donations.store.organisation import PaperSettings
from donations.store.session import ReadSession, WriteSession
from donations.store.tables import ActiveFileRow, StatementRow
from donations.store.tables.association import LogoRow, NameInLanguageRow

WORDS_MAX, THANKS_MAX = 1_200, 300
LOGO_BYTES_MAX = 200_000
WebAddress = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^(https?://[^\s\x00-\x1f\x7f\"<>]+)?$")
]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=r"^[+0-9 ()-]*$")]
OwnColour = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^(#[0-9a-fA-F]{6})?$")]
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=WORDS_MAX, pattern=r"^[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f]*$")
]


class InLanguages(BaseModel):
    """A text in each language; what is empty is read in Estonian."""

    model_config = ConfigDict(frozen=True)
    et: Words = ""
    en: Words = ""
    ru: Words = ""

    def read(self, language: Language) -> str:
        """Return what somebody reads who reads this language; of the others the first that there is."""
        text: str = getattr(self, self.spoken(language).value)
        return text

    def spoken(self, language: Language) -> Language:
        """Return the language of what somebody reads who reads this one."""
        return next((each for each in (language, *Language) if getattr(self, each.value)), language)

    @property
    def all(self) -> tuple[str, ...]:
        """Every text."""
        return self.et, self.en, self.ru


class Presence(PaperSettings):
    """What it shows besides its name and its contact."""

    name: ClassVar[str] = "presence"
    phone: Phone = ""
    web: WebAddress = ""
    statutes: WebAddress = ""
    board: WebAddress = ""
    colour: OwnColour = ""
    """As `#rrggbb`; empty: that of the program."""
    logo: str = ""
    """SHA-256 of the logo that counts; empty: none."""
    about: InLanguages = InLanguages()
    """Who we are."""
    deeds: InLanguages = InLanguages()
    """What the money does."""
    thanks: InLanguages = InLanguages()
    """A sentence on certificates."""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that people read as sentences."""
        return *self.about.all, *self.deeds.all, *self.thanks.all


class Logo(BaseModel):
    """A logo."""

    model_config = ConfigDict(frozen=True)
    sha256: str
    kind: PictureKind
    content: bytes


def logo_of(content: bytes, kind: PictureKind) -> Logo:
    """Return a picture as a logo."""
    return Logo(sha256=hashlib.sha256(content).hexdigest(), kind=kind, content=content)


def logo(session: ReadSession, sha256: str) -> Logo | None:
    """Return a logo that was ever kept."""
    row = session.get(LogoRow, sha256) if sha256 else None
    return None if row is None else Logo(sha256=row.sha256, kind=PictureKind(row.media_type), content=row.content)


def keep_logo(session: WriteSession, kept: Logo, *, by: str, at: datetime) -> None:
    """Keep a logo; one that is kept already stays."""
    if session.get(LogoRow, kept.sha256) is None:
        at = at.astimezone(UTC)
        session.add(
            LogoRow(sha256=kept.sha256, media_type=kept.kind.value, content=kept.content, kept_by=by, kept_at=at)
        )
        session.flush()


NamesInLanguages = Mapping[str, Mapping[Language, str]]
"""How own names are called, by the name as it is; what is missing is called by its name."""


def names_in_languages(session: ReadSession) -> NamesInLanguages:
    """Return all of them."""
    found: dict[str, dict[Language, str]] = {}
    for row in session.exec(select(NameInLanguageRow).order_by(col(NameInLanguageRow.name))):
        if row.said:
            found.setdefault(row.name, {})[Language(row.language)] = row.said
    return found


def called_in(names: NamesInLanguages, name: str, language: Language) -> str:
    """Return what a name is for who reads this language."""
    return names.get(name, {}).get(language, name)


def call_in_languages(session: WriteSession, name: str, said: Mapping[Language, str], *, by: str, at: datetime) -> None:
    """Let a name be called so; an empty word takes back what was said. What does not change is not written."""
    for language, word in said.items():
        row = session.get(NameInLanguageRow, (name, language.value))
        if word != ("" if row is None else row.said):
            session.merge(
                NameInLanguageRow(name=name, language=language.value, said=word, set_by=by, set_at=at.astimezone(UTC))
            )
    session.flush()


def owners_in_statements(session: ReadSession) -> list[str]:
    """Return who owns the own accounts as active statements write it, each spelling once."""
    query = (
        select(col(StatementRow.owner))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .where(col(StatementRow.owner) != "")
        .distinct()
    )
    return sorted(session.scalars(query))
