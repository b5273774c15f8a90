"""What a bank's file states: lines, balances and totals as facts, and the statement that passed every check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from donations.core.iban import AccountNumber
from donations.core.money import Balance, Currency, Minor, Money
from donations.core.person_code import Code
from donations.core.problem import Problem
from donations.core.reference import Reference


class IdScheme(StrEnum):
    """Who numbered the line, and how; ids are compared inside a scheme (different ids of one scheme contradict)."""

    ACCOUNT_SERVICER = "account_servicer"  # camt AcctSvcrRef, LHV "Konto teenusepakkuja viide"
    ENTRY = "entry"  # camt NtryRef
    ARCHIVE = "archive"  # CSV "Arhiveerimistunnus"
    FITID = "fitid"  # OFX FITID
    BANK = "bank"  # MT940 :61: bank reference
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


def bank_ids(*pairs: tuple[IdScheme, str]) -> tuple[BankId, ...]:
    """Return the real ids among what a file wrote; placeholders, blanks, zeros and dashes are no ids."""
    found: dict[BankId, None] = {}
    for scheme, text in pairs:
        value = text.strip()
        if value.upper() not in _PLACEHOLDERS and value.strip("0-. "):
            found[BankId(scheme, value)] = None
    return tuple(found)


class LineKind(StrEnum):
    """What the bank itself says the line is; `TRANSFER` where it says nothing else."""

    TRANSFER = "transfer"
    CARD = "card"
    CASH = "cash"
    FEE = "fee"
    INTEREST = "interest"
    TAX = "tax"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterparty:
    """The other side of a line, as the bank wrote it."""

    name: str = ""
    account: AccountNumber | None = None
    code: Code | None = None
    on_behalf_of: str = ""
    """The ultimate debtor (or creditor): who really pays, where the payer acts for another."""


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
    reference: Reference | None = None
    ids: tuple[BankId, ...] = ()
    kind: LineKind = LineKind.TRANSFER
    is_reversal: bool = False
    """The bank marks it as a reversal or return (camt RvslInd or RtrInf); the direction is already the real one."""
    parts: tuple[StatementLine, ...] = ()
    """The transactions of a batch entry, which add up to it; each is then a payment of its own."""

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
class StatementStart:
    """A new statement begins; what follows until the next start belongs to it."""

    row: int
    account: AccountNumber | None
    currency: Currency | None
    """None where only the lines say it (CSV)."""
    first_day: date | None = None
    last_day: date | None = None


Fact = StatementStart | StatementLine | StatedBalance | StatedTotal | Problem
"""What a reader yields, in the order the file states it (the draft of a statement is a run of facts)."""


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
    lines: tuple[StatementLine, ...]
    opening: Balance | None
    closing: Balance | None
    balances: tuple[StatedBalance, ...]
    imbalance: Minor = 0
    """Closing as stated less closing as computed; not 0 only where a person may accept it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A whole file, read: the format that claimed it, its statements, and what is worth saying about them."""

    format: str
    statements: tuple[Statement, ...]
    notices: tuple[Problem, ...]
