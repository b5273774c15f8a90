"""What to offer a person who is asked: likely answers, the best first, in an order that never varies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from donations.core.donor import LEGAL_FORMS, Appeal, AppealId, Claim, CodeClaim, DonorId, PayerClaim
from donations.core.iban import ibans_in
from donations.core.payment import Purpose
from donations.matching.against import is_thankful
from donations.matching.case import Case
from donations.matching.outcome import Because, Proposal
from donations.matching.payer import NoDonor

PROPOSALS_MAX = 4
"""As many as a person sees at a glance."""

NO_GIFT_OUT = Proposal(purpose=Purpose.COST, because=Because.NOT_A_GIFT)


def best(*groups: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Return the first few proposals, each answer once, for the first reason it came with."""
    answers: dict[tuple[object, ...], Proposal] = {}
    for group in groups:
        for offered in group:
            key = (offered.purpose, offered.donor, offered.claim, offered.appeal, offered.about, offered.part)
            answers.setdefault(key, offered)
    return tuple(islice(answers.values(), PROPOSALS_MAX))


def with_appeals(offers: Iterable[Proposal], appeals: Iterable[Appeal]) -> tuple[Proposal, ...]:
    """Return proposals that can be taken as they are: one for no certain appeal is one for each of the oldest two."""
    oldest = sorted(appeal.id for appeal in appeals)[:2]
    return best(
        *(
            [replace(offer, appeal=appeal) for appeal in oldest]
            if offer.purpose is Purpose.GIFT and offer.appeal is None and oldest
            else [offer]
            for offer in offers
        )
    )


def income(because: Because = Because.NOT_A_GIFT) -> Proposal:
    """Propose that money in is no gift."""
    return Proposal(purpose=Purpose.INCOME, because=because)


def gift_or_income(case: Case) -> tuple[Proposal, ...]:
    """Propose gifts first, unless the text speaks of something else, or an organisation says nothing of a gift."""
    gifts = [*gifts_by_name_really_paying(case), *gifts_by_likely_donors(case, case.appeal)]
    if case.text.speaks_against is not None:
        return best([income(Because.OTHER_PURPOSE)], gifts)
    if not gifts:
        return best([income(Because.NOTHING_SAID)])
    is_known = any(gift.donor is not None for gift in gifts)
    if is_known or _is_a_person(case) or is_thankful(case.written.folded):
        return best(gifts, [income()])
    return best([income(Because.NOTHING_SAID)], gifts)


def gifts_of_institution(case: Case) -> tuple[Proposal, ...]:
    """Propose what money may be that a bank, a payment institution or a public body sends."""
    appeal = case.appeal or usual_appeal(case, None)
    no_gift = [income(Because.NO_DONOR)]
    if case.institution is NoDonor.PUBLIC:
        return best(no_gift, gifts_by_likely_donors(case, appeal) if case.text.named else ())
    unnamed = Proposal(purpose=Purpose.GIFT, because=Because.ANONYMOUS, appeal=appeal)
    gifts = [*gifts_by_likely_donors(case, appeal), unnamed]
    return best(gifts, no_gift) if case.text.named and case.text.speaks_against is None else best(no_gift, gifts)


def gifts_by_likely_donors(case: Case, appeal: AppealId | None) -> Iterator[Proposal]:
    """Propose a gift of each donor that code or account speak for, then of a new one, then of those of that name.

    A name alone identifies nobody, so it never comes before a new donor. Without `appeal` each donor's last one is
    taken, or the only one there is. A bank is no donor, old or new.
    """
    likely = list(likely_donors(case))
    for because, donor in likely:
        yield _gift_of(case, donor, because, appeal)
    if case.institution is NoDonor.BANK:
        return
    named = case.directory.donors_by_name.get(case.payer.name, frozenset()) if case.payer.name else frozenset()
    namesakes = sorted(named.difference(donor for _, donor in likely))
    new = Because.NAMESAKE if namesakes else Because.NEW_DONOR
    yield _gift_by_somebody_new(case, appeal or usual_appeal(case, None), new)
    for donor in namesakes:
        yield _gift_of(case, donor, Because.SAME_NAME, appeal)


