"""One donor: what was given and when, how recognised, who pays for whom, and what people noted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from donations.core.donor import ANONYMOUS, LEGAL_FORMS, CodeClaim, Donor, DonorId, DonorKind, PayerClaim
from donations.core.money import Currency, Minor, totals
from donations.core.name import NameKey, name_key
from donations.core.person_code import CheckedCode
from donations.ledger.rhythm import Every, Regular, regular_gifts
from donations.matching.payer import is_registry_code
from donations.store.donors import people
from donations.store.donors.donor_facts import (
    Consents,
    DonorFieldValue,
    DonorNote,
    NameBefore,
    consents_of,
    names_before,
    newest_field_values,
    notes_of,
)
from donations.store.donors.links import LinkOfDonors, links_behind
from donations.store.donors.merges import Merge, merges_of
from donations.store.donors.names import newer_name
from donations.store.donors.registered import ClaimAssignment, claim_words
from donations.store.giving.donor_giving import (
    DonorMonthSum,
    PayingAccount,
    count_from,
    month_sums_of,
    others_paying_from,
    payers_of,
)
from donations.store.giving.regular_gifts import gifts_of
from donations.store.session import ReadSession
from donations.store.statements.coverage import CoveredDays, covered_days

__all__ = ["Every", "Regular", "RegularState", "Rhythm", "rhythms_of"]


class RegularState(StrEnum):
    """Whether a regular gift keeps coming."""

    KEEPS_COMING = "keeps_coming"
    """The next one is not due yet, or the statements of its days are not in yet."""
    MISSED = "missed"
    """The next one was due, and statements that cover its days do not show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """One regular gift of a donor: every, day, usual amount, since when, how many in a row; and how it stands."""

    regular: Regular
    state: RegularState


def rhythms_of(session: ReadSession, donor: DonorId) -> tuple[Rhythm, ...]:
    """Return the regular gifts of a standing donor; none where the giving is irregular, or many people's."""
    if donor == ANONYMOUS:
        return ()
    covered = covered_days(session)
    return tuple(
        Rhythm(regular=regular, state=_state(regular, covered))
        for _, gifts in gifts_of(session, [donor])
        for regular in regular_gifts(gifts)
    )


def _state(regular: Regular, covered: CoveredDays) -> RegularState:
    passed = covered.has_passed(regular.last.account_id, regular.next_due)
    return RegularState.MISSED if passed else RegularState.KEEPS_COMING


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedAccount:
    """An account from which gifts of a donor came; a claim that nothing came by yet has no days."""

    number: str
    names: tuple[str, ...]
    """As the bank spells them."""
    payments: int
    """Each once, however many statements show it."""
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorPage:
    """Everything on a donor but the list of gifts."""

    donor: Donor
    kind: DonorKind
    code: CheckedCode | None
    """Never shown: only that it is there, and what of."""
    months: tuple[DonorMonthSum, ...]
    years: tuple[tuple[int, int, tuple[tuple[Currency, Minor], ...]], ...]
    """Each with the number of gifts and its sums by currency, the newest first."""
    totals: tuple[tuple[Currency, Minor], ...]
    gifts: int
    rhythms: tuple[Rhythm, ...]
    accounts: tuple[UsedAccount, ...]
    paid_by_others: tuple[PayingAccount, ...]
    paid_for_others: tuple[PayingAccount, ...]
    neighbours: tuple[PayingAccount, ...]
    """Others whose gifts come from the same accounts under names of their own."""
    words: tuple[ClaimAssignment, ...]
    fields: Mapping[str, DonorFieldValue]
    """By the keys of the fields; none where nothing stands in it."""
    consents: Consents
    notes: tuple[DonorNote, ...]
    names_before: tuple[NameBefore, ...]
    merges: tuple[Merge, ...]
    links: tuple[LinkOfDonors, ...]
    """Donors who are one by what the bank writes."""
    newer_name: str | None
    """What the newest payments call the donor, where it is another name."""


