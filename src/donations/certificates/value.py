"""What a certificate is: figures frozen under a number and a digest, and what may become of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from donations.core.donor import DonorId
from donations.core.language import Language
from donations.core.money import Currency, Minor
from donations.core.month import Month
from donations.store.papers.certificates import GivenPart, KeptCertificate
from donations.store.papers.paper_settings import Letterhead

Sums = tuple[tuple[Currency, Minor], ...]
"""By currency, in order; refunds taken off."""


class State(StrEnum):
    """What has become of a certificate."""

    STANDS = "stands"
    VOID = "void"
    """The books say something else now."""
    REPLACED = "replaced"
    """A new one was issued for it."""


class Why(StrEnum):
    """Why a donor cannot get one."""

    ANONYMOUS = "anonymous"
    NAME_MISSING = "name_missing"
    NOTHING_LEFT = "nothing_left"
    """As much was paid back as was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One that was issued; everything on it is as it was then."""

    kept: KeptCertificate
    language: Language
    issuer: Letterhead
    parts: tuple[GivenPart, ...]
    replaces: tuple[str, ...]
    """The numbers of those that it stands for."""

    @property
    def number(self) -> str:
        """The number as it is written: `2026-0001`."""
        return self.kept.written_number

    @property
    def sums(self) -> Sums:
        """What was given."""
        return _sums(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A certificate and what has become of it."""

    certificate: Certificate
    state: State
    donor: DonorId
    """Who stands for the donor now."""
    now: Sums
    """What the books say now."""
    replaced_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A donor who can get one."""

    donor: DonorId
    name: str
    sums: Sums
    language: Language
    replaces: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotGet:
    """A donor who cannot."""

    donor: DonorId
    name: str
    sums: Sums
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfCertificates:
    """What there is to issue for a year, and what was issued."""

    year: int
    is_over: bool
    open_months: tuple[Month, ...]
    """Those with payments that are not closed: their gifts may still change."""
    ready: tuple[Ready, ...]
    cannot: tuple[CannotGet, ...]
    issued: tuple[Issued, ...]

    @property
    def may_issue(self) -> bool:
        """Whether the figures of the year are final enough to be certified."""
        return self.is_over and not self.open_months


def certificate_of(kept: KeptCertificate) -> Certificate:
    """Return the certificate that is kept."""
    found = json.loads(kept.figures)
    return Certificate(
        kept=kept,
        language=Language(found["language"]),
        issuer=Letterhead.model_validate(found["issuer"]),
        parts=tuple(
            GivenPart(date.fromisoformat(day), minor, Currency(currency), appeal)
            for day, minor, currency, appeal in found["parts"]
        ),
        replaces=tuple(found["replaces"]),
    )


def _sums(parts: Sequence[GivenPart]) -> Sums:
    sums: Counter[Currency] = Counter()
    for part in parts:
        sums[part.currency] += part.minor
    return tuple(sorted(sums.items()))
