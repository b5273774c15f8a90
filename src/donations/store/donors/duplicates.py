"""What tells whether two donors may be one: names, codes and accounts of those who give, and people's word on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import delete, func, or_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from donations.core.donor import ANONYMOUS, DonorId
from donations.core.name import NameKey
from donations.matching.likeness import Pair
from donations.store.donors.restricted import all_restricted, restricted_ids
from donations.store.donors.standing_donor import all_behind, donors_behind, standing_id, stands_for
from donations.store.given import gifts, gives, with_lines
from donations.store.ids import in_runs, next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables import DonorClaimRow, DonorRow, LineTextRow
from donations.store.tables.donors import DonorsDifferRow

_CROWD = 40
"""So many donors with one code are no sign of anything."""


def names_of_givers(session: ReadSession) -> dict[DonorId, NameKey]:
    """Return the folded names of all standing donors who give; restricted ones are never compared."""
    standing = aliased(DonorRow)
    query = (
        sql_select(col(standing.id), col(standing.name_key))
        .join(DonorRow, standing_id() == col(standing.id))
        .where(gives(), col(standing.id) != ANONYMOUS, col(standing.id).not_in(restricted_ids()))
        .order_by(col(standing.id))
    )
    return {DonorId(donor): NameKey(name) for donor, name in session.execute(query)}


def codes_of_donors(session: ReadSession, donors: Iterable[DonorId]) -> dict[DonorId, str]:
    """Return the code of each of these standing donors that has one."""
    found: dict[DonorId, str] = {}
    for run in in_runs(sorted(donors)):
        query = (
            sql_select(standing_id(), col(DonorClaimRow.code))
            .join(DonorRow, col(DonorRow.id) == col(DonorClaimRow.donor_id))
            .where(col(DonorClaimRow.code) != "")
            .where(stands_for(run))
        )
        found |= {DonorId(donor): code for donor, code in session.execute(query)}
    return found


class AccountTurn(NamedTuple):
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
    return _standing(session, [(a, b) for a, b in session.execute(query)])


def turns_of(session: ReadSession, donors: Iterable[DonorId]) -> list[AccountTurn]:
    """Return from when to when gifts of these standing donors came from each account."""
    found: list[AccountTurn] = []
    key = (col(LineTextRow.account), gifts.c.donor_id)
    for run in in_runs(sorted(donors)):
        query = (
            sql_select(*key, func.min(gifts.c.booked_on), func.max(gifts.c.booked_on))
            .select_from(with_lines(gifts))
            .where(gifts.c.booked_for.in_(all_behind(run)), col(LineTextRow.account) != "")
            .group_by(*key)
        )
        found += [
            AccountTurn(account, DonorId(donor), first, last) for account, donor, first, last in session.execute(query)
        ]
    return found


def pairs_with_one_code(session: ReadSession) -> set[Pair]:
    """Return the standing donors of whom a person said that one gave what came with a code of the other."""
    said = (
        sql_select(gifts.c.booked_for, col(LineTextRow.claimed_code))
        .select_from(with_lines(gifts))
        .where(gifts.c.person.is_not(None), col(LineTextRow.claimed_code) != "")
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
    return _standing(session, list(pairs))


def _standing(session: ReadSession, pairs: list[tuple[int, int]]) -> set[Pair]:
    merged = dict(
        session.execute(
            sql_select(col(DonorRow.id), standing_id()).where(col(DonorRow.merged_into_id).is_not(None))
        ).all()
    )
    found = {tuple(sorted(DonorId(merged.get(each, each)) for each in pair)) for pair in pairs}
    unseen = {ANONYMOUS, *all_restricted(session)}
    return {(one, other) for one, other in found if one != other and unseen.isdisjoint((one, other))}


def pairs_that_differ(session: ReadSession) -> set[Pair]:
    """Return the standing donors of whom a person said that they are two."""
    rows = session.execute(sql_select(col(DonorsDifferRow.one_id), col(DonorsDifferRow.other_id)))
    return _standing(session, [*rows])


def say_different(session: WriteSession, one: DonorId, other: DonorId, *, by: str, at: datetime) -> None:
    """Remember that two donors are two, however much they look alike; of one nothing is to be said."""
    if one == other:
        return
    first, second = min(one, other), max(one, other)
    known = select(DonorsDifferRow).where(DonorsDifferRow.one_id == first, DonorsDifferRow.other_id == second)
    if session.exec(known).first() is None:
        number = next(next_ids(session, DonorsDifferRow))
        session.add(DonorsDifferRow(id=number, one_id=first, other_id=second, said_by=by, said_at=at))
        session.flush()


def unsay_different(session: WriteSession, one: DonorId, other: DonorId) -> None:
    """Forget every such word on two standing donors and those behind them."""
    left, right = donors_behind(one), donors_behind(other)
    a, b = col(DonorsDifferRow.one_id), col(DonorsDifferRow.other_id)
    session.execute(delete(DonorsDifferRow).where(or_(a.in_(left) & b.in_(right), a.in_(right) & b.in_(left))))
