"""Two donors become one, and two again: a fact beside the gifts, which all stay booked for whom they were.

So is what the bank's lines link (`store/donors/grouping.py`); a person's "they are two" outranks it.

What the merge settles is judged again: an account that both use is no longer several donors'.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from donations.acts.erasing import refuse_restricted
from donations.acts.judging_claims import Became, rejudge
from donations.core.donor import ANONYMOUS, Claim, CodeClaim, Donor, DonorId
from donations.core.money import Currency, Minor
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.ledger.retention import unnamed
from donations.store.donors import people
from donations.store.donors.links import keep_together, let_link_go, link_with_id, renew_surviving
from donations.store.donors.merges import Merge, add_merge, mark_distinct, merge_with_id, part_merge, unmark_distinct
from donations.store.donors.restricted import is_partly_restricted
from donations.store.giving.donor_giving import month_sums_of, payers_of
from donations.store.giving.streams import renew_regular_gifts
from donations.store.session import ReadSession, WriteSession, as_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedYear:
    """What a donor gave in a year, refunds taken off."""

    year: int
    currency: Currency
    gifts: int
    minor: Minor


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeSide:
    """A donor as a merge shows it."""

    donor: Donor
    accounts: tuple[str, ...]
    names: tuple[str, ...]
    """As the bank spells them."""
    has_code: bool
    years: tuple[MergedYear, ...]

    @property
    def sums(self) -> dict[tuple[int, Currency], MergedYear]:
        """What was given by year and currency."""
        return {(each.year, each.currency): each for each in self.years}


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeResult:
    """What merging or taking apart comes to: two donors, the one that they are together, and what was judged again."""

    goes: MergeSide
    stays: MergeSide
    together: MergeSide
    became: Became

    @property
    def years(self) -> list[tuple[int, Currency]]:
        """Every year with its currencies in which any of them gave, the latest first."""
        return sorted({*self.goes.sums, *self.stays.sums, *self.together.sums}, reverse=True)


def merge(session: WriteSession, goes: DonorId, *, into: DonorId, reason: str, by: str, now: datetime) -> MergeResult:
    """Let one donor go up in another, with all that was merged into it before. Raises `Refusal`."""
    reader = as_reader(session)
    _check(reader, goes, into)
    sides = side(reader, goes), side(reader, into)
    claims = [*people.claims_of(reader, goes), *people.claims_of(reader, into)]
    unmark_distinct(session, goes, into)
    add_merge(session, goes, into=into, reason=reason, by=by, at=now)
    became = _settle(session, {goes, into}, claims, now=now)
    return MergeResult(goes=sides[0], stays=sides[1], together=side(reader, into), became=became)


def unmerge(session: WriteSession, number: int, *, by: str, now: datetime) -> MergeResult:
    """Let a merged donor stand for itself again, with all that was merged into it. Raises `Refusal`."""
    reader = as_reader(session)
    found = _merge_in_force(reader, number)
    top = people.donors(reader, [found.donor])[found.donor].id
    refuse_restricted(reader, [top])
    together = side(reader, top)
    claims = people.claims_of(reader, top)
    part_merge(session, number, by=by, at=now)
    became = _settle(session, {found.donor, top}, claims, now=now)
    return MergeResult(goes=side(reader, found.donor), stays=side(reader, top), together=together, became=became)


def part_link(session: WriteSession, number: int, *, by: str, now: datetime) -> MergeResult:
    """Let two donors be two whom the bank's lines link, whatever else links them. Raises `Refusal`."""
    reader = as_reader(session)
    link = link_with_id(reader, number)
    if link is None:
        raise Refusal(DonorCode.UNKNOWN_MERGE)
    top = people.donors(reader, [link.one])[link.one].id
    is_hidden = is_partly_restricted(reader, top)
    if not is_hidden:
        refuse_restricted(reader, [top])
    together = side(reader, top)
    claims = people.claims_of(reader, top)
    call_two(session, link.one, link.other, by=by, now=now)
    became = _settle(session, {link.one, link.other, top}, claims, now=now)
    goes = link.other if link.one == top else link.one
    sides = [together, side(reader, top), side(reader, goes)]
    if is_hidden:  # whoever decides sees figures: that the two are one is what the books say until then
        sides, became = [_unnamed(each) for each in sides], replace(became, moved=())
    return MergeResult(together=sides[0], stays=sides[1], goes=sides[2], became=became)


def call_two(session: WriteSession, one: DonorId, other: DonorId, *, by: str, now: datetime) -> None:
    """Remember that two donors are two: no line links them from now on."""
    keep_together(session, {one, other})
    let_link_go(session, one, other)
    mark_distinct(session, one, other, by=by, at=now)
    renew_surviving(session, {one, other})


def forget_two(session: WriteSession, one: DonorId, other: DonorId, *, now: datetime) -> None:
    """Forget that two donors are two: what the bank's lines say of them counts again."""
    unmark_distinct(session, one, other)
    claims = [*people.claims_of(as_reader(session), one), *people.claims_of(as_reader(session), other)]
    rejudge(session, claims, now=now)


def side(session: ReadSession, donor: DonorId) -> MergeSide:
    """Return a standing donor as a merge shows it."""
    payers = payers_of(session, donor)
    claims = people.claims_of(session, donor)
    claimed = [str(claim.iban) for claim in claims if not isinstance(claim, CodeClaim)]
    sums: Counter[tuple[int, Currency]] = Counter()
    counts: Counter[tuple[int, Currency]] = Counter()
    for each in month_sums_of(session, donor):
        sums[each.year, each.currency] += each.minor
        counts[each.year, each.currency] += each.gifts
    return MergeSide(
        donor=people.donors(session, [donor])[donor],
        accounts=tuple(sorted({*claimed, *(each.account for each in payers if each.account)})),
        names=tuple(sorted({each.name for each in payers if each.name})),
        has_code=any(isinstance(claim, CodeClaim) for claim in claims),
        years=tuple(
            MergedYear(year=year, currency=currency, gifts=counts[year, currency], minor=minor)
            for (year, currency), minor in sorted(sums.items(), reverse=True)
        ),
    )


def _unnamed(side: MergeSide) -> MergeSide:
    donor = replace(side.donor, name=unnamed(side.donor.id))
    return replace(side, donor=donor, accounts=(), names=())


def _check(session: ReadSession, goes: DonorId, into: DonorId) -> None:
    known = people.donors(session, [goes, into])
    for each in (goes, into):
        if each not in known:
            raise Refusal(DonorCode.UNKNOWN_DONOR)
        if known[each].id != each:
            raise Refusal(DonorCode.MERGED_ALREADY, donor=each, into=known[each].id)
    if goes == into:
        raise Refusal(DonorCode.SAME_DONOR)
    refuse_restricted(session, (goes, into))
    if ANONYMOUS in {goes, into}:
        raise Refusal(DonorCode.ANONYMOUS_DONOR)
    claims = [*people.claims_of(session, goes), *people.claims_of(session, into)]
    if len({claim for claim in claims if isinstance(claim, CodeClaim)}) > 1:
        raise Refusal(DonorCode.TWO_CODES)


def _merge_in_force(session: ReadSession, number: int) -> Merge:
    found = merge_with_id(session, number)
    if found is None:
        raise Refusal(DonorCode.UNKNOWN_MERGE)
    if found.parted_by is not None:
        raise Refusal(DonorCode.APART_ALREADY)
    return found


def _settle(session: WriteSession, donors: set[DonorId], claims: list[Claim], *, now: datetime) -> Became:
    renew_regular_gifts(session, donors)
    return rejudge(session, claims, now=now)
