"""One real movement of money on an own account, whatever files attest it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NewType

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