def donor_page(session: ReadSession, donor: Donor) -> DonorPage:
    """Return everything on a standing donor."""
    claims = people.claims_of(session, donor.id)
    words = claim_words(session, donor.id)
    months = tuple(month_sums_of(session, donor.id))
    payers = payers_of(session, donor.id)
    codes = {claim.code for claim in claims if isinstance(claim, CodeClaim)}
    said = {word.claim for word in words}
    payer_claims = [claim for claim in claims if isinstance(claim, PayerClaim)]
    merges = merges_of(session, donor.id)
    own = _Own(
        names={
            name_key(donor.name),
            *(claim.name for claim in payer_claims if claim not in said),
            *(name_key(each.name) for each in merges if each.parted_by is None),
        },
        codes={str(code) for code in codes},
    )
    paying = [each for each in payers if own.is_own(each)]
    payments = count_from(session, donor.id, {each.account for each in paying}, {each.name for each in paying})
    accounts = _accounts(paying, payments, payer_claims)
    beside = others_paying_from(session, [each.number for each in accounts], donor.id)
    return DonorPage(
        donor=donor,
        kind=_kind(donor, codes),
        code=min(codes, default=None),
        months=months,
        years=_years(months),
        totals=totals(months),
        gifts=sum(each.gifts for each in months),
        rhythms=rhythms_of(session, donor.id),
        accounts=accounts,
        paid_by_others=tuple(each for each in payers if not own.is_own(each)),
        paid_for_others=tuple(each for each in beside if own.is_own(each) and each.name),
        neighbours=tuple(each for each in beside if not own.is_own(each)),
        words=tuple(words),
        fields=newest_field_values(session, donor.id),
        consents=consents_of(session, donor.id),
        notes=tuple(notes_of(session, donor.id)),
        names_before=tuple(names_before(session, donor.id)),
        merges=tuple(merges),
        links=tuple(links_behind(session, donor.id)),
        newer_name=None if donor.id == ANONYMOUS else newer_name(session, donor.id),
    )


@dataclass(frozen=True, slots=True)
class _Own:
    """By what a payer is the donor."""

    names: set[NameKey]
    codes: set[str]

    def is_own(self, payer: PayingAccount) -> bool:
        """Whether it is the donor who pays: by code, by name, or as far as the bank says nothing else."""
        return not payer.name or payer.code in self.codes or name_key(payer.name) in self.names


def _kind(donor: Donor, codes: set[CheckedCode]) -> DonorKind:
    if codes:
        is_organisation = any(map(is_registry_code, codes))
    else:
        is_organisation = not set(name_key(donor.name).split()).isdisjoint(LEGAL_FORMS)
    return DonorKind.ORGANISATION if is_organisation else DonorKind.PERSON


def _years(months: Iterable[DonorMonthSum]) -> tuple[tuple[int, int, tuple[tuple[Currency, Minor], ...]], ...]:
    by_year: defaultdict[int, list[DonorMonthSum]] = defaultdict(list)
    for each in months:
        by_year[each.year].append(each)
    return tuple(
        (year, sum(each.gifts for each in by_year[year]), totals(by_year[year]))
        for year in sorted(by_year, reverse=True)
    )


def _accounts(
    payers: Sequence[PayingAccount], payments: Mapping[str, int], claims: Iterable[PayerClaim]
) -> tuple[UsedAccount, ...]:
    seen: defaultdict[str, list[PayingAccount]] = defaultdict(list)
    for each in payers:
        if each.account:
            seen[each.account].append(each)
    unused = {str(claim.iban) for claim in claims} - seen.keys()
    return (
        *(
            UsedAccount(
                number=number,
                names=tuple(dict.fromkeys(each.name for each in many if each.name)),
                payments=payments[number],
                first_day=min(each.first_day for each in many),
                last_day=max(each.last_day for each in many),
            )
            for number, many in seen.items()
        ),
        *(UsedAccount(number=number, names=(), payments=0, first_day=None, last_day=None) for number in sorted(unused)),
    )
