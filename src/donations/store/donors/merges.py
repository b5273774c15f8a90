"""Merges of donors: appended, taken apart by another row, and what they come to kept with each donor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

from donations.core.donor import DonorId
from donations.store.donors.links import keep_together, renew_standing, standing_merges
from donations.store.donors.standing_donor import donors_behind
from donations.store.ids import next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables import DonorRow
from donations.store.tables.donors import DonorApartRow, DonorMergeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A person's word that two donors are one."""

    id: int
    donor: DonorId
    name: str
    """Of the donor that was merged."""
    into: DonorId
    into_name: str
    reason: str
    by: str
    at: datetime
    parted_by: str | None
    """Who took it apart; None where it stands."""
    parted_at: datetime | None


def merges(session: ReadSession) -> dict[DonorId, DonorId]:
    """Return the merges that stand: each donor with the one it was merged into."""
    return dict(standing_merges(session))


def merged_into(session: ReadSession) -> dict[DonorId, DonorId]:
    """Return who is shown as another donor: what merges and links should lead to."""
    query = sql_select(col(DonorRow.id), col(DonorRow.merged_into_id)).where(col(DonorRow.merged_into_id).is_not(None))
    return {DonorId(donor): DonorId(into) for donor, into in session.execute(query)}


def merge_with_id(session: ReadSession, number: int) -> Merge | None:
    """Return one merge, be it taken apart or not."""
    return next(_merges(session, _query().where(col(DonorMergeRow.id) == number)), None)


def merges_of(session: ReadSession, donor: DonorId) -> list[Merge]:
    """Return the history of a standing donor: every merge of it and of those behind it, the newest first."""
    behind = donors_behind(donor)
    about = or_(col(DonorMergeRow.donor_id).in_(behind), col(DonorMergeRow.into_id).in_(behind))
    return list(_merges(session, _query().where(about).order_by(col(DonorMergeRow.id).desc())))


def add_merge(session: WriteSession, donor: DonorId, *, into: DonorId, reason: str, by: str, at: datetime) -> int:
    """Merge a donor into another, and return the merge's number."""
    keep_together(session, {donor, into})
    number = next(next_ids(session, DonorMergeRow))
    session.add(DonorMergeRow(id=number, donor_id=donor, into_id=into, reason=reason, merged_by=by, merged_at=at))
    session.flush()
    renew_standing(session, {donor, into})
    return number


def part_merge(session: WriteSession, number: int, *, by: str, at: datetime) -> None:
    """Take a merge apart."""
    row = session.get_one(DonorMergeRow, number)
    session.add(DonorApartRow(merge_id=number, parted_by=by, parted_at=at))
    session.flush()
    renew_standing(session, {DonorId(row.donor_id), DonorId(row.into_id)})


_Goes, _Into = aliased(DonorRow), aliased(DonorRow)


def _query() -> Select[DonorMergeRow, str, str, DonorApartRow]:
    return (
        select(DonorMergeRow, col(_Goes.name), col(_Into.name), DonorApartRow)
        .join(_Goes, col(_Goes.id) == col(DonorMergeRow.donor_id))
        .join(_Into, col(_Into.id) == col(DonorMergeRow.into_id))
        .outerjoin(DonorApartRow, col(DonorApartRow.merge_id) == col(DonorMergeRow.id))
    )


def _merges(session: ReadSession, query: Select[DonorMergeRow, str, str, DonorApartRow]) -> Iterator[Merge]:
    for row, name, into_name, parted in session.execute(query):
        yield Merge(
            id=row.id,
            donor=DonorId(row.donor_id),
            name=name,
            into=DonorId(row.into_id),
            into_name=into_name,
            reason=row.reason,
            by=row.merged_by,
            at=row.merged_at,
            parted_by=parted and parted.parted_by,
            parted_at=parted and parted.parted_at,
        )
