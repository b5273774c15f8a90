"""What the rules may look at of a payment, and no more: payments with the same features are judged alike.

Neither a number nor a day is among them, and of an amount only what it says: that the text writes another one, that as
much went out to the same account before, or that the payee once gave just so much.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

from donations.core.donor import AppealId
from donations.core.statement import LineKind
from donations.matching.against import What
from donations.matching.keywords import Found, Hit, ReferenceHit
from donations.matching.payer import NoDonor
from donations.matching.written import TextSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """What in the text speaks against what its keyword or reference says."""

    what: What
    at: TextSpan


class TextFeatures(NamedTuple):
    """What text and reference say."""

    found: Found
    references: tuple[ReferenceHit, ...]
    denied: Denied | None
    named: Hit | ReferenceHit | None
    """What names the one appeal beyond doubt: a reference, which outranks the text, or a keyword."""
    speaks_against: What | None
    """What in the text, with or without keyword, speaks of a return, an error, or of what else the money is for."""

    @property
    def appeal(self) -> AppealId | None:
        """The appeal named beyond doubt."""
        return None if self.named is None else self.named.appeal


class AccountKind(StrEnum):
    """What the other side's account number is worth."""

    VALID = "valid"
    FAILED = "failed"
    """An IBAN whose check digits fail."""
    OTHER = "other"
    NONE = "none"


class PayerFeatures(NamedTuple):
    """What kind of payer it is, whoever it is."""

    account: AccountKind
    is_own_account: bool
    is_own_name: bool
    is_provider: bool
    """Whether it is a payment provider whose payouts are known (`core.provider`)."""
    is_own_provider: bool
    """Whether it is a payment provider at which the association has an account."""
    institution: NoDonor | None
    """What kind of institution the other side is by name and code, whoever stands behind it."""
    is_for_another: bool
    """Whether the bank names somebody else as the one who really pays."""
    differs: Literal["code", "name"] | None
    """By what somebody seems to pay for somebody else, and no person said for whom."""
    is_one_donor: bool
    """Whether the account is valid, and it is clear whose claim it is."""
    gave_before: bool
    """Whether gifts came from the account."""
    is_national_check_wrong: bool
    is_bank_unknown: bool


class WentOut(StrEnum):
    """What may come back."""

    PAYMENT = "payment"
    REFUND = "refund"


class Features(NamedTuple):
    """All that rules know of a payment."""

    text: TextFeatures
    payer: PayerFeatures
    kind: LineKind
    is_money_in: bool
    """Whether the money came to an own account."""
    is_reversal: bool
    is_taken_back: bool
    has_details: bool
    """Whether the bank shows transactions of the entry that do not explain it."""
    is_deposit: bool
    """Of money in: whether it is cash that may be from the association's own box."""
    went_out: WentOut | None
    """Of money in: whether as much went to the same account shortly before."""
    names_own_account: bool
    """Of money out without an account: whether the text names an own one."""
    is_to_giver: bool
    """Of money out: whether somebody with gifts is meant."""
    is_gift_amount: bool
    """Whether somebody of them gave just so much before."""
