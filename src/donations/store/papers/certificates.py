"""Certificates that were issued, and what the next ones are made from."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import Select, case, func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.allocation import Purpose
from donations.core.canonical import canonical
from donations.core.donor import DonorId
from donations.core.language import Language
from donations.core.money import Currency, Minor
from donations.core.month import Month
from donations.store.donors.donor_facts import ConsentKind
from donations.store.donors.standing_donor import standing_id
from donations.store.ids import in_runs, next_ids
from donations.store.months.closings import closed_months
from donations.store.payments.allocations import stands
from donations.store.session import ReadSession, WriteSession
from donations.store.tables import AllocationRow, AppealRow, AttestationRow, DonorRow, PaymentRow
from donations.store.tables.documents import CertificateNameRow, CertificateRow
from donations.store.tables.donors import DonorConsentRow


class GivenPart(NamedTuple):
    """A gift of a donor, or a refund (negative)."""

    day: date
    minor: Minor
    currency: Currency
    appeal: str
    """Empty where nobody said of a refund which appeal it is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCertificate:
    """A certificate as it is kept."""

    year: int
    number: int
    donor: DonorId
    """As it was when issued; who stands for it now may be another."""
    name: str | None
    """None where it was erased."""
    salt: str
    figures: str
    issued_by: str
    issued_at: datetime
    digest: str
    """As kept; `own_digest` is what it should be."""

    @property
    def written_number(self) -> str:
        """The number as it is written: `2026-0001`."""
        return f"{self.year}-{self.number:04}"

    @property
    def own_digest(self) -> str:
        """SHA-256 over number, figures and the salted name; of one whose name was erased it cannot be told."""
        name = hashlib.sha256(f"{self.salt}{self.name}".encode()).hexdigest()
        return hashlib.sha256(canonical([self.written_number, self.figures, name]).encode()).hexdigest()


def parts_given(
    session: ReadSession, donors: Collection[DonorId], *, first_day: date, last_day: date
) -> dict[DonorId, list[GivenPart]]:
    """Return gifts and refunds of these standing donors booked on these days, in the order of their days."""
    is_gift = col(AllocationRow.purpose) == Purpose.GIFT.value
    found: defaultdict[DonorId, list[GivenPart]] = defaultdict(list)
    for run in in_runs(sorted(donors)):
        query = (
            sql_select(
                standing_id(),
                col(PaymentRow.booked_on),
                case((is_gift, col(AllocationRow.minor)), else_=-col(AllocationRow.minor)),
                col(AllocationRow.currency),
                func.coalesce(col(AppealRow.name), ""),
            )
            .select_from(AllocationRow)
            .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
            .join(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
            .outerjoin(AppealRow, col(AppealRow.id) == col(AllocationRow.appeal_id))
            .where(col(AllocationRow.purpose).in_((Purpose.GIFT.value, Purpose.REFUND.value)), stands())
            .where(col(PaymentRow.booked_on).between(first_day, last_day), standing_id().in_(run))
            .order_by(col(PaymentRow.booked_on), col(AllocationRow.id))
        )
        for donor, day, minor, currency, appeal in session.execute(query):
            found[DonorId(donor)].append(GivenPart(day, int(minor), Currency(currency), appeal))
    return dict(found)


def languages_wished(session: ReadSession) -> dict[DonorId, Language]:
    """Return the language of standing donors who said in which they want their certificates."""
    query = (
        sql_select(standing_id(), col(DonorConsentRow.value))
        .join(DonorRow, col(DonorRow.id) == col(DonorConsentRow.donor_id))
        .where(col(DonorConsentRow.kind) == ConsentKind.CERTIFICATE_LANGUAGE.value)
        .order_by(col(DonorConsentRow.given_on), col(DonorConsentRow.id))
    )
    return {DonorId(donor): Language(value) for donor, value in session.execute(query) if value in set(Language)}


def months_not_closed(session: ReadSession, year: int) -> list[Month]:
    """Return the months of a year that have payments and are not closed."""
    closed = set(closed_months(session))
    found = []
    for number in range(1, 13):
        month = Month(year, number)
        attested = (
            select(PaymentRow.id)
            .join(AttestationRow, col(AttestationRow.payment_id) == col(PaymentRow.id))
            .where(col(PaymentRow.booked_on).between(month.first_day, month.last_day))
            .limit(1)
        )
        if month not in closed and session.exec(attested).first() is not None:
            found.append(month)
    return found


def certificates_of(session: ReadSession, year: int | None = None) -> list[KeptCertificate]:
    """Return all certificates of a year, or of all, in the order of their numbers."""
    return _kept(session, _query() if year is None else _query().where(col(CertificateRow.year) == year))


def certificate_numbered(session: ReadSession, year: int, number: int) -> KeptCertificate | None:
    """Return a certificate by its number."""
    query = _query().where(col(CertificateRow.year) == year, col(CertificateRow.number) == number)
    return next(iter(_kept(session, query)), None)


def _query() -> Select[CertificateRow, CertificateNameRow | None]:
    return (
        sql_select(CertificateRow, CertificateNameRow)
        .outerjoin(CertificateNameRow, col(CertificateNameRow.certificate_id) == col(CertificateRow.id))
        .order_by(col(CertificateRow.year), col(CertificateRow.number))
    )


def _kept(session: ReadSession, query: Select[CertificateRow, CertificateNameRow | None]) -> list[KeptCertificate]:
    return [
        KeptCertificate(
            year=row.year,
            number=row.number,
            donor=DonorId(row.donor_id),
            name=None if named is None else named.name,
            salt="" if named is None else named.salt,
            figures=row.figures,
            issued_by=row.issued_by,
            issued_at=row.issued_at,
            digest=row.digest,
        )
        for row, named in session.execute(query)
    ]


def last_number(session: ReadSession, year: int) -> int:
    """Return the highest number of a year; 0 before the first."""
    return session.scalar(select(func.max(CertificateRow.number)).where(CertificateRow.year == year)) or 0


def add_certificates(session: WriteSession, issued: Sequence[KeptCertificate]) -> None:
    """Append certificates."""
    for each, number in zip(issued, next_ids(session, CertificateRow), strict=False):
        session.add(
            CertificateRow(
                id=number,
                year=each.year,
                number=each.number,
                donor_id=each.donor,
                figures=each.figures,
                issued_by=each.issued_by,
                issued_at=each.issued_at.astimezone(UTC),
                digest=each.digest,
            )
        )
        session.flush()
        session.add(CertificateNameRow(certificate_id=number, name=each.name or "", salt=each.salt))
    session.flush()
