"""Rules for money that is no new gift: the bank's own rows, own accounts, returns, and money out."""

from __future__ import annotations

from donations.core.allocation import Purpose
from donations.core.statement import LineKind
from donations.matching import evidence
from donations.matching.case import Case
from donations.matching.keywords import NoKeyword
from donations.matching.outcome import Ask, AskReason, Cause, NotAGift, Outcome, Reason
from donations.matching.proposals import NO_GIFT_OUT, best, refunds

_BANK_KINDS = {
    LineKind.FEE: Cause.BANK_FEE,
    LineKind.INTEREST: Cause.BANK_INTEREST,
    LineKind.TAX: Cause.BANK_TAX,
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
    return NotAGift(purpose=Purpose.TRANSFER, reason=Reason(rule=rule, code=Cause.OWN_ACCOUNT))


def payment_returned(case: Case, rule: str) -> Outcome | None:
    """Money in that the bank marks as a return: a payment of ours came back."""
    if not (case.is_money_in and case.payment.is_reversal):
        return None
    return NotAGift(purpose=Purpose.INCOME, reason=Reason(rule=rule, code=Cause.PAYMENT_RETURNED))


def gift_returned(case: Case, rule: str) -> Outcome | None:
    """Money out that the bank marks as a return: a payment to us went back, perhaps a gift."""
    if case.is_money_in or not case.payment.is_reversal:
        return None
    return Ask.by(rule, AskReason.GIFT_RETURNED, best(refunds(case), [NO_GIFT_OUT]), seen=evidence.of_case(case))


def refund(case: Case, rule: str) -> Outcome | None:
    """Money out to an account that gave, which names a gift or returns the amount of one."""
    iban, directory = case.payer.iban, case.directory
    if case.is_money_in or iban is None or not directory.givers.get(iban):
        return None
    minor = case.payment.money.amount.minor
    is_gift_amount = any(minor in directory.gift_amounts.get((iban, donor), ()) for donor in directory.givers[iban])
    is_named = bool(case.references) or not isinstance(case.found, NoKeyword)
    if not (is_gift_amount or is_named):
        return None
    seen = evidence.of_case(case) + ((("amount", "of_a_gift"),) if is_gift_amount else ())
    return Ask.by(rule, AskReason.REFUND, best(refunds(case), [NO_GIFT_OUT]), seen=seen)


def money_out(case: Case, rule: str) -> Outcome | None:
    """Money out otherwise: an ordinary cost, which a person may give another purpose."""
    if case.is_money_in:
        return None
    return NotAGift(purpose=Purpose.COST, reason=Reason(rule=rule, code=Cause.MONEY_OUT))
