"""The codes that the tax board's list needs, and the lists that were taken along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import DonorId
from donations.core.money import Minor
from donations.core.person_code import CheckedCode, UnverifiedCode, parse_code
from donations.store.donors.restricted import names_kept
from donations.store.donors.standing_donor import standing_id
from donations.store.given import gifts, with_lines
from donations.store.ids import append, next_ids
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables import DonorClaimRow, DonorRow, LineTextRow
from donations.store.tables.documents import TaxListLineRow, TaxListRow


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
        sql_select(standing_id(), col(DonorClaimRow.code))
        .join(DonorRow, col(DonorRow.id) == col(DonorClaimRow.donor_id))
        .where(col(DonorClaimRow.code) != "")
        .order_by(col(DonorClaimRow.code))
    )
    found: defaultdict[DonorId, list[CheckedCode]] = defaultdict(list)
    for donor, text in session.execute(query):
        code = parse_code(text)
        if code is not None and not isinstance(code, UnverifiedCode):
            found[DonorId(donor)].append(code)
    return {donor: tuple(codes) for donor, codes in found.items()}


def donors_with_bad_codes(session: ReadSession, *, first_day: date, last_day: date) -> frozenset[DonorId]:
    """Return the standing donors whose gifts of these days came with a code that is none."""
    query = (
        sql_select(gifts.c.donor_id)
        .select_from(with_lines(gifts))
        .where(gifts.c.booked_on.between(first_day, last_day))
        .where(col(LineTextRow.code) != "", col(LineTextRow.claimed_code) == "")
        .distinct()
    )
    return frozenset(DonorId(donor) for donor in session.scalars(query))


def named(session: ReadSession, lines: Iterable[KeptLine]) -> list[KeptLine]:
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
            for each in named(as_reader(session), lines)
        ),
    )
    return number


def kept_lists(session: ReadSession, year: int) -> list[KeptList]:
    """Return the lists of a year that were kept, the newest first."""
    query = select(TaxListRow).where(TaxListRow.year == year).order_by(col(TaxListRow.id).desc())
    return [_kept(row) for row in session.exec(query)]


def kept_list(session: ReadSession, number: int) -> KeptList | None:
    """Return a kept list by its number."""
    row = session.get(TaxListRow, number)
    return None if row is None else _kept(row)


def lines_of(session: ReadSession, number: int) -> list[KeptLine]:
    """Return the lines of a kept list by name, as far as they were not erased."""
    query = (
        select(TaxListLineRow)
        .where(TaxListLineRow.list_id == number)
        .order_by(func.lower(col(TaxListLineRow.name)), col(TaxListLineRow.donor_id))
    )
    found = []
    for row in session.exec(query):
        code = parse_code(row.code)
        if code is not None and not isinstance(code, UnverifiedCode):
            found.append(KeptLine(DonorId(row.donor_id), code, row.name, row.minor))
    return found


def _kept(row: TaxListRow) -> KeptList:
    return KeptList(
        id=row.id, year=row.year, donors=row.donors, minor=row.minor, kept_by=row.kept_by, kept_at=row.kept_at
    )
