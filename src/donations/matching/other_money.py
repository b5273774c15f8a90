"""Rules for money that is no new gift: the bank's own rows, own accounts, returns, and money out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from donations.core.donor import CodeClaim, DonorId
from donations.core.payment import Purpose
from donations.core.statement import LineKind
from donations.matching import outcome
from donations.matching.against import What
from donations.matching.case import Case
from donations.matching.directory import GivenGift, PaidOut, other_side, went_out_before
from donations.matching.keywords import NearKeyword, NoKeyword
from donations.matching.outcome import Ask, AskReason, Because, NotAGift, Outcome, OutcomeCause, Proposal, Reason
from donations.matching.proposals import NO_GIFT_OUT, best, gifts_by_likely_donors, income, usual_appeal


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


_BANK_KINDS = {
    LineKind.FEE: OutcomeCause.BANK_FEE,
    LineKind.INTEREST: OutcomeCause.BANK_INTEREST,
    LineKind.TAX: OutcomeCause.BANK_TAX,
}


def bank_kind(case: Case, rule: str) -> Outcome | None:
    """Interest, fees and taxes, by the bank's own transaction code: other income or a cost."""
    cause = _BANK_KINDS.get(case.payment.kind)
    if cause is None:
        return None
    purpose = Purpose.INCOME if case.is_money_in else Purpose.COST
    return NotAGift(purpose=purpose, reason=Reason(rule=rule, code=cause))


def own_account(case: Case, rule: str) -> Outcome | None:
    """The other side is an own account: a transfer, whatever the text says."""
    if case.account not in case.directory.own_accounts:
        return None
    return NotAGift(purpose=Purpose.TRANSFER, reason=Reason(rule=rule, code=OutcomeCause.OWN_ACCOUNT))


def own_name(case: Case, rule: str) -> Outcome | None:
    """The other side has the organisation's own name: a transfer, from or to an account that is not known as own.

    Money out without an account may name an own one in its text, as banks write it there that have no field for it.
    """
    names_own = not case.is_money_in and case.account is None and case.directory.names_own_account(case.payment.text)
    if not names_own and case.payer.name not in case.directory.own_names:
        return None
    side = other_side(case.payment, case.directory.own_sides)
    because = Because.OWN_NAME if side is None else Because.OTHER_SIDE
    transfer = Proposal(purpose=Purpose.TRANSFER, because=because, about=side and side.payment)
    other = Purpose.INCOME if case.is_money_in else Purpose.COST
    offers = best([transfer, Proposal(purpose=other, because=Because.NOT_A_GIFT)])
    return Ask.by(rule, AskReason.OWN_MONEY, offers, seen=outcome.of_case(case))


def payment_returned(case: Case, rule: str) -> Outcome | None:
    """Money in that the bank marks as a return: a payment of ours came back, asked about where that was a refund."""
    if not (case.is_money_in and case.payment.is_reversal):
        return None
    out = went_out_before(case.payment, case.directory.paid_out)
    if out is not None and out.refund_of is not None:
        return _came_back(case, rule, out)
    return NotAGift(purpose=Purpose.INCOME, reason=Reason(rule=rule, code=OutcomeCause.PAYMENT_RETURNED))


def came_back(case: Case, rule: str) -> Outcome | None:
    """Money in of an amount that went out to the same account shortly before: perhaps the same money."""
    out = went_out_before(case.payment, case.directory.paid_out) if case.is_money_in else None
    return None if out is None else _came_back(case, rule, out)


def _came_back(case: Case, rule: str, out: PaidOut) -> Ask:
    back = Proposal(purpose=Purpose.INCOME, because=Because.CAME_BACK, about=out.payment)
    first = [back]
    if out.refund_of is not None:
        appeal = out.appeal or case.appeal or usual_appeal(case, out.refund_of)
        again = Proposal(
            purpose=Purpose.GIFT,
            because=Because.REFUND_CAME_BACK,
            donor=out.refund_of,
            appeal=appeal,
            about=out.payment,
        )
        first = [again]
    gifts = [] if case.payment.is_reversal else gifts_by_likely_donors(case, case.appeal)
    return Ask.by(rule, AskReason.CAME_BACK, best(first, gifts, [income()]), seen=outcome.of_case(case))


def gift_returned(case: Case, rule: str) -> Outcome | None:
    """Money out that the bank marks as a return: a payment to us went back, perhaps a gift."""
    if case.is_money_in or not case.payment.is_reversal:
        return None
    return Ask.by(rule, AskReason.GIFT_RETURNED, refunds(case), seen=outcome.of_case(case))


def refund(case: Case, rule: str) -> Outcome | None:
    """Money out to a donor, known by account, code or name, that names a gift or a return, or is a gift's amount.

    What denies a gift and speaks of a return by itself (`annetuse tagastus`) is asked about whoever gets it.
    """
    if case.is_money_in:
        return None
    donors = payees(case)
    if not donors and case.denied is None:
        return None
    otherwise = case.speaks_against
    is_other_purpose = otherwise is not None and otherwise.is_other_purpose
    is_return = otherwise is not None and not is_other_purpose
    names_gift = bool(case.references) or not isinstance(case.found, NoKeyword | NearKeyword)
    is_named = not is_other_purpose and (is_return or bool(case.references) or not isinstance(case.found, NoKeyword))
    is_gift_amount = returns_an_amount(case, donors)
    if not (names_gift and is_return) and not (donors and (is_named or is_gift_amount)):
        return None
    seen = outcome.of_case(case) + ((("amount", "of_a_gift"),) if is_gift_amount else ())
    cost = [Proposal(purpose=Purpose.COST, because=Because.OTHER_PURPOSE)] if is_other_purpose else []
    return Ask.by(rule, AskReason.REFUND, best(cost, refunds(case)), seen=seen)


def says_return(case: Case, rule: str) -> Outcome | None:
    """Money out that speaks of a return, to nobody who gave so far: the gift may be a question still, or come later.

    People's rules may answer: who pays back a loan every month is asked once.
    """
    if case.is_money_in or case.speaks_against is not What.RETURN:
        return None
    return Ask.by(rule, AskReason.SAYS_RETURN, refunds(case), seen=outcome.of_case(case))


def money_out(case: Case, rule: str) -> Outcome | None:
    """Money out otherwise: an ordinary cost, which a person may give another purpose."""
    if case.is_money_in:
        return None
    return NotAGift(purpose=Purpose.COST, reason=Reason(rule=rule, code=OutcomeCause.MONEY_OUT))
