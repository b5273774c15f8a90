"""Outcomes in words: for each stable code one sentence, filled from the evidence that was kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from donations.core.language import N_
from donations.matching.near import Difference
from donations.matching.outcome import AskReason, Because, Cause

REASONS: Mapping[str, str] = {
    Cause.KEYWORD: N_("A gift: the text has the keyword “{keyword}”{place}, and the account number is valid."),
    Cause.REFERENCE: N_("A gift: the reference number{place} is the appeal's, and the account number is valid."),
    Cause.OWN_ACCOUNT: N_("A transfer: the other account is one of your own."),
    Cause.BANK_FEE: N_("Not a gift: the bank marks it as a fee."),
    Cause.BANK_INTEREST: N_("Not a gift: the bank marks it as interest."),
    Cause.BANK_TAX: N_("Not a gift: the bank marks it as a tax."),
    Cause.PAYMENT_RETURNED: N_("Not a gift: the bank marks it as a payment of yours that came back."),
    Cause.MONEY_OUT: N_("A cost: money out, to an account from which no gift came or for something else."),
    Cause.STANDING_RULE: N_("A rule of yours says so."),
    Cause.STATE_PAYER: N_("Please check: a state or municipal body pays, so it is most likely a grant."),
    AskReason.NO_IBAN: N_("Please choose the donor: the text names an appeal, but there is no account number (IBAN)."),
    AskReason.IBAN_INVALID: N_("Please choose the donor: the account number fails its check digits."),
    AskReason.KEYWORD_MISSING: N_("Please check: gifts came from this account before, but this text has no keyword."),
    AskReason.NEAR_KEYWORD: N_("Please check: {difference} keeps the text{place} from being the keyword “{keyword}”."),
    AskReason.NEGATED_KEYWORD: N_("Please check: the text names an appeal, but also denies it or mentions a return."),
    AskReason.SEVERAL_KEYWORDS: N_("Please choose the appeal: several are named."),
    AskReason.SEVERAL_DONORS: N_("Please choose the donor: several give from this account."),
    AskReason.PAYER_DIFFERS: N_("Please choose the donor: somebody seems to pay for somebody else ({differs})."),
    AskReason.REFUND: N_("Please check: this may be a refund, for it {refund} and goes to an account that gave."),
    AskReason.GIFT_RETURNED: N_("Please check: the bank marks it as a return of money that you received."),
    AskReason.UNKNOWN: N_("Please say what it is: there is no keyword, and no gift came from this account before."),
}

BECAUSE: Mapping[str, str] = {
    Because.SAME_CODE: N_("the personal or registry code is this donor's"),
    Because.SAME_IBAN: N_("gifts of this donor came from the account"),
    Because.SAME_NAME: N_("the name is this donor's"),
    Because.KEYWORD: N_("the text has the keyword"),
    Because.REFERENCE: N_("the reference number is the appeal's"),
    Because.NEAR_KEYWORD: N_("the text nearly has the keyword"),
    Because.CODE_IN_TEXT: N_("the code in the text is this donor's"),
    Because.ON_BEHALF_OF: N_("the bank names this donor as the one who really pays"),
    Because.RETURNED_AMOUNT: N_("this donor once gave the same amount"),
    Because.NEW_DONOR: N_("nobody known agrees: a new donor"),
    Because.ANONYMOUS: N_("nothing says who gives"),
    Because.NOT_A_GIFT: N_("it may be something else"),
}

_DIFFERENCES = {
    Difference.LOOK_ALIKE: N_("a look-alike letter or a missing accent"),
    Difference.SPLIT: N_("a gap in the word"),
    Difference.ONE_LETTER: N_("one letter"),
    Difference.CUT_SHORT: N_("a missing end"),
    Difference.INSIDE: N_("being inside a longer word"),
}
_HINTS = {
    "national_check": N_("The account number's national check digit does not fit; that alone refuses nothing."),
    "unknown_bank": N_("The bank's code is not in our register; that alone refuses nothing."),
}
_DIFFERS = {
    "code": N_("the codes differ"),
    "name": N_("the bank names somebody else as the one who really pays"),
}
_PLACE = N_(" at character {start}")


def explain(
    code: str, evidence: Iterable[tuple[str, str]] = (), *, translate: Callable[[str], str] = lambda text: text
) -> str:
    """Return the sentences for a reason's code and evidence; raises `KeyError` for a code that no rule gives.

    `translate` turns each English text into the reader's language before it is filled.
    """
    pairs = tuple(evidence)
    seen = dict(reversed(pairs))  # of several hits the first one is told
    refund = N_("has the amount of a gift") if "amount" in seen else N_("names a gift")
    filled = translate(REASONS[code]).format(
        keyword=seen.get("keyword", ""),
        place=translate(_PLACE).format(start=int(seen["start"]) + 1) if "start" in seen else "",
        difference=translate(_DIFFERENCES[Difference(seen["difference"])]) if "difference" in seen else "",
        differs=translate(_DIFFERS[seen["differs"]]) if "differs" in seen else "",
        refund=translate(refund),
    )
    return " ".join([filled, *(translate(_HINTS[value]) for name, value in pairs if name == "hint")])
