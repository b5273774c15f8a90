"""The certificates of one donor: what became of each, and for which years one can be issued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from donations.acts.certificate import (
    CertificateState,
    Issued,
    Ready,
    certificate_of,
)
from donations.acts.issuing import became, replaced_by
from donations.core.donor import ANONYMOUS, Donor, DonorId
from donations.core.language import Language
from donations.core.money import totals
from donations.ledger.retention import RetentionState
from donations.ledger.returned import DonorPart, counted_in
from donations.store.association import Presence
from donations.store.donors import people
from donations.store.donors.names import names_right
from donations.store.donors.restricted import state_of
from donations.store.giving.donor_giving import parts_of
from donations.store.organisation import paper_settings
from donations.store.papers import (
    certificate_numbered,
    certificates_for,
    certificates_replacing,
    languages_asked_for,
    months_not_closed,
)
from donations.store.session import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDonor:
    """Certificates of one donor."""

    issued: tuple[Issued, ...]
    """The newest first."""
    ready: tuple[tuple[int, Ready], ...]
    """Years for which one can be issued now; the newest first."""


def certificates_of_donor(session: ReadSession, donor: Donor, *, today: date) -> OfDonor:
    """Return a standing donor's certificates on this day (Europe/Tallinn)."""
    parts = _parts_by_year(session, donor.id)
    issued = _issued_to(session, donor.id, parts)
    sums = {year: totals(own) for year, own in parts.items()}
    settled = {each.certificate.kept.year for each in issued if each.state is CertificateState.STANDS}
    language = languages_asked_for(session).get(donor.id, Language.ESTONIAN)
    thanks = paper_settings(session, Presence).thanks
    void = [each.certificate for each in issued if each.state is CertificateState.VOID]
    may_have = donor.id != ANONYMOUS and donor.name.strip() and state_of(session, donor.id) is RetentionState.NAMED
    return OfDonor(
        issued=tuple(reversed(issued)),
        ready=tuple(
            (
                year,
                Ready(
                    donor=donor.id,
                    name=donor.name,
                    sums=sums[year],
                    language=language,
                    thanks=thanks.read(language),
                    replaces=tuple(each.number for each in void if each.kept.year == year),
                ),
            )
            for year in sorted(sums, reverse=True)
            if may_have
            and year < today.year
            and year not in settled
            and any(minor > 0 for _, minor in sums[year])
            and next(months_not_closed(session, year), None) is None
        ),
    )


def find_certificate(session: ReadSession, year: int, number: int) -> Issued | None:
    """Return a certificate by its number, and what has become of it."""
    kept = certificate_numbered(session, year, number)
    if kept is None:
        return None
    donor = people.donors(session, [kept.donor])[kept.donor].id
    found = _issued_to(session, donor, _parts_by_year(session, donor))
    return next(each for each in found if (each.certificate.kept.year, each.certificate.kept.number) == (year, number))


def _parts_by_year(session: ReadSession, donor: DonorId) -> dict[int, list[DonorPart]]:
    parts = parts_of(session, [donor])
    return {year: counted_in(year, parts) for year in {part.day.year for part in parts}}


def _issued_to(session: ReadSession, donor: DonorId, parts: Mapping[int, Sequence[DonorPart]]) -> list[Issued]:
    names = names_right(session, {donor})
    kept = [certificate_of(each) for each in certificates_for(session, donor)]
    found: list[Issued] = []
    for year in sorted({each.kept.year for each in kept}):
        found += became(
            [each for each in kept if each.kept.year == year],
            standing={each.kept.donor: donor for each in kept},
            replaced=replaced_by(map(certificate_of, certificates_replacing(session, year))),
            now={donor: parts.get(year, ())},
            names=names,
        )
    return found
