"""Outcomes in words: for each stable code one English sentence, filled from the evidence that was kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from donations.matching.near import Difference
from donations.matching.outcome import AskReason, Because, Cause

REASONS: Mapping[str, str] = {
    Cause.KEYWORD: "A gift: the text has the keyword “{keyword}”{place}, and the account number is valid.",
    Cause.REFERENCE: "A gift: the reference number{place} is the appeal's, and the account number is valid.",
    Cause.OWN_ACCOUNT: "A transfer: the other account is one of your own.",
    Cause.BANK_FEE: "Not a gift: the bank marks it as a fee.",
    Cause.BANK_INTEREST: "Not a gift: the bank marks it as interest.",
    Cause.BANK_TAX: "Not a gift: the bank marks it as a tax.",
    Cause.PAYMENT_RETURNED: "Not a gift: the bank marks it as a payment of yours that came back.",
    Cause.MONEY_OUT: "A cost: money out, to an account from which no gift came or for something else.",
    Cause.STATE_PAYER: "Please check: a state or municipal body pays, so it is most likely a grant.",
    AskReason.NO_IBAN: "Please choose the donor: the text names an appeal, but there is no account number (IBAN).",
    AskReason.IBAN_INVALID: "Please choose the donor: the account number fails its check digits.",
    AskReason.KEYWORD_MISSING: "Please check: gifts came from this account before, but this text has no keyword.",
    AskReason.NEAR_KEYWORD: "Please check: {difference} keeps the text{place} from being the keyword “{keyword}”.",
    AskReason.NEGATED_KEYWORD: "Please check: the text names an appeal, but also denies it or mentions a return.",
    AskReason.SEVERAL_KEYWORDS: "Please choose the appeal: several are named.",
    AskReason.SEVERAL_DONORS: "Please choose the donor: several give from this account.",
    AskReason.PAYER_DIFFERS: "Please choose the donor: somebody seems to pay for somebody else ({differs}).",
    AskReason.REFUND: "Please check: this may be a refund, for it {refund} and goes to an account that gave.",
    AskReason.GIFT_RETURNED: "Please check: the bank marks it as a return of money that you received.",
    AskReason.UNKNOWN: "Please say what it is: there is no keyword, and no gift came from this account before.",
}

BECAUSE: Mapping[str, str] = {
    Because.SAME_CODE: "the personal or registry code is this donor's",
    Because.SAME_IBAN: "gifts of this donor came from the account",
    Because.SAME_NAME: "the name is this donor's",
    Because.KEYWORD: "the text has the keyword",
    Because.REFERENCE: "the reference number is the appeal's",
    Because.NEAR_KEYWORD: "the text nearly has the keyword",
    Because.CODE_IN_TEXT: "the code in the text is this donor's",
    Because.ON_BEHALF_OF: "the bank names this donor as the one who really pays",
    Because.RETURNED_AMOUNT: "this donor once gave the same amount",
    Because.NEW_DONOR: "nobody known agrees: a new donor",
    Because.ANONYMOUS: "nothing says who gives",
    Because.NOT_A_GIFT: "it may be something else",
}

_DIFFERENCES = {
    Difference.LOOK_ALIKE: "a look-alike letter or a missing accent",
    Difference.SPLIT: "a gap in the word",
    Difference.ONE_LETTER: "one letter",
    Difference.CUT_SHORT: "a missing end",
    Difference.INSIDE: "being inside a longer word",
}
_HINTS = {
    "national_check": "The account number's national check digit is odd; that alone refuses nothing.",
    "unknown_bank": "The bank's code is not in our register; that alone refuses nothing.",
}
_DIFFERS = {"code": "the codes differ", "name": "the bank names somebody else as the one who really pays"}


def explain(code: str, evidence: Iterable[tuple[str, str]] = ()) -> str:
    """Return the sentences for a reason's code and evidence; raises `KeyError` for a code that no rule gives."""
    pairs = tuple(evidence)
    seen = dict(reversed(pairs))  # of several hits the first one is told
    filled = REASONS[code].format(
        keyword=seen.get("keyword", ""),
        place=f" at character {int(seen['start']) + 1}" if "start" in seen else "",
        difference=_DIFFERENCES.get(Difference(seen["difference"])) if "difference" in seen else "",
        differs=_DIFFERS.get(seen.get("differs", ""), ""),
        refund="has the amount of a gift" if "amount" in seen else "names a gift",
    )
    return " ".join([filled, *(_HINTS[value] for name, value in pairs if name == "hint")])
