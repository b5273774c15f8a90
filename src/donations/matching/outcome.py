"""What matching can conclude about a payment, as a closed union, each with its reason as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from donations.core.allocation import Purpose
from donations.core.donor import AppealId, Claim, DonorId


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
    REFUND = "refund"
    GIFT_RETURNED = "gift_returned"
    UNKNOWN = "unknown"
    UNKNOWN_OUT = "unknown_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An answer that a person may take with one key, and why it is offered (a stable code)."""

    purpose: Purpose
    because: str
    donor: DonorId | None = None
    claim: Claim | None = None
    """The donor to be made, where none is known yet."""
    appeal: AppealId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What the decision rests on, kept with it so that it can be explained years later."""

    rule: str
    """Name and version: `keyword+iban/1`."""
    code: str
    evidence: tuple[tuple[str, str], ...] = ()


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


Outcome = Gift | NotAGift | Ask
