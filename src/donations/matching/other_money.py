"""Rules for money that is no new gift: the bank's own rows, own accounts, returns, and money out."""

from __future__ import annotations

from collections.abc import Iterator

from donations.core.donor import DonorId
from donations.core.payment import Purpose
from donations.core.statement import LineKind
from donations.matching import outcome
from donations.matching.against import What
from donations.matching.case import Case
from donations.matching.directory import GivenGift, other_side, went_out_before
from donations.matching.features import Features, WentOut
from donations.matching.keywords import NearKeyword, NoKeyword
from donations.matching.outcome import (
    Asking,
    AskReason,
    Because,
    NotAGift,
    OutcomeCause,
    Proposal,
    Reason,
    Verdict,
)
from donations.matching.proposals import NO_GIFT_OUT, best, gifts_by_likely_donors, income, usual_appeal


def refunds(case: Case) -> tuple[Proposal, ...]:
    """Propose which gift went back, first of those of the same amount, the newest first; never more than is left."""
    payees = case.directory.payees(case.payer)
    found = best(_same_amounts(case, payees), _larger_gifts(case, payees))
    if found:
        return best(found[:3], [NO_GIFT_OUT])
    nothing_left = Proposal(purpose=Purpose.COST, because=Because.NOTHING_LEFT)
    return best([nothing_left if payees else NO_GIFT_OUT])


def _same_amounts(case: Case, payees: list[DonorId]) -> Iterator[Proposal]:
    payment = case.payment
    for donor in payees:
        for gift in _newest_first(case, donor):
            if gift.is_just(payment.money.amount, payment.booked_on) and gift.left == gift.minor:
                yield _refund(donor, gift, Because.RETURNED_AMOUNT)


def _larger_gifts(case: Case, payees: list[DonorId]) -> Iterator[Proposal]:
    """Yield of each donor the newest gift of which enough is left, else whatever is left of all of them."""
    amount = case.payment.money.amount
    for donor in payees:
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


_BANK_KINDS = {
    LineKind.FEE: OutcomeCause.BANK_FEE,
    LineKind.INTEREST: OutcomeCause.BANK_INTEREST,
    LineKind.TAX: OutcomeCause.BANK_TAX,
}


def bank_kind(seen: Features, rule: str) -> Verdict | None:
    """Interest, fees and taxes, by the bank's own transaction code: other income or a cost."""
    cause = _BANK_KINDS.get(seen.kind)
    if cause is None:
        return None
    purpose = Purpose.INCOME if seen.is_money_in else Purpose.COST
    return NotAGift(purpose=purpose, reason=Reason(rule=rule, code=cause))


def own_account(seen: Features, rule: str) -> Verdict | None:
    """The other side is an own account: a transfer, whatever the text says."""
    if not seen.payer.is_own_account:
        return None
    return NotAGift(purpose=Purpose.TRANSFER, reason=Reason(rule=rule, code=OutcomeCause.OWN_ACCOUNT))


def payout(seen: Features, rule: str) -> Verdict | None:
    """A payment provider pays out what lay on the account there: its report says so, or it is the bank's payer.

    Many gifts came with it, each of which the report shows. Whoever is named behind the provider paid directly.
    """
    is_arrival = seen.is_money_in and seen.payer.is_own_provider and not seen.payer.is_for_another
    if seen.kind is not LineKind.PAYOUT and not is_arrival:
        return None
    return NotAGift(purpose=Purpose.TRANSFER, reason=Reason(rule=rule, code=OutcomeCause.PAYOUT))


def own_name(seen: Features, rule: str) -> Verdict | None:
    """The other side has the organisation's own name: a transfer, from or to an account that is not known as own.

    Money out without an account may name an own one in its text, as banks write it there that have no field for it.
    """
    if not seen.names_own_account and not seen.payer.is_own_name:
        return None
    return Asking.by(rule, AskReason.OWN_MONEY, _own_transfer, seen=outcome.of_named(seen.text))


def _own_transfer(case: Case) -> tuple[Proposal, ...]:
    side = other_side(case.payment, case.directory.own_sides)
    because = Because.OWN_NAME if side is None else Because.OTHER_SIDE
    transfer = Proposal(purpose=Purpose.TRANSFER, because=because, about=side and side.payment)
    other = Purpose.INCOME if case.is_money_in else Purpose.COST
    return best([transfer, Proposal(purpose=other, because=Because.NOT_A_GIFT)])


