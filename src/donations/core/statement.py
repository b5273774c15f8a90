"""A statement file as it was given, and what it states: lines, balances, totals, and what passed every check."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from donations.core.iban import AccountNumber
from donations.core.money import Amount, Balance, Currency, Minor, Money
from donations.core.person_code import Code
from donations.core.problem import Problem
from donations.core.reference import Reference

UNESCAPED = frozenset({"ofx", "mt940"})
"""Formats whose markup a payer's text is only kept from by the bank: XML is parsed, and so are the quotes of CSV."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """A file as it was given: the name is only shown, never used as a path or as evidence."""

    name: str
    content: bytes


def shown_name(name: str) -> str:
    """Return a given name fit for showing: the last part of a path, printable, at most 120 characters."""
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(" " if unicodedata.category(letter).startswith(("C", "Z")) else letter for letter in last)
    return " ".join(kept.split())[:120] or "unnamed"


class IdScheme(StrEnum):
    """Who numbered the line, and how; ids are compared inside a scheme (different ids of one scheme contradict)."""

    ACCOUNT_SERVICER = "account_servicer"  # camt AcctSvcrRef, LHV "Konto teenusepakkuja viide"
    ENTRY = "entry"  # camt NtryRef
    ARCHIVE = "archive"  # CSV "Arhiveerimistunnus"
    FITID = "fitid"  # OFX FITID
    BANK = "bank"  # MT940 :61: bank reference
    TRANSACTION = "transaction"  # camt TxId: given by the first bank, unchanged to the last (ISO 20022)
    UETR = "uetr"  # camt UETR: unique end-to-end transaction reference, a UUID (ISO 20022)
    END_TO_END = "end_to_end"  # camt EndToEndId: the payer's own, often constant
    INSTRUCTION = "instruction"  # camt InstrId, CSV document number


BANK_SCHEMES = frozenset(set(IdScheme) - {IdScheme.END_TO_END, IdScheme.INSTRUCTION})
"""Schemes in which the bank numbers lines; the others are the payer's words and often constant."""


@dataclass(frozen=True, slots=True)
class BankId:
    """One id that the bank or the payer gave to the line; never a placeholder such as NOTPROVIDED."""

    scheme: IdScheme
    value: str


_PLACEHOLDERS = frozenset({"", "-1", "NOTPROVIDED", "NOT PROVIDED", "NONREF", "NONE", "NULL", "NA", "N/A"})
_LONGEST_PLACEHOLDER = max(map(len, _PLACEHOLDERS))


def bank_ids(*pairs: tuple[IdScheme, str]) -> tuple[BankId, ...]:
    """Return the real ids among what a file wrote; placeholders, blanks, zeros and dashes are no ids."""
    return tuple(map(BankId, *stated_ids(*pairs)))


def stated_ids(*pairs: tuple[IdScheme, str]) -> tuple[tuple[IdScheme, ...], tuple[str, ...]]:
    """Return the schemes of `bank_ids`, and their values."""
    found: dict[tuple[IdScheme, str], None] = {}
    for scheme, text in pairs:
        value = text.strip()
        # Most ids are longer than any placeholder: they need no look at their letters.
        if value.strip("0-. ") and (len(value) > _LONGEST_PLACEHOLDER or value.upper() not in _PLACEHOLDERS):
            found[scheme, value] = None
    if not found:
        return (), ()
    schemes, values = zip(*found, strict=True)
    return schemes, values


