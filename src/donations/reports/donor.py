"""One donor: what was given and when, how recognised, who pays for whom, and what people noted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from donations.core.donor import ANONYMOUS, LEGAL_FORMS, Claim, CodeClaim, Donor, DonorId, DonorKind, PayerClaim
from donations.core.donor_field import donor_fields
from donations.core.money import totals
from donations.core.name import NameKey, in_title_case, name_key
from donations.core.person_code import CheckedCode
from donations.ledger.rhythm import Every, Regular, regular_gifts
from donations.matching.payer import is_registry_code
from donations.store.donors import people
from donations.store.donors.donor_facts import consents_of, names_before, newest_field_values, notes_of
from donations.store.donors.links import links_behind
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
from donations.store.listing import donor_with_id
from donations.store.session import ReadSession
from donations.store.statements.coverage import CoveredDays, covered_days
from donations.views.donor import (
    AssignedClaim,
    ConsentView,
    DonorLinkView,
    DonorNoteView,
    FieldView,
    FormerName,
    KnownDonor,
    PastMerge,
    PayerView,
    PeriodGifts,
    RegularGiftView,
    UsedAccount,
    given_views,
)
from donations.views.value import Named, money, money_by_currency

Key = TypeVar("Key", int, tuple[int, int])

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


def known_donor(session: ReadSession, number: int) -> KnownDonor | None:
    """Return a donor, or the one that it was merged into; None of a restricted one, and where there is none."""
    found = donor_with_id(session, number)
    if found is None:
        return None
    donor = Donor(id=found.id, name=found.name)
    claims = people.claims_of(session, donor.id)
    words = claim_words(session, donor.id)
    months = month_sums_of(session, donor.id)
    payers = payers_of(session, donor.id)
    codes = {claim.code for claim in claims if isinstance(claim, CodeClaim)}
    payer_claims = [claim for claim in claims if isinstance(claim, PayerClaim)]
    merges = merges_of(session, donor.id)
    own = _own(donor, codes, payer_claims, {word.claim for word in words}, merges)
    paying = [each for each in payers if own.is_own(each)]
    payments = count_from(session, donor.id, {each.account for each in paying}, {each.name for each in paying})
    accounts = _accounts(paying, payments, payer_claims)
    beside = others_paying_from(session, [each.number for each in accounts], donor.id)
    values, consents = newest_field_values(session, donor.id), consents_of(session, donor.id)
    return KnownDonor.made_of(
        found,
        given=given_views(found),
        accounts=list(dict.fromkeys(str(claim.iban) for claim in payer_claims)),
        has_code=bool(codes),
        contacts={key: values[key].value for key in donor_fields() if key in values},
        kind=_kind(donor, codes),
        months=[
            _of_period(f"{year}-{month:02}", sums)
            for (year, month), sums in _by(months, lambda each: (each.year, each.month))
        ],
        years=[_of_period(str(year), sums) for year, sums in reversed(_by(months, lambda each: each.year))],
        regular=list(map(_regular, rhythms_of(session, donor.id))),
        used_accounts=accounts,
        paid_by_others=[_payer(each) for each in payers if not own.is_own(each)],
        paid_for_others=[_payer(each) for each in beside if own.is_own(each) and each.name],
        neighbours=[_payer(each) for each in beside if not own.is_own(each)],
        assigned=list(map(_assigned, words)),
        fields_kept={key: FieldView.made_of(values[key]) for key in donor_fields() if key in values},
        consents=list(map(ConsentView.made_of, consents.latest.values())),
        earlier_consents=list(map(ConsentView.made_of, consents.earlier)),
        notes=list(map(DonorNoteView.made_of, notes_of(session, donor.id))),
        former_names=list(map(FormerName.made_of, names_before(session, donor.id))),
        merges=list(map(_merge, merges)),
        links=list(map(DonorLinkView.made_of, links_behind(session, donor.id))),
        newer_name=None if donor.id == ANONYMOUS else newer_name(session, donor.id),
    )


def _by(months: Iterable[DonorMonthSum], key: Callable[[DonorMonthSum], Key]) -> list[tuple[Key, list[DonorMonthSum]]]:
    found: defaultdict[Key, list[DonorMonthSum]] = defaultdict(list)
    for each in months:
        found[key(each)].append(each)
    return sorted(found.items())


def _of_period(period: str, sums: Sequence[DonorMonthSum]) -> PeriodGifts:
    return PeriodGifts(period=period, gifts=sum(each.gifts for each in sums), totals=money_by_currency(totals(sums)))


def _regular(rhythm: Rhythm) -> RegularGiftView:
    return RegularGiftView.made_of(
        rhythm.regular,
        every=int(rhythm.regular.every),
        usual=money(rhythm.regular.usual, rhythm.regular.last.currency),
        is_missed=rhythm.state is RegularState.MISSED,
    )


def _payer(each: PayingAccount) -> PayerView:
    return PayerView.made_of(each, name=in_title_case(each.name), donor=Named(id=each.donor_id, name=each.donor))


def _assigned(word: ClaimAssignment) -> AssignedClaim:
    iban, name = (str(word.claim.iban), word.claim.name) if isinstance(word.claim, PayerClaim) else ("", "")
    return AssignedClaim.made_of(word, id=word.claim_id, account=iban, name=name)


def _merge(each: Merge) -> PastMerge:
    donor, into = Named(id=each.donor, name=each.name), Named(id=each.into, name=each.into_name)
    return PastMerge.made_of(each, donor=donor, into=into)


def _own(
    donor: Donor,
    codes: set[CheckedCode],
    claims: Iterable[PayerClaim],
    said: Collection[Claim],
    merges: Iterable[Merge],
) -> _Own:
    names = {
        name_key(donor.name),
        *(claim.name for claim in claims if claim not in said),
        *(name_key(each.name) for each in merges if each.parted_by is None),
    }
    return _Own(names=names, codes={str(code) for code in codes})


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


def _accounts(
    payers: Sequence[PayingAccount], payments: Mapping[str, int], claims: Iterable[PayerClaim]
) -> list[UsedAccount]:
    seen: defaultdict[str, list[PayingAccount]] = defaultdict(list)
    for each in payers:
        if each.account:
            seen[each.account].append(each)
    unused = {str(claim.iban) for claim in claims} - seen.keys()
    return [
        *(
            UsedAccount(
                number=number,
                names=list(dict.fromkeys(in_title_case(each.name) for each in many if each.name)),
                payments=payments[number],
                first_day=min(each.first_day for each in many),
                last_day=max(each.last_day for each in many),
            )
            for number, many in seen.items()
        ),
        *(UsedAccount(number=number, names=[], payments=0, first_day=None, last_day=None) for number in sorted(unused)),
    ]
