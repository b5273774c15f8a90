"""Which claims are one donor's: all that can change the answer is read first, then the answer is written down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import delete, or_, update
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.donor import Claim, CodeClaim, DonorId, PayerClaim
from donations.core.iban import ValidIban
from donations.core.name import NameKey
from donations.identity.donors import DonorDecisions, Groups, Sighting, claim_key, group, own
from donations.store.donors import people
from donations.store.donors.links import kept_links, merges_in_force, parted, renew_surviving, write_links
from donations.store.donors.restricted import renew_restrictions
from donations.store.given import gifts
from donations.store.organisation import own_codes
from donations.store.payments.payers import payers_from
from donations.store.session import ReadSession, WriteSession, as_reader, in_runs, next_ids
from donations.store.tables import DonorClaimRow, DonorRow
from donations.store.tables.donors import ClaimAssignmentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the groups of some claims are made from, whole: nothing beyond it can change them."""

    sightings: frozenset[Sighting]
    registered: dict[Claim, DonorId]
    """Whose claims are, the oldest claim first."""
    donors: frozenset[DonorId]
    """All who have one of the claims, and who are one with them."""
    groups: Groups

    @property
    def seen(self) -> frozenset[Claim]:
        """The claims that payments make now."""
        payers = {each.payer for each in self.sightings if each.payer is not None}
        codes = {CodeClaim(each.stated) for each in self.sightings if each.stated is not None}
        return frozenset({*payers, *codes, *(CodeClaim(code) for _, code in self.groups.hints)})


def surroundings_of(
    session: ReadSession,
    seeds: Iterable[Claim],
    *,
    known: Iterable[Sighting] = (),
    accounts: AbstractSet[str] = frozenset(),
) -> Surroundings:
    """Return all that the groups of these claims depend on; of `accounts` every payer is known already."""
    looking = _Looking(session, known, accounts)
    looking.follow(set(seeds))
    claims = looking.registered()
    words = _words(session, claims, looking.donors)
    sightings = frozenset(looking.sightings)
    return Surroundings(
        sightings=sightings,
        registered={each.claim: each.donor for each in claims},
        donors=frozenset(looking.donors),
        groups=group(sightings, words),
    )


def surroundings_now(session: ReadSession, around: Surroundings, united: JoinedDonors) -> Surroundings:
    """Return the same surroundings once donors are what their claims made them: nobody was seen paying meanwhile."""
    owners = united.owners
    if all(owners.get(claim) == donor for claim, donor in around.registered.items()):
        # No claim went to another donor, and no person spoke of new ones: the groups are the same.
        return replace(around, registered={**around.registered, **owners}, donors=united.donors)
    claims = sorted(_claims(session, united.donors), key=attrgetter("id"))
    return Surroundings(
        sightings=around.sightings,
        registered={each.claim: each.donor for each in claims},
        donors=united.donors,
        groups=group(around.sightings, _words(session, claims, united.donors)),
    )


def claims_of(sightings: Iterable[Sighting]) -> set[Claim]:
    """Return every claim that these payments make, and those that their texts name."""
    found: set[Claim] = set()
    for each in sightings:
        found |= set() if each.payer is None else {each.payer}
        found |= {CodeClaim(code) for code in (each.stated, *each.typed) if code is not None}
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Registered:
    """A claim that a donor has, and by whose word."""

    id: int
    """Counts claims by age."""
    claim: Claim
    donor: DonorId
    is_kept: bool
    """It stays the donor's: a person said of the donor who it is."""
    is_typed: bool
    """A code that stood only in texts when that was said."""
    is_given: bool
    """A person said it of the claim itself."""


