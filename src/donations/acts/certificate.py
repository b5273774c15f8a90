"""What a certificate is: figures frozen under a number and a digest, and what may become of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from donations.core.calendar import Month
from donations.core.donor import DonorId
from donations.core.language import N_, Language
from donations.core.money import Currency, Minor, totals
from donations.store.papers.certificates import GivenPart, KeptCertificate
from donations.store.papers.paper_settings import Letterhead

Sums = tuple[tuple[Currency, Minor], ...]
"""By currency, in order; refunds taken off."""


class CertificateState(StrEnum):
    """What has become of a certificate."""

    STANDS = "stands"
    VOID = "void"
    """The books say something else now."""
    REPLACED = "replaced"
    """A new one was issued for it."""


class NoCertificateReason(StrEnum):
    """Why a donor cannot get one."""

    ANONYMOUS = "anonymous"
    NAME_MISSING = "name_missing"
    RESTRICTED = "restricted"
    """Asked to be forgotten: there is no name to write on it."""
    NOTHING_LEFT = "nothing_left"
    """As much was paid back as was given."""


WHY_NONE = {
    NoCertificateReason.ANONYMOUS: N_("many people whom nobody knows"),
    NoCertificateReason.NAME_MISSING: N_("the name is missing"),
    NoCertificateReason.RESTRICTED: N_("asked to be forgotten"),
    NoCertificateReason.NOTHING_LEFT: N_("as much was paid back as was given"),
}


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
        return totals(self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A certificate and what has become of it."""

    certificate: Certificate
    state: CertificateState
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
    why: NoCertificateReason


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
        issuer=_issuer(tuple(found["issuer"].items())),
        parts=tuple(
            GivenPart(date.fromisoformat(day), minor, Currency(currency), appeal)
            for day, minor, currency, appeal in found["parts"]
        ),
        replaces=tuple(found["replaces"]),
    )


@lru_cache(maxsize=16)
def _issuer(said: tuple[tuple[str, str], ...]) -> Letterhead:
    """Thousands are issued under one letterhead, and checking it costs more than all else of a certificate."""
    return Letterhead.model_validate(dict(said))