class LineKind(StrEnum):
    """What the bank itself says the line is; `TRANSFER` where it says nothing else."""

    TRANSFER = "transfer"
    CARD = "card"
    CASH = "cash"
    FEE = "fee"
    INTEREST = "interest"
    TAX = "tax"
    PAYOUT = "payout"
    """Between the account at a payment provider and the association's bank, as the provider says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterparty:
    """The other side of a line, as the bank wrote it."""

    name: str = ""
    account: AccountNumber | None = None
    code: Code | None = None
    on_behalf_of: str = ""
    """The ultimate debtor (or creditor): who really pays, where the payer acts for another."""
    bic: str = ""
    """The BIC of the other side's bank (ISO 9362), as the file writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One transaction of an entry that is kept whole, because its details do not explain the entry."""

    counterparty: Counterparty
    text: str = ""
    amount: Amount | None = None
    """As stated, in whatever currency; None where the file gives none, or it moved against the entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One row of one statement. Never changed, never deleted."""

    row: int
    """Line of the file (text lines from 1) where the row begins, for messages."""
    booked_on: date
    """The booking date as the bank wrote it; never shifted by a time zone."""
    money: Money
    counterparty: Counterparty
    text: str = ""
    """Remittance text; several pieces are joined by a line break."""
    bank_text: str = ""
    """What the bank adds in its own words beside the payer's (camt `AddtlNtryInf`, `AddtlTxInf`); other formats of the
    same payment lack it, so it is kept out of the text."""
    reference: Reference | None = None
    ids: tuple[BankId, ...] = ()
    kind: LineKind = LineKind.TRANSFER
    is_reversal: bool = False
    """The bank marks it as a reversal or return (camt RvslInd or RtrInf); the direction is already the real one."""
    return_reason: str = ""
    """Why the bank returned it: the code of camt `RtrInf/Rsn` (ISO 20022 external code, `AC04`), else its words."""
    value_date: date | None = None
    """The day from which interest counts, as the bank wrote it; never the day of the books."""
    original: Amount | None = None
    """What was sent, before charges were taken off or another currency was exchanged; None where it is the same."""
    charges: Amount | None = None
    """What a bank took off on the way."""
    parts: tuple[StatementLine, ...] = ()
    """The transactions of a batch entry, which add up to it; each is then a payment of its own."""
    details: tuple[Detail, ...] = ()
    """What the file shows of the transactions of an entry that they do not explain; it is one payment without payer."""

    @property
    def leaves(self) -> tuple[StatementLine, ...]:
        """The lines that are payments: the parts of a batch, else the line itself."""
        return self.parts or (self,)


class BalancePoint(StrEnum):
    """Which balance of a statement it is."""

    OPENING = "opening"  # camt OPBD, PRCD; MT940 60F; CSV row type 10
    CLOSING = "closing"  # camt CLBD; MT940 62F; CSV row type 86; OFX LEDGERBAL at the period's end
    INTERIM = "interim"  # camt ITBD; OFX LEDGERBAL at another date: a balance at the end of its day


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedBalance:
    """A booked balance that the file states."""

    row: int
    point: BalancePoint
    on: date | None
    """For OPENING the day at whose beginning it held, else the day at whose end it held."""
    balance: Balance
    at: datetime | None = None
    """The moment at which it held, where the file gives a time of day inside `on`; None for the end of the day."""


class Flow(StrEnum):
    """What an announced total counts."""

    ALL = "all"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTotal:
    """How many entries the file says it has, and what they add up to (camt TxsSummry); absent parts are None."""

    row: int
    flow: Flow
    count: int | None = None
    minor: Minor | None = None
    """Unsigned for IN and OUT; None for ALL, where banks disagree on what to add."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """When and as which of its statements a bank made one; None or blank where the file does not say.

    Moments know their time zone; one that a file writes without a zone is Estonian time.
    """

    begins_at: datetime | None = None
    """When its period begins (camt `FrDtTm`), where that is inside its first day; else it begins with the day."""
    ends_at: datetime | None = None
    """When its period ends (camt `ToDtTm`), where the file gives a time of day: 23:59:59 too, even made at noon."""
    made_at: datetime | None = None
    """When the bank made it (camt `CreDtTm`, OFX `DTSERVER`), as `readers.draft` tells it from a mere day."""
    electronic_number: int | None = None
    """camt `ElctrncSeqNb`: counts the electronic statements of the account."""
    legal_number: int | None = None
    """camt `LglSeqNb`, MT940 `:28C:`: counts the legal statements of the account."""
    is_copy: bool = False
    """The bank marks it as a copy or a duplicate (camt `CpyDplctInd`)."""
    owner: str = ""
    """The owner of the own account, as the bank writes the name (camt `Acct/Ownr/Nm`)."""


UNKNOWN_PROVENANCE = Provenance()
"""Of a statement that says nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementStart:
    """A new statement begins; what follows until the next start belongs to it."""

    row: int
    account: AccountNumber | None
    currency: Currency | None
    """None where only the lines say it (CSV)."""
    first_day: date | None = None
    last_day: date | None = None
    provenance: Provenance = UNKNOWN_PROVENANCE


class Proof(StrEnum):
    """Whether the bank's own balances confirm the lines."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One account's rows and balances for a period, after every check of `finalise`."""

    account: AccountNumber
    currency: Currency
    first_day: date
    last_day: date
    lines: Sequence[StatementLine]
    opening: Balance | None
    closing: Balance | None
    balances: tuple[StatedBalance, ...]
    imbalance: Minor = 0
    """Closing as stated less closing as computed; not 0 only where a person may accept it."""
    provenance: Provenance = UNKNOWN_PROVENANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A whole file, read: the format that claimed it, its statements, and what is worth saying about them."""

    format: str
    statements: tuple[Statement, ...]
    notices: tuple[Problem, ...]
