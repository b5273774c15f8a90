"""Which donors are one: by people's merges, and by what the bank's lines link; and who stands for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, or_, union, update
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import DonorId
from donations.store.appending import append
from donations.store.giving.streams import renew_regular_gifts
from donations.store.line_texts import line_texts
from donations.store.personal_data import HANGING
from donations.store.session import ReadSession, WriteSession, as_reader, in_runs, next_ids
from donations.store.tables import (
    AllocationRow,
    AttestationRow,
    DecisionRow,
    DonorClaimRow,
    DonorRow,
    PaymentRow,
    metadata,
)
from donations.store.tables.donors import (
    ClaimAssignmentRow,
    DistinctDonorsRow,
    DonorLinkRow,
    DonorMergeRow,
    DonorUnmergeRow,
)

Pair = tuple[DonorId, DonorId]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOfDonors:
    """Two donors who are one by the bank's own fields."""

    id: int
    one: DonorId
    other: DonorId
    since: datetime
    is_kept: bool
    """It stays although no line may say so any more."""


def merges_in_force(session: ReadSession, donors: Collection[DonorId] | None = None) -> set[Pair]:
    """Return people's merges that stand, each donor with the one it was merged into; of these donors, or all."""
    standing = col(DonorMergeRow.id).not_in(select(col(DonorUnmergeRow.merge_id)))
    query = sql_select(col(DonorMergeRow.donor_id), col(DonorMergeRow.into_id)).where(standing)
    return set(_pairs(session, query, donors))


def links_of(session: ReadSession, donors: Collection[DonorId] | None = None) -> set[Pair]:
    """Return the donors whom the bank's lines link; of these donors, or all."""
    return set(_pairs(session, sql_select(col(DonorLinkRow.one_id), col(DonorLinkRow.other_id)), donors))


def kept_links(session: ReadSession, donors: Collection[DonorId] | None = None) -> set[Pair]:
    """Return the links of these donors, or all, that stay, for a person said of the two together who they are."""
    query = sql_select(col(DonorLinkRow.one_id), col(DonorLinkRow.other_id)).where(col(DonorLinkRow.is_kept))
    return set(_pairs(session, query, donors))


def parted(session: ReadSession, donors: Collection[DonorId]) -> set[Pair]:
    """Return the donors who are two by a person's word: called two, or merged and taken apart again."""
    apart = sql_select(col(DonorMergeRow.donor_id), col(DonorMergeRow.into_id)).join(
        DonorUnmergeRow, col(DonorUnmergeRow.merge_id) == col(DonorMergeRow.id)
    )
    differ = sql_select(col(DistinctDonorsRow.one_id), col(DistinctDonorsRow.other_id))
    found = {*_pairs(session, apart, donors), *_pairs(session, differ, donors)}
    again = merges_in_force(session, donors)
    return {(one, other) for one, other in found if (one, other) not in again and (other, one) not in again}


def link_with_id(session: ReadSession, number: int) -> LinkOfDonors | None:
    """Return one link; None where it is gone."""
    row = session.get(DonorLinkRow, number)
    return None if row is None else _link(row)


def links_behind(session: ReadSession, donor: DonorId) -> list[LinkOfDonors]:
    """Return the links among the donors whom a standing one stands for, the newest first."""
    behind = select(col(DonorRow.id)).where(or_(col(DonorRow.id) == donor, col(DonorRow.merged_into_id) == donor))
    query = select(DonorLinkRow).where(col(DonorLinkRow.one_id).in_(behind)).order_by(col(DonorLinkRow.id).desc())
    return [_link(row) for row in session.exec(query)]


