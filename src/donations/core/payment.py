"""One real movement of money, what it or a part of it was for, and who decided so and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import NewType

from donations.core.donor import AppealId, DonorId
from donations.core.iban import AccountNumber
from donations.core.money import Amount, Money
from donations.core.reference import Reference
from donations.core.statement import Counterparty, Detail, LineKind

PaymentId = NewType("PaymentId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment with the fullest content that its statement lines give it."""

    id: PaymentId
    account: AccountNumber
    booked_on: date
    money: Money
    counterparty: Counterparty
    text: str = ""
    reference: Reference | None = None
    kind: LineKind = LineKind.TRANSFER
    is_reversal: bool = False
    return_reason: str = ""
    """Why the bank returned it, as a code or in its words."""
    value_date: date | None = None
    original: Amount | None = None
    """What was sent, before charges or exchange; None where it is what came."""
    charges: Amount | None = None
    details: tuple[Detail, ...] = ()
    """What the bank shows of the transactions of an entry that they do not explain."""
    is_taken_back: bool = False
    """Whether only files show it into whose texts a payer can write lines, and the line beside it takes it back."""

    @property
    def shares(self) -> tuple[Amount | None, ...]:
        """How much of it each transaction of `details` is; None where nobody can tell.

        What the bank states, unless that is more than came or of another currency: charges or an exchange lie between,
        and of what came each has its part in proportion.
        """
        whole, stated = self.money.amount, [each.amount for each in self.details]
        known = [each for each in stated if each is not None]
        own = [each for each in known if each.currency == whole.currency]
        if sum(each.minor for each in own) <= whole.minor and own:
            return tuple(each if each in own else None for each in stated)
        if len(known) < len(stated) or len({each.currency for each in known}) != 1:
            return (None,) * len(stated)
        total = sum(each.minor for each in known)
        until = [0, *(minor * whole.minor // total for minor in accumulate(each.minor for each in known))]
        return tuple(Amount(to - so_far, whole.currency) if to > so_far else None for so_far, to in pairwise(until))

    @property
    def transactions(self) -> tuple[Payment, ...]:
        """What the bank shows of it, each as a payment of its own; of the whole, where its share is not known."""
        way = type(self.money)
        return tuple(
            replace(
                self,
                counterparty=each.counterparty,
                text=each.text,
                money=way(share or self.money.amount),
                reference=None,
                original=None,
                charges=None,
                details=(),
            )
            for each, share in zip(self.details, self.shares, strict=True)
        )


class Act(StrEnum):
    """What was done."""

    IMPORTED = "imported"
    UNDONE = "undone"
    DECIDED = "decided"
    """A person's word on which lines are one payment, and which are none."""
    RENEWED = "renewed"
    """All files were read and judged again, by newer rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """An act, who did it, and when."""

    act: Act
    by: str
    at: datetime
    file_id: int | None = None
    """The import that came or was undone."""


AllocationId = NewType("AllocationId", int)


class Purpose(StrEnum):
    """What the money was for."""

    GIFT = "gift"  # money in, from a donor, for an appeal
    REFUND = "refund"  # money out, back to a donor; lessens the donor's gifts
    TRANSFER = "transfer"  # between own accounts (a payout of a payment provider too)
    INCOME = "income"  # other money in: interest, grants, sales, a payment of ours that came back
    COST = "cost"  # other money out: fees, taxes, purchases


UNSAID = "unsaid"
"""The reason of a person who gave none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who or what made an allocation, and why; `reason` is a stable code or a person's words."""

    reason: str
    rule: str | None = None
    """Name and version of the rule, `keyword+iban/1`; None where a person decided."""
    person: str | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    """What the rule saw (keyword, where it stood ...). Never a name, an account number or a code."""

    @property
    def rule_kept(self) -> str | None:
        """The rule without its version: where a newer one decides the same, what was decided stays as it was made.

        The number of a person's rule (`standing/7`) is no version.
        """
        name, slash, _ = (self.rule or "").partition("/")
        return name if slash and name != "standing" else self.rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Part of a payment given its purpose. Append-only: corrected by one that reverses it."""

    id: AllocationId
    payment: PaymentId
    purpose: Purpose
    amount: Amount
    decision: Decision
    donor: DonorId | None = None
    appeal: AppealId | None = None
    reverses: AllocationId | None = None
    returns: PaymentId | None = None
    """The payment whose money this gives back: a refund's gift, or what of ours came back."""
