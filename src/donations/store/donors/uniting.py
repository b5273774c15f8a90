"""Writes down which claims are one donor's: whose each claim is, who is linked with whom, and who is out of sight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.donor import Claim, CodeClaim, DonorId
from donations.identity.donors import claim_key, own
from donations.store.donors import people
from donations.store.donors.around import Around
from donations.store.donors.links import renew_standing, write_links
from donations.store.donors.restricted import renew_restrictions
from donations.store.given import gifts
from donations.store.ids import in_runs, next_ids
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables import DonorClaimRow, DonorRow


@dataclass(frozen=True, slots=True, kw_only=True)
class United:
    """What became of donors when their groups were made again."""

    joined: int
    """Donors who gave, and turned out to be one with another who gave."""
    parted: int
    """Those who stand for themselves again, for no line says any more that they are one with another."""
    hidden: int
    """Donors who turned out to be one with somebody who asked to be forgotten."""
    changed: frozenset[Claim]
    """Claims that are another donor's now, or of a donor who is known by other codes: payments depend on them."""
    freed: Mapping[Claim, DonorId]
    """Claims that are these donors' no more, and of somebody who has no number yet as soon as a gift is booked."""
    donors: frozenset[DonorId]
    """All whose claims were looked at."""


def unite(session: WriteSession, around: Around, *, now: datetime) -> United:
    """Let donors be what their claims make them; numbers stay as far as they can."""
    reader = as_reader(session)
    before = _known_by(reader, around.registered)
    owned = own(around.groups, around.registered, seen=around.seen)
    owners = owned.owners
    _free(session, owned.freed)
    _assign(session, owners, around.registered)
    donors = around.donors | set(owners.values())
    linked = {(owners[one], owners[other]) for one, other in around.groups.links if {one, other} <= owners.keys()}
    write_links(session, donors, {(one, other) for one, other in linked if one != other}, at=now)
    turned = renew_standing(session, donors)
    gave = _giving(reader, turned)
    after = _known_by(reader, owners)
    return United(
        joined=sum(donor in gave and is_behind for donor, is_behind in turned.items()),
        parted=sum(donor in gave and not is_behind for donor, is_behind in turned.items()),
        hidden=renew_restrictions(session, donors),
        changed=frozenset(each for each in {*before, *after} if before.get(each) != after.get(each)),
        freed=owned.freed,
        donors=frozenset(donors),
    )


def add_donor(session: WriteSession, claims: Collection[Claim], *, name: str) -> DonorId:
    """Make the donor who has these claims, under the name that the bank gives."""
    donor = DonorId(next(next_ids(session, DonorRow)))
    people.add_donors(session, {donor: name})
    people.add_claims(session, dict.fromkeys(sorted(claims, key=claim_key), donor))
    return donor


def _free(session: WriteSession, claims: Iterable[Claim]) -> None:
    numbers = list(people.claim_numbers(as_reader(session), claims).values())
    for run in in_runs(sorted(numbers)):
        session.execute(delete(DonorClaimRow).where(col(DonorClaimRow.id).in_(run)))


def _assign(session: WriteSession, owners: Mapping[Claim, DonorId], registered: Mapping[Claim, DonorId]) -> None:
    """Let claims be these donors'. No person spoke of who has them now, whatever was said of who had them."""
    new = {claim: donor for claim, donor in owners.items() if claim not in registered}
    moved = {claim: donor for claim, donor in owners.items() if registered.get(claim, donor) != donor}
    numbers = people.claim_numbers(as_reader(session), moved)
    for claim, donor in moved.items():
        is_it = col(DonorClaimRow.id) == numbers[claim]
        session.execute(update(DonorClaimRow).where(is_it).values(donor_id=donor, is_kept=False, is_typed=False))
    people.add_claims(session, new)


def _known_by(
    session: ReadSession, owners: Mapping[Claim, DonorId]
) -> dict[Claim, tuple[DonorId, frozenset[CodeClaim]]]:
    """Return who stands for each claim's donor, and by which codes."""
    standing = people.donors(session, owners.values())
    tops = {claim: standing[donor].id for claim, donor in owners.items()}
    codes: defaultdict[DonorId, set[CodeClaim]] = defaultdict(set)
    for claim, top in tops.items():
        if isinstance(claim, CodeClaim):
            codes[top].add(claim)
    return {claim: (top, frozenset(codes[top])) for claim, top in tops.items()}


def _giving(session: ReadSession, donors: Collection[DonorId]) -> set[DonorId]:
    """Return those of these donors who have gifts that stand, booked for themselves."""
    found: set[DonorId] = set()
    for run in in_runs(sorted(donors)):
        query = sql_select(gifts.c.booked_for).where(gifts.c.booked_for.in_(run)).distinct()
        found |= set(map(DonorId, session.scalars(query)))
    return found