def gift_for(case: Case, appeal: AppealId, because: Because) -> Iterator[Proposal]:
    """Propose a gift for an appeal, by the likeliest donor; somebody new is told from those of that name."""
    offers = list(gifts_by_likely_donors(case, appeal))
    if offers and offers[0].because is Because.NAMESAKE:
        yield from offers
    else:
        yield from (replace(likeliest, because=because) for likeliest in offers[:1])


def gift_by(case: Case, claim: Claim, because: Because, *, appeal: AppealId | None = None) -> Proposal:
    """Propose a gift by whoever has this claim, for the given appeal, else the one that the payment names."""
    donor = case.directory.donors.get(claim)
    return Proposal(
        purpose=Purpose.GIFT,
        because=because,
        donor=donor,
        claim=claim if donor is None else None,
        appeal=appeal or case.appeal or usual_appeal(case, donor),
    )


def gifts_by_name_really_paying(case: Case) -> Iterator[Proposal]:
    """Propose a gift of the one on whose behalf it is paid: known with that account, else new, else of that name."""
    name = case.payer.on_behalf_of
    if not name:
        return
    if case.payer.iban is not None:
        yield gift_by(case, PayerClaim(case.payer.iban, name), Because.ON_BEHALF_OF)
    for donor in sorted(case.directory.donors_by_name.get(name, ())):
        yield _gift_of(case, donor, Because.ON_BEHALF_OF, case.appeal)


def likely_donors(case: Case) -> Iterator[tuple[Because, DonorId]]:
    """Yield known donors: by code, by account and name, by account alone, by an account in the text.

    Of a bank, its account says nothing.
    """
    directory, payer = case.directory, case.payer
    is_bank = case.institution is NoDonor.BANK
    if payer.code is not None:
        donor = directory.donors.get(CodeClaim(payer.code))
        if donor is not None:
            yield Because.SAME_CODE, donor
    if payer.iban is not None and not is_bank:
        for claim in directory.claims_on(iban=payer.iban, name=payer.name):
            if claim in directory.donors:
                yield Because.SAME_IBAN, directory.donors[claim]
        for donor in sorted(directory.givers.get(payer.iban, ())):
            yield Because.SAME_IBAN, donor
    for iban in ibans_in(case.payment.text):
        for donor in sorted(directory.givers.get(iban, ())):
            yield Because.IBAN_IN_TEXT, donor


def _gift_of(case: Case, donor: DonorId, because: Because, appeal: AppealId | None) -> Proposal:
    return Proposal(purpose=Purpose.GIFT, because=because, donor=donor, appeal=appeal or usual_appeal(case, donor))


def _gift_by_somebody_new(case: Case, appeal: AppealId | None, new: Because) -> Proposal:
    payer = case.payer
    claim = case.claim
    if payer.iban is None and payer.code is not None:
        claim = CodeClaim(payer.code)
    if claim is not None:
        return gift_by(case, claim, new, appeal=appeal)
    because = new if payer.name else Because.ANONYMOUS
    return Proposal(purpose=Purpose.GIFT, because=because, appeal=appeal)


def usual_appeal(case: Case, donor: DonorId | None) -> AppealId | None:
    """Return what a donor last gave for, or the only appeal there is."""
    day = case.payment.booked_on
    last = None if donor is None else case.directory.last_appeal.get(donor)
    appeal = last if last is not None and last.goes_on(day) else case.directory.only_appeal(day)
    return None if appeal is None else appeal.id


def _is_a_person(case: Case) -> bool:
    """Whether a person seems to pay: a name of two words and more without a legal form."""
    words = case.payer.name.split()
    return len(words) > 1 and case.institution is None and not set(words).intersection(LEGAL_FORMS)