def cash_deposit(seen: Features, rule: str) -> Verdict | None:
    """Cash came to the bank, and there is a box of our own: it may be from there, or somebody gave it there."""
    if not seen.is_deposit:
        return None
    return Asking.by(rule, AskReason.OWN_MONEY, _from_the_box, seen=outcome.of_named(seen.text))


def _from_the_box(case: Case) -> tuple[Proposal, ...]:
    return best(_own_transfer(case)[:1], gifts_by_likely_donors(case, case.appeal), [income()])


def payment_returned(seen: Features, rule: str) -> Verdict | None:
    """Money in that the bank marks as a return: a payment of ours came back, asked about where that was a refund."""
    if not (seen.is_money_in and seen.is_reversal):
        return None
    if seen.went_out is WentOut.REFUND:
        return came_back(seen, rule)
    return NotAGift(purpose=Purpose.INCOME, reason=Reason(rule=rule, code=OutcomeCause.PAYMENT_RETURNED))


def came_back(seen: Features, rule: str) -> Verdict | None:
    """Money in of an amount that went out to the same account shortly before: perhaps the same money."""
    if seen.went_out is None:
        return None
    return Asking.by(rule, AskReason.CAME_BACK, _ours_first, seen=outcome.of_named(seen.text))


def _ours_first(case: Case) -> tuple[Proposal, ...]:
    out = went_out_before(case.payment, case.directory.paid_out)
    if out is None:
        return ()
    first = Proposal(purpose=Purpose.INCOME, because=Because.CAME_BACK, about=out.payment)
    if out.refund_of is not None:
        first = Proposal(
            purpose=Purpose.GIFT,
            because=Because.REFUND_CAME_BACK,
            donor=out.refund_of,
            appeal=out.appeal or case.appeal or usual_appeal(case, out.refund_of),
            about=out.payment,
        )
    gifts = [] if case.payment.is_reversal else gifts_by_likely_donors(case, case.appeal)
    return best([first], gifts, [income()])


def gift_returned(seen: Features, rule: str) -> Verdict | None:
    """Money out that the bank marks as a return: a payment to us went back, perhaps a gift."""
    if seen.is_money_in or not seen.is_reversal:
        return None
    return Asking.by(rule, AskReason.GIFT_RETURNED, refunds, seen=outcome.of_named(seen.text))


def refund(seen: Features, rule: str) -> Verdict | None:
    """Money out to a donor, known by account, code or name, that names a gift or a return, or is a gift's amount.

    What denies a gift and speaks of a return by itself (`annetuse tagastus`) is asked about whoever gets it.
    """
    text = seen.text
    if seen.is_money_in or (not seen.is_to_giver and text.denied is None):
        return None
    otherwise = text.speaks_against
    is_other_purpose = otherwise is not None and otherwise.is_other_purpose
    is_return = otherwise is not None and not is_other_purpose
    names_gift = bool(text.references) or not isinstance(text.found, NoKeyword | NearKeyword)
    is_named = not is_other_purpose and (is_return or bool(text.references) or not isinstance(text.found, NoKeyword))
    if not (names_gift and is_return) and not (seen.is_to_giver and (is_named or seen.is_gift_amount)):
        return None
    evidence = outcome.of_named(text) + ((("amount", "of_a_gift"),) if seen.is_gift_amount else ())
    return Asking.by(rule, AskReason.REFUND, _cost_first if is_other_purpose else refunds, seen=evidence)


def _cost_first(case: Case) -> tuple[Proposal, ...]:
    return best([Proposal(purpose=Purpose.COST, because=Because.OTHER_PURPOSE)], refunds(case))


def says_return(seen: Features, rule: str) -> Verdict | None:
    """Money out that speaks of a return, to nobody who gave so far: the gift may be a question still, or come later.

    People's rules may answer: who pays back a loan every month is asked once.
    """
    if seen.is_money_in or seen.text.speaks_against is not What.RETURN:
        return None
    return Asking.by(rule, AskReason.SAYS_RETURN, refunds, seen=outcome.of_named(seen.text))


def money_out(seen: Features, rule: str) -> Verdict | None:
    """Money out otherwise: an ordinary cost, which a person may give another purpose."""
    if seen.is_money_in:
        return None
    return NotAGift(purpose=Purpose.COST, reason=Reason(rule=rule, code=OutcomeCause.MONEY_OUT))
