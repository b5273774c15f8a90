"""One donor's certificates: those that were issued, and the years for which one can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from donations.certificates.became import became, replaced_by
from donations.certificates.value import Issued, State, Sums, certificate_of
from donations.core.donor import ANONYMOUS, Donor, DonorId
from donations.core.money import totals
from donations.ledger.retention import State as Forgotten
from donations.ledger.returned import Part, counted_in
from donations.store.donors import people
from donations.store.donors.names import names_right
from donations.store.donors.restricted import state_of
from donations.store.giving.donor_giving import parts_of
from donations.store.papers.certificates import (
    certificate_numbered,
    certificates_for,
    certificates_replacing,
    months_not_closed,
)
from donations.store.session import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDonor:
    """Certificates of one donor."""

    issued: tuple[Issued, ...]
    """The newest first."""
    ready: tuple[tuple[int, Sums], ...]
    """Years for which one can be issued now, with what it would say; the newest first."""


def certificates_of_donor(session: ReadSession, donor: Donor, *, today: date) -> OfDonor:
    """Return a standing donor's certificates on this day (Europe/Tallinn)."""
    parts = _parts_by_year(session, donor.id)
    issued = _issued(session, donor.id, parts)
    sums = {year: totals(own) for year, own in parts.items()}
    settled = {each.certificate.kept.year for each in issued if each.state is State.STANDS}
    may_have = donor.id != ANONYMOUS and donor.name.strip() and state_of(session, donor.id) is Forgotten.NAMED
    return OfDonor(
        issued=tuple(reversed(issued)),
        ready=tuple(
            (year, sums[year])
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
    found = _issued(session, donor, _parts_by_year(session, donor))
    return next(each for each in found if (each.certificate.kept.year, each.certificate.kept.number) == (year, number))


def _parts_by_year(session: ReadSession, donor: DonorId) -> dict[int, list[Part]]:
    parts = parts_of(session, [donor])
    return {year: counted_in(year, parts) for year in {part.day.year for part in parts}}


def _issued(session: ReadSession, donor: DonorId, parts: Mapping[int, Sequence[Part]]) -> list[Issued]:
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