def write_links(session: WriteSession, donors: Collection[DonorId], wanted: Iterable[Pair], *, at: datetime) -> None:
    """Let these be the links among these donors, beside those that stay. Who stands for whom is not renewed yet."""
    own = {(min(pair), max(pair)) for pair in wanted}
    known = links_of(as_reader(session), donors)
    gone = known - own - kept_links(as_reader(session), donors)
    for one, other in gone:
        row = (col(DonorLinkRow.one_id) == one, col(DonorLinkRow.other_id) == other)
        session.execute(delete(DonorLinkRow).where(*row))
    ids, since = next_ids(session, DonorLinkRow), at.astimezone(UTC)
    new = sorted(own - known)
    append(
        session,
        DonorLinkRow,
        ({"id": next(ids), "one_id": a, "other_id": b, "is_kept": False, "since": since} for a, b in new),
    )


def keep_together(session: WriteSession, donors: Iterable[DonorId]) -> None:
    """Let all that these donors are known by stay with them: a person says of them who they are.

    Whatever is imported or undone later, it is said of all that they were then.
    """
    tops = sorted(set(donors))
    behind = select(col(DonorRow.id)).where(or_(col(DonorRow.id).in_(tops), col(DonorRow.merged_into_id).in_(tops)))
    ids = list(session.exec(behind))
    by_word = select(col(ClaimAssignmentRow.claim_id))
    claims = (col(DonorClaimRow.donor_id).in_(ids), col(DonorClaimRow.id).not_in(by_word))
    # What the bank's own field showed once, when a person spoke, stays known when that file is taken back.
    asked = or_(~col(DonorClaimRow.is_kept), col(DonorClaimRow.is_typed))
    codes = (*claims, col(DonorClaimRow.code) != "", asked)
    session.execute(update(DonorClaimRow).where(*codes).values(is_typed=~_is_stated()))
    session.execute(update(DonorClaimRow).where(*claims).values(is_kept=True))
    session.execute(update(DonorLinkRow).where(col(DonorLinkRow.one_id).in_(ids)).values(is_kept=True))


def _is_stated() -> ColumnElement[bool]:
    """Return the condition that the bank gives a claim's code in its own field, in money that came in."""
    line, payment = col(AttestationRow.line_id), col(AttestationRow.payment_id)
    return (
        sql_select(payment)
        .join(line_texts, line_texts.c.line_id == line)
        .join(PaymentRow, col(PaymentRow.id) == payment)
        .where(line_texts.c.code == col(DonorClaimRow.code), col(PaymentRow.minor) > 0)
        .exists()
    )


def let_link_go(session: WriteSession, one: DonorId, other: DonorId) -> None:
    """Let a link stay no more than lines say so."""
    pair = (col(DonorLinkRow.one_id) == min(one, other), col(DonorLinkRow.other_id) == max(one, other))
    session.execute(delete(DonorLinkRow).where(*pair))


def renew_surviving(session: WriteSession, donors: Iterable[DonorId]) -> dict[DonorId, bool]:
    """Let each of these donors, and all who are one with them, point at who stands for it.

    Return those who stand for themselves no more (True), or do so again (False).
    """
    reader = as_reader(session)
    scope, merged, linked = _connected(reader, donors)
    wanted = _merges_in_force(reader, scope, merged, linked)
    turned: dict[DonorId, bool] = {}
    touched: set[DonorId] = set()
    for run in in_runs(sorted(scope)):
        query = sql_select(col(DonorRow.id), col(DonorRow.merged_into_id)).where(col(DonorRow.id).in_(run))
        for donor, into in session.execute(query).all():
            now = wanted.get(DonorId(donor))
            if now != into:
                if (now is None) != (into is None):
                    turned[DonorId(donor)] = now is not None
                touched |= {DonorId(each) for each in (donor, into, now) if each is not None}
                session.execute(update(DonorRow).where(col(DonorRow.id) == donor).values(merged_into_id=now))
    renew_regular_gifts(session, touched)
    return turned


def _connected(session: ReadSession, donors: Iterable[DonorId]) -> tuple[set[DonorId], set[Pair], set[Pair]]:
    """Return all who are or were one with these donors, and what makes them so."""
    scope: set[DonorId] = set()
    new = set(donors)
    merged: set[Pair] = set()
    linked: set[Pair] = set()
    while new:
        scope |= new
        merged |= merges_in_force(session, new)
        linked |= links_of(session, new)
        pointing = set(_pointing(session, new))
        new = {donor for pair in (*merged, *linked, *pointing) for donor in pair} - scope
    return scope, merged, linked


