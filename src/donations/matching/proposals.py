"""What to offer a person who is asked: likely answers, the best first, in an order that never varies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from donations.core.allocation import Purpose
from donations.core.donor import AppealId, Claim, CodeClaim, DonorId, PayerClaim
from donations.matching.case import Case
from donations.matching.outcome import Because, Proposal

PROPOSALS_MAX = 4
"""As many as a person sees at a glance."""

NO_GIFT_IN = Proposal(purpose=Purpose.INCOME, because=Because.NOT_A_GIFT)
NO_GIFT_OUT = Proposal(purpose=Purpose.COST, because=Because.NOT_A_GIFT)


def best(*groups: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Return the first few proposals, each answer once, for the first reason it came with."""
    answers: dict[tuple[object, ...], Proposal] = {}
    for group in groups:
        for offered in group:
            answers.setdefault((offered.purpose, offered.donor, offered.claim, offered.appeal), offered)
    return tuple(islice(answers.values(), PROPOSALS_MAX))


def gifts_by_likely_donors(case: Case, appeal: AppealId | None) -> Iterator[Proposal]:
    """Propose a gift of each donor that code, account or name speak for, then of a new one.

    Without `appeal` each donor's last one is taken, or the only one there is.
    """
    for because, donor in _likely_donors(case):
        yield Proposal(purpose=Purpose.GIFT, because=because, donor=donor, appeal=appeal or _usual_appeal(case, donor))
    yield _gift_by_somebody_new(case, appeal or _usual_appeal(case, None))


def gift_for(case: Case, appeal: AppealId, because: Because) -> Proposal:
    """Propose a gift for an appeal, by the likeliest donor."""
    likeliest = next(gifts_by_likely_donors(case, appeal))
    return Proposal(
        purpose=Purpose.GIFT, because=because, donor=likeliest.donor, claim=likeliest.claim, appeal=likeliest.appeal
    )


def gift_by(case: Case, claim: Claim, because: Because, *, appeal: AppealId | None = None) -> Proposal:
    """Propose a gift by whoever has this claim, for the given appeal, else the one that the payment names."""
    donor = case.directory.donors.get(claim)
    return Proposal(
        purpose=Purpose.GIFT,
        because=because,
        donor=donor,
        claim=claim if donor is None else None,
        appeal=appeal or case.appeal or _usual_appeal(case, donor),
    )


def gifts_by_name_really_paying(case: Case) -> Iterator[Proposal]:
    """Propose a gift of the one on whose behalf it is paid: a donor of that name, else a new one."""
    name = case.payer.on_behalf_of
    if not name:
        return
    for donor in sorted(case.directory.donors_by_name.get(name, ())):
        yield Proposal(
            purpose=Purpose.GIFT,
            because=Because.ON_BEHALF_OF,
            donor=donor,
            appeal=case.appeal or _usual_appeal(case, donor),
        )
    if case.payer.iban is not None:
        yield gift_by(case, PayerClaim(case.payer.iban, name), Because.ON_BEHALF_OF)


def refunds(case: Case) -> Iterator[Proposal]:
    """Propose a refund to each likely donor: first those who once gave this very amount."""
    minor, iban = case.payment.money.amount.minor, case.payer.iban
    likely = list(_likely_donors(case))
    amounts = case.directory.gift_amounts
    returned = [donor for _, donor in likely if iban is not None and minor in amounts.get((iban, donor), ())]
    for because, donor in [*((Because.RETURNED_AMOUNT, donor) for donor in returned), *likely]:
        appeal = case.appeal or _usual_appeal(case, donor)
        yield Proposal(purpose=Purpose.REFUND, because=because, donor=donor, appeal=appeal)


def _likely_donors(case: Case) -> Iterator[tuple[Because, DonorId]]:
    """Yield known donors: by code, by account and name, by account alone, by name alone."""
    directory, payer = case.directory, case.payer
    if payer.code is not None:
        donor = directory.donors.get(CodeClaim(payer.code))
        if donor is not None:
            yield Because.SAME_CODE, donor
    if payer.iban is not None:
        for claim in directory.claims_on(iban=payer.iban, name=payer.name):
            if claim in directory.donors:
                yield Because.SAME_IBAN, directory.donors[claim]
        for donor in sorted(directory.givers.get(payer.iban, ())):
            yield Because.SAME_IBAN, donor
    if payer.name:
        for donor in sorted(directory.donors_by_name.get(payer.name, ())):
            yield Because.SAME_NAME, donor


def _gift_by_somebody_new(case: Case, appeal: AppealId | None) -> Proposal:
    payer = case.payer
    claim: Claim | None = case.directory.claim_of(payer)
    if payer.iban is None and payer.code is not None:
        claim = CodeClaim(payer.code)
    if claim is not None:
        return gift_by(case, claim, Because.NEW_DONOR, appeal=appeal)
    because = Because.NEW_DONOR if payer.name else Because.ANONYMOUS
    return Proposal(purpose=Purpose.GIFT, because=because, appeal=appeal)


def _usual_appeal(case: Case, donor: DonorId | None) -> AppealId | None:
    last = None if donor is None else case.directory.last_appeal.get(donor)
    appeal = last or case.directory.only_appeal
    return None if appeal is None else appeal.id