class _Looking:
    """Follows claims to what was seen with them, and to the donors who have them."""

    def __init__(self, session: ReadSession, known: Iterable[Sighting], accounts: AbstractSet[str]) -> None:
        self._session, self._own = session, own_codes(session)
        self._accounts, self._codes = set(accounts), set[str]()
        self.sightings: set[Sighting] = set()
        self.donors: set[DonorId] = set()
        self._beside: defaultdict[Claim, set[Claim]] = defaultdict(set)
        self._names: defaultdict[ValidIban, set[NameKey]] = defaultdict(set)
        self._claims: set[Claim] = set()
        self._registered: list[_Registered] = []
        self._add(known)

    def _add(self, found: Iterable[Sighting]) -> None:
        for each in found:
            self.sightings.add(each)
            payer = each.payer
            if payer is None:
                continue
            self._names[payer.iban].add(payer.name)
            beside: set[Claim] = {PayerClaim(payer.iban, cut) for cut in each.cut}
            beside |= set() if each.code is None else {CodeClaim(each.code)}
            self._beside[payer] |= beside
            for claim in beside:
                self._beside[claim].add(payer)

    def follow(self, new: set[Claim]) -> None:
        """Go on until nothing new is found."""
        while new:
            self._claims |= new
            self._load(new)
            donors = self._donors_of(new) - self.donors
            self.donors |= donors
            theirs = _claims(self._session, donors)
            self._registered += theirs
            found = {each.claim for each in theirs}
            for claim in new:
                found |= self._beside[claim]
                if isinstance(claim, PayerClaim):
                    found |= self._nameless(claim)
            new = found - self._claims

    def _nameless(self, claim: PayerClaim) -> set[Claim]:
        """Return whom an account without a name may mean, and the account without a name beside its only name."""
        names = self._names[claim.iban]
        if not claim.name:
            return {PayerClaim(claim.iban, name) for name in names}
        return {PayerClaim(claim.iban, NameKey(""))} if len(names) == 2 and "" in names else set()

    def _load(self, claims: Iterable[Claim]) -> None:
        ibans = {str(claim.iban) for claim in claims if isinstance(claim, PayerClaim)} - self._accounts
        codes = {str(claim.code) for claim in claims if isinstance(claim, CodeClaim)} - self._codes
        self._accounts |= ibans
        self._codes |= codes
        if ibans or codes:
            self._add(payers_from(self._session, accounts=ibans, codes=codes, own_codes=self._own))

    def _donors_of(self, claims: Iterable[Claim]) -> set[DonorId]:
        """Return who has these claims, with all who are one with them."""
        found = set(people.donors_claimed(self._session, claims).values())
        tops: set[int] = set()
        for run in in_runs(sorted(found)):
            query = sql_select(col(DonorRow.id), col(DonorRow.merged_into_id)).where(col(DonorRow.id).in_(run))
            tops |= {into or donor for donor, into in self._session.execute(query)}
        for run in in_runs(sorted(tops)):
            behind = or_(col(DonorRow.id).in_(run), col(DonorRow.merged_into_id).in_(run))
            found |= set(map(DonorId, self._session.scalars(sql_select(col(DonorRow.id)).where(behind))))
        return found

    def registered(self) -> list[_Registered]:
        """Return the claims of all donors found, the oldest first."""
        return sorted(self._registered, key=attrgetter("id"))


def _claims(session: ReadSession, donors: Collection[DonorId]) -> list[_Registered]:
    """Return the claims of donors."""
    rows: list[Any] = []
    for run in in_runs(sorted(donors)):
        query = (
            sql_select(
                *(col(DonorClaimRow.id), col(DonorClaimRow.donor_id)),
                *(col(DonorClaimRow.code), col(DonorClaimRow.iban), col(DonorClaimRow.name_key)),
                *(col(DonorClaimRow.is_kept), col(DonorClaimRow.is_typed), col(ClaimAssignmentRow.claim_id)),
            )
            .outerjoin(ClaimAssignmentRow, col(ClaimAssignmentRow.claim_id) == col(DonorClaimRow.id))
            .where(col(DonorClaimRow.donor_id).in_(run))
        )
        rows += session.execute(query).all()
    return [
        _Registered(
            id=row.id,
            claim=people.claim_of(row),
            donor=DonorId(row.donor_id),
            is_kept=row.is_kept,
            is_typed=row.is_typed,
            is_given=row.claim_id is not None,
        )
        for row in rows
    ]


def _words(session: ReadSession, claims: Sequence[_Registered], donors: Collection[DonorId]) -> DonorDecisions:
    given = frozenset(each.claim for each in claims if each.is_given)
    typed = frozenset(each.claim for each in claims if each.is_kept and each.is_typed) - given
    return DonorDecisions(
        kept={each.claim: each.donor for each in claims if each.is_kept or each.is_given},
        typed=frozenset(claim for claim in typed if isinstance(claim, CodeClaim)),
        given=frozenset(claim for claim in given if isinstance(claim, PayerClaim)),
        one=frozenset(merges_in_force(session, donors) | kept_links(session, donors)),
        two=frozenset(parted(session, donors)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedDonors:
    """What became of donors when their groups were made again."""

    joined: int
    """Donors who gave, and turned out to be one with another who gave."""
    parted: int
    """Those who stand for themselves again, for no line says any more that they are one with another."""
    hidden: int
    """Donors who turned out to be one with somebody who asked to be forgotten."""
    changed: frozenset[Claim]
    """Claims that are another donor's now, or of a donor who is known by other codes: payments depend on them."""
    owners: Mapping[Claim, DonorId]
    """Whose the claims are now."""
    freed: Mapping[Claim, DonorId]
    """Claims that are these donors' no more, and of somebody who has no number yet as soon as a gift is booked."""
    donors: frozenset[DonorId]
    """All whose claims were looked at."""


def unite(session: WriteSession, around: Surroundings, *, now: datetime) -> JoinedDonors:
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
    turned = renew_surviving(session, donors)
    gave = _giving(reader, turned)
    after = _known_by(reader, owners)
    return JoinedDonors(
        joined=sum(donor in gave and is_behind for donor, is_behind in turned.items()),
        parted=sum(donor in gave and not is_behind for donor, is_behind in turned.items()),
        hidden=renew_restrictions(session, donors),
        changed=frozenset(each for each in {*before, *after} if before.get(each) != after.get(each)),
        owners=owners,
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
    standing = people.standing(session, owners.values())
    tops = {claim: standing[donor] for claim, donor in owners.items()}
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
