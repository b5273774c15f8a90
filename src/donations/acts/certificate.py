"""What a certificate is: what a donor gave in a year, frozen under a number and a digest, and what may become of it.

Other reports count a refund on the day it was booked. Where it returned a gift of an earlier year, the sums of a year
and theirs differ by what is told beside the sums, to the cent.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from donations.core.calendar import Month, Period
from donations.core.donor import DonorId
from donations.core.language import N_, Language
from donations.core.money import Currency, Minor, totals
from donations.ledger.returned import DonorPart, counted_in, returns
from donations.store.given import GiftScope
from donations.store.giving.donor_giving import parts_of, refunded_donors, returned_refunds
from donations.store.giving.givers import YearSum, year_sums
from donations.store.organisation import Letterhead
from donations.store.papers import GivenPart, KeptCertificate
from donations.store.session import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorYear:
    """What a standing donor gave in the year in one currency; None are refunds of which nobody said whose."""

    donor: DonorId | None
    name: str
    currency: Currency
    minor: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingOfYear:
    """A calendar year, by name; and what lies between it and the sums by day of booking."""

    given: tuple[DonorYear, ...]
    returned_later: Counter[Currency]
    """Of the year's gifts, in later years."""
    returned_of_before: Counter[Currency]
    """In the year, of gifts of earlier years."""


def giving_of_year(session: ReadSession, year: int) -> GivingOfYear:
    """Return what was given in a year, as the books are now."""
    days = Period.of(year=year)
    booked = year_sums(session, GiftScope(first_day=days.first_day, last_day=days.last_day))
    refunded = refunded_donors(session, since=year).intersection({each.donor_id for each in booked})
    back: Counter[tuple[DonorId, Currency]] = Counter()
    later, before = Counter[Currency](), Counter[Currency]()
    again: Counter[tuple[DonorId | None, Currency]] = Counter()
    for came in returned_refunds(session, year=year):
        is_back, is_refunded = came.day.year == year, came.refund_day.year == year
        again[came.donor, came.currency] += came.minor * is_back
        before[came.currency] += came.minor * (is_refunded - is_back)
    for each in returns(parts_of(session, refunded)):
        refund = each.refund
        if each.year == year:
            back[refund.donor, refund.currency] += each.minor
        if each.year == year < refund.day.year:
            later[refund.currency] += each.minor
        elif each.year < year == refund.day.year:
            before[refund.currency] += each.minor

    def given(each: YearSum) -> DonorYear:
        returned = back[each.donor_id, each.currency] if each.donor_id in refunded else each.refunded
        minor = each.given - again[each.donor_id, each.currency] - returned
        return DonorYear(donor=each.donor_id, name=each.name, currency=each.currency, minor=minor)

    return GivingOfYear(
        # Who gave nothing in the year and only got gifts of earlier years back is no giver of it.
        given=tuple(
            found for each in booked if (found := given(each)).minor or each.given > again[each.donor_id, each.currency]
        ),
        returned_later=later,
        returned_of_before=before,
    )


def counted_parts_of_year(
    session: ReadSession, year: int, donors: Collection[DonorId]
) -> dict[DonorId, list[DonorPart]]:
    """Return of each of these standing donors which gifts of a year count, and what lessens them, by day."""
    refunded = refunded_donors(session, since=year).intersection(donors)
    parts = parts_of(session, refunded) + parts_of(session, set(donors) - refunded, year=year)
    found: defaultdict[DonorId, list[DonorPart]] = defaultdict(list)
    for part in counted_in(year, parts):
        found[part.donor].append(part)
    return dict(found)


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
    """As much as was given, or more, was paid back."""


WHY_NONE = {
    NoCertificateReason.ANONYMOUS: N_("many people whom nobody knows"),
    NoCertificateReason.NAME_MISSING: N_("the name is missing"),
    NoCertificateReason.RESTRICTED: N_("asked to be forgotten"),
    NoCertificateReason.NOTHING_LEFT: N_("as much as was given, or more, was paid back"),
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
    thanks: str
    """What the association says to its donors, in this language; empty where it says nothing."""
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
