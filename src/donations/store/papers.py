"""Papers that were given out: certificates, lists for the tax board, and what the next ones are made from."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, literal
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.calendar import Month
from donations.core.canonical import canonical
from donations.core.donor import DonorId
from donations.core.language import Language
from donations.core.money import Currency, Minor
from donations.core.name_order import name_order
from donations.core.person_code import CheckedCode, UnverifiedCode, parse_code
from donations.store.appending import append
from donations.store.donors.donor_facts import ConsentKind
from donations.store.donors.restricted import names_kept, restricted_ids
from donations.store.donors.surviving import donors_behind, surviving_id
from donations.store.given import gifts, with_lines
from donations.store.line_texts import line_texts
from donations.store.months import closed_months, has_payments_in
from donations.store.session import ReadSession, WriteSession, as_reader, next_ids
from donations.store.tables import DonorClaimRow, DonorRow
from donations.store.tables.books import UNFINDABLE
from donations.store.tables.documents import CertificateNameRow, CertificateRow, TaxListLineRow, TaxListRow
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


def languages_asked_for(session: ReadSession) -> dict[DonorId, Language]:
    """Return the language of standing donors who said in which they want their certificates."""
    query = (
        sql_select(surviving_id(), col(DonorConsentRow.value))
        .join(DonorRow, col(DonorRow.id) == col(DonorConsentRow.donor_id))
        .where(col(DonorConsentRow.kind) == ConsentKind.CERTIFICATE_LANGUAGE.value)
        .order_by(col(DonorConsentRow.given_on), col(DonorConsentRow.id))
    )
    return {DonorId(donor): Language(value) for donor, value in session.execute(query) if value in set(Language)}


def months_not_closed(session: ReadSession, year: int) -> Iterator[Month]:
    """Yield the months of a year that have payments and are not closed."""
    closed = set(closed_months(session))
    for number in range(1, 13):
        month = Month(year, number)
        if month not in closed and has_payments_in(session, month):
            yield month


def certificates_of(session: ReadSession, year: int | None = None) -> list[KeptCertificate]:
    """Return all certificates of a year, or of all, in the order of their numbers."""
    return _kept(session, _query() if year is None else _query().where(col(CertificateRow.year) == year))


def certificates_for(session: ReadSession, donor: DonorId) -> list[KeptCertificate]:
    """Return the certificates of a standing donor and of those behind it, in the order of years and numbers."""
    return _kept(session, _query().where(col(CertificateRow.donor_id).in_(donors_behind(donor))))


def certificates_replacing(session: ReadSession, year: int) -> list[KeptCertificate]:
    """Return the certificates of a year that stand for others, whosever they are."""
    replaces_none = col(CertificateRow.figures).contains('"replaces":[]', autoescape=True)
    return _kept(session, _query().where(col(CertificateRow.year) == year, ~replaces_none))


def certificate_numbered(session: ReadSession, year: int, number: int) -> KeptCertificate | None:
    """Return a certificate by its number."""
    query = _query().where(col(CertificateRow.year) == year, col(CertificateRow.number) == number)
    return next(iter(_kept(session, query)), None)


def _query() -> Select[*tuple[Any, ...]]:
    """Ask for the columns of `KeptCertificate` in their order; entities cost several times as much."""
    return (
        sql_select(
            *(col(CertificateRow.year), col(CertificateRow.number), col(CertificateRow.donor_id)),
            *(col(CertificateNameRow.name), func.coalesce(col(CertificateNameRow.salt), literal("", UNFINDABLE))),
            *(col(CertificateRow.figures), col(CertificateRow.issued_by)),
            *(col(CertificateRow.issued_at), col(CertificateRow.digest)),
        )
        .select_from(CertificateRow)
        .outerjoin(
            CertificateNameRow,
            and_(
                col(CertificateNameRow.certificate_id) == col(CertificateRow.id),
                # Who turned out to be one with somebody who asked to be forgotten is out of sight.
                col(CertificateRow.donor_id).not_in(restricted_ids()),
            ),
        )
        .order_by(col(CertificateRow.year), col(CertificateRow.number))
    )


def _kept(session: ReadSession, query: Select[*tuple[Any, ...]]) -> list[KeptCertificate]:
    return [
        KeptCertificate(
            year=year,
            number=number,
            donor=DonorId(donor),
            name=name,
            salt=salt,
            figures=figures,
            issued_by=by,
            issued_at=at,
            digest=digest,
        )
        for year, number, donor, name, salt, figures, by, at, digest in session.execute(query)
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


class KeptLine(NamedTuple):
    """One donor on a list; euro cents."""

    donor: DonorId
    code: CheckedCode
    name: str
    minor: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptList:
    """A list as it was taken along."""

    id: int
    year: int
    donors: int
    minor: Minor
    kept_by: str
    kept_at: datetime


def codes_by_donor(session: ReadSession) -> dict[DonorId, tuple[CheckedCode, ...]]:
    """Return the codes of each standing donor that has any; merged donors may bring several."""
    query = (
        sql_select(surviving_id(), col(DonorClaimRow.code))
        .join(DonorRow, col(DonorRow.id) == col(DonorClaimRow.donor_id))
        .where(col(DonorClaimRow.code) != "")
    )
    found: defaultdict[DonorId, list[CheckedCode]] = defaultdict(list)
    for donor, text in session.execute(query):
        code = parse_code(text)
        if code is not None and not isinstance(code, UnverifiedCode):
            found[DonorId(donor)].append(code)
    return {donor: tuple(sorted(codes)) for donor, codes in found.items()}


def donors_with_bad_codes(session: ReadSession, *, first_day: date, last_day: date) -> frozenset[DonorId]:
    """Return the standing donors whose gifts of these days came with a code that is none."""
    query = (
        sql_select(gifts.c.donor_id)
        .select_from(with_lines(gifts))
        .where(gifts.c.booked_on.between(first_day, last_day))
        .where(line_texts.c.code != "", line_texts.c.claimed_code == "")
        .distinct()
    )
    return frozenset(DonorId(donor) for donor in session.scalars(query))


def names_on_list(session: ReadSession, lines: Iterable[KeptLine]) -> list[KeptLine]:
    """Return lines with the names of restricted donors, which the tax board has to be told."""
    names = names_kept(session)
    return [line._replace(name=names.get(line.donor, line.name)) for line in lines]


def keep_list(session: WriteSession, lines: Sequence[KeptLine], *, year: int, by: str, at: datetime) -> int:
    """Keep a list as it is now, with the names of restricted donors, and return its number."""
    number = next(next_ids(session, TaxListRow))
    session.add(
        TaxListRow(
            id=number,
            year=year,
            donors=len(lines),
            minor=sum(each.minor for each in lines),
            kept_by=by,
            kept_at=at.astimezone(UTC),
        )
    )
    session.flush()
    append(
        session,
        TaxListLineRow,
        (
            {
                "list_id": number,
                "donor_id": each.donor,
                "code": str(each.code),
                "name": each.name,
                "minor": each.minor,
            }
            for each in names_on_list(as_reader(session), lines)
        ),
    )
    return number


def kept_lists(session: ReadSession, year: int) -> list[KeptList]:
    """Return the lists of a year that were kept, the newest first."""
    query = select(TaxListRow).where(TaxListRow.year == year).order_by(col(TaxListRow.id).desc())
    return [_kept_tax_list(row) for row in session.exec(query)]


def kept_list(session: ReadSession, number: int) -> KeptList | None:
    """Return a kept list by its number."""
    row = session.get(TaxListRow, number)
    return None if row is None else _kept_tax_list(row)


def lines_of_list(session: ReadSession, number: int) -> list[KeptLine]:
    """Return the lines of a kept list by name, as far as they were not erased."""
    query = select(TaxListLineRow).where(TaxListLineRow.list_id == number)
    found = []
    for row in sorted(session.exec(query), key=lambda row: (name_order(row.name), row.donor_id)):
        code = parse_code(row.code)
        if code is not None and not isinstance(code, UnverifiedCode):
            found.append(KeptLine(DonorId(row.donor_id), code, row.name, row.minor))
    return found


def _kept_tax_list(row: TaxListRow) -> KeptList:
    return KeptList(
        id=row.id, year=row.year, donors=row.donors, minor=row.minor, kept_by=row.kept_by, kept_at=row.kept_at
    )
