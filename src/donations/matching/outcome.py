"""What matching can conclude about a payment, as a closed union, each with its reason as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from donations.core.donor import AppealId, Claim, DonorId
from donations.core.payment import PaymentId, Purpose
from donations.matching.against import What
from donations.matching.case import Case
from donations.matching.features import PayerFeatures, TextFeatures
from donations.matching.keywords import (
    DeniedKeyword,
    Field,
    Found,
    Hit,
    NearKeyword,
    NoKeyword,
    OneAppeal,
    ReferenceHit,
    SeveralAppeals,
)
from donations.matching.written import TextSpan


class AskReason(StrEnum):
    """Why a person is needed; stable codes."""

    NO_IBAN = "no_iban"
    IBAN_INVALID = "iban_invalid"
    KEYWORD_MISSING = "keyword_missing"
    NEAR_KEYWORD = "near_keyword"
    NEGATED_KEYWORD = "negated_keyword"
    SEVERAL_KEYWORDS = "several_keywords"
    SEVERAL_DONORS = "several_donors"
    PAYER_DIFFERS = "payer_differs"
    OTHER_PURPOSE = "other_purpose"
    PAYER_IS_NO_DONOR = "payer_is_no_donor"
    TAKEN_BACK = "taken_back"
    OWN_MONEY = "own_money"
    CAME_BACK = "came_back"
    REFUND = "refund"
    SAYS_RETURN = "says_return"  # money out to nobody who gave, as far as is known
    GIFT_RETURNED = "gift_returned"
    UNEXPLAINED = "unexplained"  # an entry, by the transactions that the bank shows of it
    UNKNOWN = "unknown"


class OutcomeCause(StrEnum):
    """What decided, where no `AskReason` says it all; stable codes."""

    KEYWORD = "keyword"
    REFERENCE = "reference"
    OWN_ACCOUNT = "own_account"
    PAYOUT = "payout"  # of a payment provider, on either side
    BANK_FEE = "bank_fee"
    BANK_INTEREST = "bank_interest"
    BANK_TAX = "bank_tax"
    PAYMENT_RETURNED = "payment_returned"  # a payment of ours came back
    MONEY_OUT = "money_out"  # to nobody who gave
    STANDING_RULE = "standing_rule"  # a person's rule


class Because(StrEnum):
    """Why a proposal is offered; stable codes."""

    SAME_CODE = "same_code"
    SAME_IBAN = "same_iban"
    SAME_NAME = "same_name"
    KEYWORD = "keyword"
    REFERENCE = "reference"
    NEAR_KEYWORD = "near_keyword"
    CODE_IN_TEXT = "code_in_text"
    IBAN_IN_TEXT = "iban_in_text"
    ON_BEHALF_OF = "on_behalf_of"
    RETURNED_AMOUNT = "returned_amount"
    GIFT_LEFT = "gift_left"  # of which enough is left to go back, though it was of another amount
    NOTHING_LEFT = "nothing_left"  # of what the payee gave there is less than this
    CAME_BACK = "came_back"  # a payment of ours
    REFUND_CAME_BACK = "refund_came_back"
    OTHER_SIDE = "other_side"  # of a transfer between own accounts
    OWN_NAME = "own_name"
    NO_DONOR = "no_donor"
    OTHER_PURPOSE = "other_purpose"
    DENIED = "denied"
    NOTHING_SAID = "nothing_said"
    NEW_DONOR = "new_donor"
    NAMESAKE = "namesake"  # a new donor, though somebody known is called so
    ANONYMOUS = "anonymous"
    SHOWN_PART = "shown_part"  # the bank shows it as a transaction of an entry that it does not explain
    SHARE = "share"  # likewise, by its share of what came
    NOT_A_GIFT = "not_a_gift"


Evidence = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An answer that a person may take with one key, and why it is offered.

    A gift with neither `donor` nor `claim` is from a donor that the person names, or from the anonymous one.
    """

    purpose: Purpose
    because: Because
    donor: DonorId | None = None
    claim: Claim | None = None
    """The donor to be made, where none is known yet."""
    appeal: AppealId | None = None
    about: PaymentId | None = None
    """The payment that it undoes (a refund's gift; ours that came back), or the other side of an own transfer."""
    part: int | None = None
    """Which of the payment's transactions it books, counted from 0; None for all that is left of the payment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What the decision rests on, kept with it so that it can be explained years later."""

    rule: str
    """Name and version: `keyword+iban/1`."""
    code: OutcomeCause | AskReason
    evidence: Evidence = ()
    """What the rule saw (keyword, field, place ...). Never a name, an account number or a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """The whole payment is a gift."""

    appeal: AppealId
    claim: Claim
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAGift:
    """The whole payment is something else, known without a person."""

    purpose: Purpose
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A person decides; the payment stays unallocated until then."""

    why: AskReason
    reason: Reason
    proposals: tuple[Proposal, ...] = ()
    """At most four, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """The whole payment is what a standing rule says; a gift has its donor and appeal."""

    purpose: Purpose
    reason: Reason
    donor: DonorId | None = None
    appeal: AppealId | None = None


Outcome = Gift | NotAGift | Taught | Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearGift:
    """A gift of whoever has the payer's claim."""

    appeal: AppealId
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What a rule asks, and how proposals are found: only these may look at the payment itself and at who is known."""

    why: AskReason
    reason: Reason
    offers: Callable[[Case], tuple[Proposal, ...]]

    @classmethod
    def by(
        cls, rule: str, why: AskReason, offers: Callable[[Case], tuple[Proposal, ...]], *, seen: Evidence = ()
    ) -> Asking:
        """Return what a rule asks that saw this, and offers these answers."""
        return cls(why=why, reason=Reason(rule=rule, code=why, evidence=seen), offers=offers)


Verdict = ClearGift | NotAGift | Asking
"""What a built-in rule says of all payments with the same features."""


def of_named(said: TextFeatures) -> Evidence:
    """Return what names an appeal: the reference where there is one, for it outranks the text, else the keyword."""
    if not said.references:
        return of_text(said.found)
    return sum(map(of_hit, said.references), ()) + (_denied(said.denied.at, said.denied.what) if said.denied else ())


def of_text(found: Found) -> Evidence:
    """Return what the text names, with its place (characters from 0, the end not included)."""
    match found:
        case NoKeyword():
            return ()
        case OneAppeal(hit):
            return of_hit(hit)
        case SeveralAppeals(hits):
            return sum(map(of_hit, hits), ())
        case DeniedKeyword(hit, by, what):
            return of_hit(hit) + _denied(by, what)
        case NearKeyword(hit, difference):
            return (*of_hit(hit), ("difference", difference.value))
        case _:
            assert_never(found)


def of_hit(hit: Hit | ReferenceHit) -> Evidence:
    """Return which keyword or reference of which appeal stands where."""
    appeal = ("appeal", str(hit.appeal))
    if isinstance(hit, Hit):
        return (("field", Field.TEXT.value), ("keyword", hit.keyword), *_place(hit.at), appeal)
    return (("field", hit.field.value), *(() if hit.at is None else _place(hit.at)), appeal)


def hints(payer: PayerFeatures) -> Evidence:
    """Return what is odd about a valid account number; registers err too, so it decides nothing."""
    national = (("hint", "national_check"),) if payer.is_national_check_wrong else ()
    return (*national, ("hint", "unknown_bank")) if payer.is_bank_unknown else national


def _denied(at: TextSpan, what: What) -> Evidence:
    return (*_place(at, "denied_"), ("against", what.value))


def _place(at: TextSpan, which: str = "") -> Evidence:
    return ((f"{which}start", str(at.start)), (f"{which}end", str(at.end)))
