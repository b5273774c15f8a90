"""Donors who may be one: proposed with the reason and never merged by themselves; what a person denied stays denied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from donations.core.donor import Donor, DonorId
from donations.core.name import NameKey
from donations.matching.likeness import Likeness, Pair, alike_by_name, alike_on_one_account, may_carry_on
from donations.store.donors import merges as store
from donations.store.donors import people
from donations.store.donors.donor_search import FoundDonor, sums_of
from donations.store.session import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Two donors who may be one."""

    goes: Donor
    """The one with fewer signs: it goes up in the other unless a person says otherwise."""
    stays: Donor
    likeness: Likeness
    sums: dict[DonorId, tuple[FoundDonor, ...]]
    """What each of the two gave, by currency."""


def pairs_alike(session: ReadSession) -> list[tuple[Pair, Likeness]]:
    """Return the standing donors who may be one, the surest pairs first; two different codes are two people."""
    # Every name is read: likeness is no prefix that an index knows, and donors are far fewer than payments.
    names = store.names_of_givers(session)
    found = dict(_alike(tuple(names.items())))
    on_one_account = {pair for pair in store.pairs_with_one_account(session) if set(pair) <= names.keys()}
    for pair in on_one_account:
        if alike_on_one_account(names[pair[0]], names[pair[1]]):
            is_same = found.get(pair) is Likeness.SAME_NAME
            found[pair] = Likeness.SAME_NAME_AND_ACCOUNT if is_same else Likeness.LIKE_NAME_AND_ACCOUNT
    for pair in _carrying_on(session, on_one_account - found.keys()):
        found[pair] = Likeness.CARRIES_ON
    # Somebody may also give for another, again and again: a code says nothing where the names do not.
    for pair in store.pairs_with_one_code(session):
        if pair in found or (set(pair) <= names.keys() and alike_on_one_account(names[pair[0]], names[pair[1]])):
            found[pair] = Likeness.SAME_CODE
    codes = store.codes_of_donors(session, {donor for pair in found for donor in pair})
    denied = store.pairs_that_differ(session)
    order = list(Likeness)

    def is_open(pair: Pair) -> bool:
        one, other = codes.get(pair[0]), codes.get(pair[1])
        return pair not in denied and (one is None or other is None or one == other)

    return sorted(
        ((pair, likeness) for pair, likeness in found.items() if is_open(pair)),
        key=lambda each: (order.index(each[1]), names.get(each[0][0], ""), each[0]),
    )


def _carrying_on(session: ReadSession, pairs: Collection[Pair]) -> Iterator[Pair]:
    """Yield the pairs with one given name where the gifts of the one end as those of the other begin."""
    donors = people.donors(session, {donor for pair in pairs for donor in pair})
    likely = [pair for pair in pairs if may_carry_on(donors[pair[0]].name, donors[pair[1]].name)]
    periods: defaultdict[DonorId, dict[str, store.AccountPeriod]] = defaultdict(dict)
    for period in store.account_periods(session, {donor for pair in likely for donor in pair}):
        periods[period.donor][period.account] = period
    for pair in likely:
        one, other = (periods[donor] for donor in pair)
        both = [(one[account], other[account]) for account in one.keys() & other.keys()]
        if any(a.last_day < b.first_day or b.last_day < a.first_day for a, b in both):
            yield pair


@lru_cache(maxsize=2)
def _alike(names: tuple[tuple[DonorId, NameKey], ...]) -> tuple[tuple[Pair, Likeness], ...]:
    """Compare once for each state of the names: a page further asks for the same."""
    return tuple(alike_by_name(dict(names)).items())


def duplicates(session: ReadSession, pairs: Sequence[tuple[Pair, Likeness]], *, year: int) -> list[Duplicate]:
    """Return these pairs with what each of the two gave."""
    ids = sorted({donor for pair, _ in pairs for donor in pair})
    donors = people.donors(session, ids)
    codes = store.codes_of_donors(session, ids)
    sums: dict[DonorId, tuple[FoundDonor, ...]] = dict.fromkeys(ids, ())
    for row in sums_of(session, ids, year=year):
        sums[row.donor_id] = (*sums[row.donor_id], row)

    def weight(donor: DonorId) -> tuple[bool, int, int]:
        return (donor in codes, sum(row.gifts for row in sums[donor]), -donor)

    return [
        Duplicate(
            goes=donors[min(pair, key=weight)],
            stays=donors[max(pair, key=weight)],
            likeness=likeness,
            sums={donor: sums[donor] for donor in pair},
        )
        for pair, likeness in pairs
    ]


def denied(session: ReadSession) -> list[tuple[Donor, Donor]]:
    """Return the pairs of which a person said that they are two, by name."""
    pairs = store.pairs_that_differ(session)
    donors = people.donors(session, {donor for pair in pairs for donor in pair})
    return sorted(((donors[one], donors[other]) for one, other in pairs), key=lambda each: (each[0].name, each[0].id))
