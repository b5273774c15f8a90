"""Rules for money that is no new gift: the bank's own rows, own accounts, returns, and money out."""

from __future__ import annotations

from donations.core.allocation import Purpose
from donations.core.statement import LineKind
from donations.matching import evidence
from donations.matching.against import What
from donations.matching.case import Case
from donations.matching.going_back import payees, refunds, returns_an_amount
from donations.matching.keywords import NearKeyword, NoKeyword
from donations.matching.outcome import Ask, AskReason, Because, Cause, NotAGift, Outcome, Proposal, Reason
from donations.matching.past import PaidOut, other_side, went_out_before
from donations.matching.proposals import best, gifts_by_likely_donors, income, usual_appeal

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
    return Ask.by(rule, AskReason.OWN_MONEY, offers, seen=evidence.of_case(case))


def payment_returned(case: Case, rule: str) -> Outcome | None:
    """Money in that the bank marks as a return: a payment of ours came back, asked about where that was a refund."""
    if not (case.is_money_in and case.payment.is_reversal):
        return None
    out = went_out_before(case.payment, case.directory.paid_out)
    if out is not None and out.refund_of is not None:
        return _came_back(case, rule, out)
    return NotAGift(purpose=Purpose.INCOME, reason=Reason(rule=rule, code=Cause.PAYMENT_RETURNED))


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
    return Ask.by(rule, AskReason.CAME_BACK, best(first, gifts, [income()]), seen=evidence.of_case(case))


def gift_returned(case: Case, rule: str) -> Outcome | None:
    """Money out that the bank marks as a return: a payment to us went back, perhaps a gift."""
    if case.is_money_in or not case.payment.is_reversal:
        return None
    return Ask.by(rule, AskReason.GIFT_RETURNED, refunds(case), seen=evidence.of_case(case))


def refund(case: Case, rule: str) -> Outcome | None:
    """Money out to a donor, known by account, code or name, that names a gift or a return, or is a gift's amount.

    What denies a gift and speaks of a return by itself (`annetuse tagastus`) is asked about whoever gets it.
    """
    if case.is_money_in:
        return None
    donors = payees(case)
    if not donors and case.denied is None:
        return None
    otherwise = case.said_otherwise
    is_other_purpose = otherwise is not None and otherwise.is_other_purpose
    is_return = otherwise is not None and not is_other_purpose
    names_gift = bool(case.references) or not isinstance(case.found, NoKeyword | NearKeyword)
    is_named = not is_other_purpose and (is_return or bool(case.references) or not isinstance(case.found, NoKeyword))
    is_gift_amount = returns_an_amount(case, donors)
    if not (names_gift and is_return) and not (donors and (is_named or is_gift_amount)):
        return None
    seen = evidence.of_case(case) + ((("amount", "of_a_gift"),) if is_gift_amount else ())
    cost = [Proposal(purpose=Purpose.COST, because=Because.OTHER_PURPOSE)] if is_other_purpose else []
    return Ask.by(rule, AskReason.REFUND, best(cost, refunds(case)), seen=seen)


def says_return(case: Case, rule: str) -> Outcome | None:
    """Money out that speaks of a return, to nobody who gave so far: the gift may be a question still, or come later.

    People's rules may answer: who pays back a loan every month is asked once.
    """
    if case.is_money_in or case.said_otherwise is not What.RETURN:
        return None
    return Ask.by(rule, AskReason.SAYS_RETURN, refunds(case), seen=evidence.of_case(case))


def money_out(case: Case, rule: str) -> Outcome | None:
    """Money out otherwise: an ordinary cost, which a person may give another purpose."""
    if case.is_money_in:
        return None
    return NotAGift(purpose=Purpose.COST, reason=Reason(rule=rule, code=Cause.MONEY_OUT))
