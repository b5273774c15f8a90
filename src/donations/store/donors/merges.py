"""Merges of donors: appended, and taken apart by another row; and what tells whether two donors may be one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import Select, delete, func, or_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from donations.core.donor import ANONYMOUS, DonorId
from donations.core.name import NameKey
from donations.matching.likeness import Pair
from donations.store.donors.links import keep_together, merges_in_force, renew_surviving
from donations.store.donors.restricted import all_restricted, restricted_ids
from donations.store.donors.surviving import all_behind, donors_behind, stands_for, surviving_id
from donations.store.given import gifts, gives, with_lines
from donations.store.line_texts import line_texts
from donations.store.session import ReadSession, WriteSession, in_runs, next_ids
from donations.store.tables import DonorClaimRow, DonorRow
from donations.store.tables.donors import DistinctDonorsRow, DonorMergeRow, DonorUnmergeRow


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
    return dict(merges_in_force(session))


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
    renew_surviving(session, {donor, into})
    return number


def part_merge(session: WriteSession, number: int, *, by: str, at: datetime) -> None:
    """Take a merge apart."""
    row = session.get_one(DonorMergeRow, number)
    session.add(DonorUnmergeRow(merge_id=number, parted_by=by, parted_at=at))
    session.flush()
    renew_surviving(session, {DonorId(row.donor_id), DonorId(row.into_id)})


_Goes, _Into = aliased(DonorRow), aliased(DonorRow)


def _query() -> Select[DonorMergeRow, str, str, DonorUnmergeRow]:
    return (
        select(DonorMergeRow, col(_Goes.name), col(_Into.name), DonorUnmergeRow)
        .join(_Goes, col(_Goes.id) == col(DonorMergeRow.donor_id))
        .join(_Into, col(_Into.id) == col(DonorMergeRow.into_id))
        .outerjoin(DonorUnmergeRow, col(DonorUnmergeRow.merge_id) == col(DonorMergeRow.id))
    )


def _merges(session: ReadSession, query: Select[DonorMergeRow, str, str, DonorUnmergeRow]) -> Iterator[Merge]:
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


_CROWD = 40
"""So many donors with one code are no sign of anything."""


def names_of_givers(session: ReadSession) -> dict[DonorId, NameKey]:
    """Return the folded names of all standing donors who give; restricted ones are never compared."""
    standing = aliased(DonorRow)
    query = (
        sql_select(col(standing.id), col(standing.name_key))
        .join(DonorRow, surviving_id() == col(standing.id))
        .where(gives(), col(standing.id) != ANONYMOUS, col(standing.id).not_in(restricted_ids()))
        .order_by(col(standing.id))
    )
    return {DonorId(donor): NameKey(name) for donor, name in session.execute(query)}


def codes_of_donors(session: ReadSession, donors: Iterable[DonorId]) -> dict[DonorId, str]:
    """Return the code of each of these standing donors that has one."""
    found: dict[DonorId, str] = {}
    for run in in_runs(sorted(donors)):
        query = (
            sql_select(surviving_id(), col(DonorClaimRow.code))
            .join(DonorRow, col(DonorRow.id) == col(DonorClaimRow.donor_id))
            .where(col(DonorClaimRow.code) != "")
            .where(stands_for(run))
        )
        found |= {DonorId(donor): code for donor, code in session.execute(query)}
    return found


class AccountPeriod(NamedTuple):
    """From when to when gifts of a standing donor came from an account."""

    account: str
    donor: DonorId
    first_day: date
    last_day: date


def pairs_with_one_account(session: ReadSession) -> set[Pair]:
    """Return the standing donors who pay from the same account."""
    one, other = aliased(DonorClaimRow), aliased(DonorClaimRow)
    query = sql_select(col(one.donor_id), col(other.donor_id)).where(
        col(one.iban) != "", col(other.iban) == col(one.iban), col(one.donor_id) < col(other.donor_id)
    )
    return _both_surviving(session, [(a, b) for a, b in session.execute(query)])


def account_periods(session: ReadSession, donors: Iterable[DonorId]) -> list[AccountPeriod]:
    """Return from when to when gifts of these standing donors came from each account."""
    found: list[AccountPeriod] = []
    key = (line_texts.c.account, gifts.c.donor_id)
    for run in in_runs(sorted(donors)):
        query = (
            sql_select(*key, func.min(gifts.c.booked_on), func.max(gifts.c.booked_on))
            .select_from(with_lines(gifts))
            .where(gifts.c.booked_for.in_(all_behind(run)), line_texts.c.account != "")
            .group_by(*key)
        )
        found += [
            AccountPeriod(account, DonorId(donor), first, last)
            for account, donor, first, last in session.execute(query)
        ]
    return found


def pairs_with_one_code(session: ReadSession) -> set[Pair]:
    """Return the standing donors of whom a person said that one gave what came with a code of the other."""
    said = (
        sql_select(gifts.c.booked_for, line_texts.c.claimed_code)
        .select_from(with_lines(gifts))
        .where(gifts.c.person.is_not(None), line_texts.c.claimed_code != "")
        .distinct()
    )
    known: defaultdict[str, set[int]] = defaultdict(set)
    for donor, code in session.execute(said):
        known[code].add(donor)
    for run in in_runs(sorted(known)):
        claims = sql_select(col(DonorClaimRow.code), col(DonorClaimRow.donor_id)).where(
            col(DonorClaimRow.code).in_(run)
        )
        for code, donor in session.execute(claims):
            known[code].add(donor)
    pairs = (pair for donors in known.values() if len(donors) <= _CROWD for pair in combinations(sorted(donors), 2))
    return _both_surviving(session, list(pairs))


def _both_surviving(session: ReadSession, pairs: list[tuple[int, int]]) -> set[Pair]:
    merged = dict(
        session.execute(
            sql_select(col(DonorRow.id), surviving_id()).where(col(DonorRow.merged_into_id).is_not(None))
        ).all()
    )
    found = {tuple(sorted(DonorId(merged.get(each, each)) for each in pair)) for pair in pairs}
    unseen = {ANONYMOUS, *all_restricted(session)}
    return {(one, other) for one, other in found if one != other and unseen.isdisjoint((one, other))}


def pairs_that_differ(session: ReadSession) -> set[Pair]:
    """Return the standing donors of whom a person said that they are two."""
    rows = session.execute(sql_select(col(DistinctDonorsRow.one_id), col(DistinctDonorsRow.other_id)))
    return _both_surviving(session, [*rows])


def mark_distinct(session: WriteSession, one: DonorId, other: DonorId, *, by: str, at: datetime) -> None:
    """Remember that two donors are two, however much they look alike; of one nothing is to be said."""
    if one == other:
        return
    first, second = min(one, other), max(one, other)
    known = select(DistinctDonorsRow).where(DistinctDonorsRow.one_id == first, DistinctDonorsRow.other_id == second)
    if session.exec(known).first() is None:
        number = next(next_ids(session, DistinctDonorsRow))
        session.add(DistinctDonorsRow(id=number, one_id=first, other_id=second, said_by=by, said_at=at))
        session.flush()


def unmark_distinct(session: WriteSession, one: DonorId, other: DonorId) -> None:
    """Forget every such word on two standing donors and those behind them."""
    left, right = donors_behind(one), donors_behind(other)
    a, b = col(DistinctDonorsRow.one_id), col(DistinctDonorsRow.other_id)
    session.execute(delete(DistinctDonorsRow).where(or_(a.in_(left) & b.in_(right), a.in_(right) & b.in_(left))))
