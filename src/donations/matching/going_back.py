"""Who may get a gift back, and which gift: what a refund is asked about with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from donations.core.allocation import Purpose
from donations.core.donor import CodeClaim, DonorId
from donations.matching.case import Case
from donations.matching.outcome import Because, Proposal
from donations.matching.past import GivenGift
from donations.matching.proposals import NO_GIFT_OUT, best, usual_appeal


def payees(case: Case) -> list[DonorId]:
    """Return the donors with gifts whom code, account or name of a payment mean, the surest first.

    An account that somebody wrote into the text is no more than a hint, and means nobody here.
    """
    directory, payer = case.directory, case.payer
    by_code = None if payer.code is None else directory.donors.get(CodeClaim(payer.code))
    by_account = frozenset[DonorId]() if payer.iban is None else directory.givers.get(payer.iban, frozenset())
    by_name = directory.donors_by_name.get(payer.name, frozenset())
    every = (*([] if by_code is None else [by_code]), *sorted(by_account), *sorted(by_name))
    return [donor for donor in dict.fromkeys(every) if donor in directory.given]


def returns_an_amount(case: Case, donors: Iterable[DonorId]) -> bool:
    """Whether some of these donors once gave just this amount before."""
    return any(_is_just_that(case, gift) for donor in donors for gift in case.directory.given[donor])


def refunds(case: Case) -> tuple[Proposal, ...]:
    """Propose which gift went back, first of those of the same amount, the newest first; never more than is left."""
    found = best(_same_amounts(case), _larger_gifts(case))
    if found:
        return best(found[:3], [NO_GIFT_OUT])
    nothing_left = Proposal(purpose=Purpose.COST, because=Because.NOTHING_LEFT)
    return best([nothing_left if payees(case) else NO_GIFT_OUT])


def _same_amounts(case: Case) -> Iterator[Proposal]:
    for donor in payees(case):
        for gift in _newest_first(case, donor):
            if _is_just_that(case, gift) and gift.left == gift.minor:
                yield _refund(donor, gift, Because.RETURNED_AMOUNT)


def _larger_gifts(case: Case) -> Iterator[Proposal]:
    """Yield of each donor the newest gift of which enough is left, else whatever is left of all of them."""
    amount = case.payment.money.amount
    for donor in payees(case):
        left = [gift for gift in _newest_first(case, donor) if gift.left]
        enough = next((gift for gift in left if gift.left >= amount.minor), None)
        if enough is not None:
            yield _refund(donor, enough, Because.GIFT_LEFT)
        elif sum(gift.left for gift in left) >= amount.minor:
            appeal = case.appeal or usual_appeal(case, donor)
            yield Proposal(purpose=Purpose.REFUND, because=Because.GIFT_LEFT, donor=donor, appeal=appeal)


def _refund(donor: DonorId, gift: GivenGift, because: Because) -> Proposal:
    return Proposal(purpose=Purpose.REFUND, because=because, donor=donor, appeal=gift.appeal, about=gift.payment)


def _newest_first(case: Case, donor: DonorId) -> list[GivenGift]:
    """Return a donor's gifts before the payment, in its currency."""
    payment = case.payment
    before = (gift for gift in case.directory.given[donor] if gift.day <= payment.booked_on)
    same = (gift for gift in before if gift.currency == payment.money.amount.currency)
    return sorted(same, key=lambda gift: (gift.day, gift.payment), reverse=True)


def _is_just_that(case: Case, gift: GivenGift) -> bool:
    amount = case.payment.money.amount
    return (gift.minor, gift.currency) == (amount.minor, amount.currency) and gift.day <= case.payment.booked_on