def _pointing(session: ReadSession, donors: Collection[DonorId]) -> Iterator[Pair]:
    query = sql_select(col(DonorRow.id), col(DonorRow.merged_into_id)).where(col(DonorRow.merged_into_id).is_not(None))
    return _pairs(session, query, donors)


def _merges_in_force(
    session: ReadSession, scope: set[DonorId], merged: set[Pair], linked: set[Pair]
) -> dict[DonorId, DonorId]:
    """Return who points at whom; nobody whom a person merged into another stands.

    Else who stands already, or of whom people said something, the oldest first: a number that was shown stays.
    """
    beside: defaultdict[DonorId, set[DonorId]] = defaultdict(set)
    for one, other in merged | linked:
        beside[one].add(other)
        beside[other].add(one)
    goes = {donor for donor, _ in merged}
    found: dict[DonorId, DonorId] = {}
    waiting = set(scope)
    while waiting:
        together = _reach(min(waiting), beside)
        waiting -= together
        if len(together) == 1:
            continue
        tops = together - goes
        if len(tops) > 1:
            into = {into for _, into in _pointing(session, together)}
            tops = (tops & (into | with_something_hanging(session, tops))) or tops
        top = min(tops)
        found |= dict.fromkeys(together - {top}, top)
    return found


def _reach(start: DonorId, beside: dict[DonorId, set[DonorId]]) -> set[DonorId]:
    found, new = set[DonorId](), {start}
    while new:
        found |= new
        new = {other for each in new for other in beside[each]} - found
    return found


def _pairs(session: ReadSession, query: Select[*tuple[Any, ...]], donors: Collection[DonorId] | None) -> Iterator[Pair]:
    """Yield what a query of two columns of donors finds, where one of the two is asked for."""
    one, other = query.selected_columns
    if donors is None:
        yield from map(_pair, session.execute(query))
        return
    # Nearly always people said less than there are donors to ask for: all of it is read sooner.
    few = session.execute(query.limit(len(donors) + 1)).all()
    if len(few) <= len(donors):
        asked = set(donors)
        yield from (pair for pair in map(_pair, few) if not asked.isdisjoint(pair))
        return
    for condition in (column.in_(run) for run in in_runs(sorted(donors)) for column in (one, other)):
        yield from map(_pair, session.execute(query.where(condition)))


def _pair(row: Iterable[int]) -> Pair:
    one, other = row
    return DonorId(one), DonorId(other)


def _link(row: DonorLinkRow) -> LinkOfDonors:
    return LinkOfDonors(
        id=row.id, one=DonorId(row.one_id), other=DonorId(row.other_id), since=row.since, is_kept=row.is_kept
    )


def with_something_hanging(session: ReadSession, donors: Collection[DonorId]) -> set[DonorId]:
    """Return those of these donors of whom people said or answered something, or who were given a paper."""
    found: set[DonorId] = set()
    for run in in_runs(sorted(donors)):
        columns = [metadata.tables[table].c[name] for table, name in (each.split(".") for each in HANGING)]
        said = [sql_select(column).where(column.in_(run)) for column in columns]
        said.append(
            sql_select(col(AllocationRow.donor_id))
            .join(DecisionRow, col(DecisionRow.id) == col(AllocationRow.decision_id))
            .where(col(AllocationRow.donor_id).in_(run), col(DecisionRow.person).is_not(None))
        )
        said.append(
            sql_select(col(DonorClaimRow.donor_id))
            .join(ClaimAssignmentRow, col(ClaimAssignmentRow.claim_id) == col(DonorClaimRow.id))
            .where(col(DonorClaimRow.donor_id).in_(run))
        )
        found |= set(map(DonorId, session.scalars(union(*said))))
    return found
