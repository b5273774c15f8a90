"""Outcomes in words: for each stable code one sentence, filled from the evidence that was kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from donations.core.language import N_
from donations.matching.against import What
from donations.matching.near import SpellingDifference
from donations.matching.outcome import AskReason, Because, OutcomeCause
from donations.matching.payer import NoDonor

REASONS: Mapping[str, str] = {
    OutcomeCause.KEYWORD: N_("A gift: the text has the keyword “{keyword}”{place}, and the account number is valid."),
    OutcomeCause.REFERENCE: N_("A gift: the reference number{place} is the appeal's, and the account number is valid."),
    OutcomeCause.OWN_ACCOUNT: N_("A transfer: the other account is one of your own."),
    OutcomeCause.PAYOUT: N_("A payout: the payment provider sends what lay on your account there."),
    OutcomeCause.BANK_FEE: N_("Not a gift: the bank marks it as a fee."),
    OutcomeCause.BANK_INTEREST: N_("Not a gift: the bank marks it as interest."),
    OutcomeCause.BANK_TAX: N_("Not a gift: the bank marks it as a tax."),
    OutcomeCause.PAYMENT_RETURNED: N_("Not a gift: the bank marks it as a payment of yours that came back."),
    OutcomeCause.MONEY_OUT: N_("A cost: money out, to an account from which no gift came or for something else."),
    OutcomeCause.STANDING_RULE: N_("A rule of yours says so."),
    AskReason.NO_IBAN: N_("Please choose the donor: the text names an appeal, but there is no account number (IBAN)."),
    AskReason.IBAN_INVALID: N_("Please choose the donor: the account number fails its check digits."),
    AskReason.KEYWORD_MISSING: N_("Please check: gifts came from this account before, but this text has no keyword."),
    AskReason.NEAR_KEYWORD: N_("Please check: {difference} keeps the text{place} from being the keyword “{keyword}”."),
    AskReason.NEGATED_KEYWORD: N_("Please check: the text names an appeal, but {against}."),
    AskReason.OTHER_PURPOSE: N_("Please check: the text names an appeal, but {against}."),
    AskReason.PAYER_IS_NO_DONOR: N_("Please check: {payer}."),
    AskReason.TAKEN_BACK: N_(
        "Please compare it with the bank: the line beside it takes the same amount back, and in a file of this kind a"
        " payer can write such a pair into a text."
    ),
    AskReason.OWN_MONEY: N_("Please check: the other side has your own name, so it is most likely your own money."),
    AskReason.CAME_BACK: N_(
        "Please check: the same amount went out to the same account shortly before; it may be that."
    ),
    AskReason.SEVERAL_KEYWORDS: N_("Please choose the appeal: several are named."),
    AskReason.SEVERAL_DONORS: N_("Please choose the donor: several give from this account."),
    AskReason.PAYER_DIFFERS: N_("Please choose the donor: somebody seems to pay for somebody else ({differs})."),
    AskReason.REFUND: N_("Please check: this may be a refund, for it {refund}."),
    AskReason.SAYS_RETURN: N_(
        "Please check: the text speaks of a return, though no gift came from this account or under this name so far."
    ),
    AskReason.GIFT_RETURNED: N_("Please check: the bank marks it as a return of money that you received."),
    AskReason.UNEXPLAINED: N_(
        "Please say what it is: the payments that the bank shows of this entry do not add up to it."
    ),
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
    Because.IBAN_IN_TEXT: N_("gifts of this donor came from the account in the text"),
    Because.ON_BEHALF_OF: N_("the bank names this donor as the one who really pays"),
    Because.RETURNED_AMOUNT: N_("this donor once gave the same amount"),
    Because.GIFT_LEFT: N_("so much of this donor's gifts has not gone back yet"),
    Because.NOTHING_LEFT: N_("less than this is left of what was given"),
    Because.CAME_BACK: N_("a payment of yours came back"),
    Because.REFUND_CAME_BACK: N_("the refund came back, so the gift stands again"),
    Because.OTHER_SIDE: N_("the same amount moved on another account of yours"),
    Because.OWN_NAME: N_("the other side has your own name"),
    Because.NO_DONOR: N_("who pays is no donor"),
    Because.OTHER_PURPOSE: N_("the text speaks of something else"),
    Because.DENIED: N_("the text says that it is no gift"),
    Because.NOTHING_SAID: N_("nothing says that it is a gift"),
    Because.NEW_DONOR: N_("nobody known agrees: a new donor"),
    Because.NAMESAKE: N_("of a known donor only the name agrees, and two people may have it"),
    Because.ANONYMOUS: N_("nothing says who gives"),
    Because.SHOWN_PART: N_("the bank shows it as a part of this entry"),
    Because.SHARE: N_("it is so much of what the bank shows, and no more came"),
    Because.NOT_A_GIFT: N_("it may be something else"),
}

OTHER_SIDE = N_("it is the other side of {account}: {day}, {amount} (payment {number})")
"""Why a payment is an own transfer, where the payment on the other own account is known."""

ABOUT = N_("payment {number} of {day}, {amount}")
"""Which payment a proposal is about: the gift that goes back, ours that came back, the other side."""

_DIFFERENCES = {
    SpellingDifference.LOOK_ALIKE: N_("a look-alike letter or a missing accent"),
    SpellingDifference.SPLIT: N_("a gap in the word"),
    SpellingDifference.ONE_LETTER: N_("one letter"),
    SpellingDifference.CUT_SHORT: N_("a missing end"),
    SpellingDifference.INSIDE: N_("being inside a longer word"),
    SpellingDifference.COMPOUND: N_("the rest of a longer word"),
}
_AGAINST = {
    What.DENIAL: N_("also denies it"),
    What.RETURN: N_("also mentions a return"),
    What.WITHDRAWAL: N_("also takes it back"),
    What.ERROR: N_("also speaks of a mistake"),
    What.INSTEAD: N_("something else came instead"),
    What.PURPOSE: N_("also another purpose"),
    What.AMOUNT: N_("also an amount that is not the gift's"),
}
_PAYERS = {
    NoDonor.BANK: N_("a bank or a payment institution pays, and who really gives is not named"),
    NoDonor.PUBLIC: N_("a state or municipal body pays, so it is most likely a grant"),
}
_HINTS = {
    "national_check": N_("The account number's national check digit does not fit; that alone refuses nothing."),
    "provider": N_(
        "If it is a payout: add your account at this payment provider among your accounts and import its report, which"
        " shows each gift."
    ),
    "unknown_bank": N_("The bank's code is not in our register; that alone refuses nothing."),
}
_DIFFERS = {
    "code": N_("the codes differ"),
    "name": N_("the bank names somebody else as the one who really pays"),
}
_PLACE = N_(" (from letter {start})")


def explain(
    code: str, evidence: Iterable[tuple[str, str]] = (), *, translate: Callable[[str], str] = lambda text: text
) -> str:
    """Return the sentences for a reason's code and evidence; raises `KeyError` for a code that no rule gives.

    `translate` turns each English text into the reader's language before it is filled.
    """
    pairs = tuple(evidence)
    seen = dict(reversed(pairs))  # of several hits the first one is told
    refund = N_("has the amount of a gift") if "amount" in seen else N_("names a gift or a return")
    filled = translate(REASONS[code]).format(
        keyword=seen.get("keyword", ""),
        place=translate(_PLACE).format(start=int(seen["start"]) + 1) if "start" in seen else "",
        difference=translate(_DIFFERENCES[SpellingDifference(seen["difference"])]) if "difference" in seen else "",
        differs=translate(_DIFFERS[seen["differs"]]) if "differs" in seen else "",
        refund=translate(refund),
        against=translate(_AGAINST[What(seen.get("against", What.DENIAL))]),
        payer=translate(_PAYERS[NoDonor(seen.get("payer", NoDonor.BANK))]),
    )
    return " ".join([filled, *(translate(_HINTS[value]) for name, value in pairs if name == "hint")])
