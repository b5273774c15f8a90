"""What is true: own accounts, people, movements of money with their moments, and what a bank changes afterwards.

Amounts are whole cents, moments are of Estonian clocks without a zone. Nothing here knows the product.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What money was for."""

    GIFT = "gift"
    REFUND = "refund"
    TRANSFER = "transfer"
    INCOME = "income"
    COST = "cost"


class Clarity(StrEnum):
    """Whether the bank's own fields say it without a doubt."""

    PLAIN = "plain"
    ASK = "ask"


class Kind(StrEnum):
    """What the bank says of a movement by its transaction code."""

    TRANSFER = "transfer"
    FEE = "fee"
    INTEREST = "interest"
    TAX = "tax"
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who gives or is paid; `names` in the order in which they were borne."""

    key: int
    names: tuple[str, ...]
    ibans: tuple[str, ...]
    code: str = ""
    is_organisation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The other side, as the bank knows it."""

    name: str = ""
    iban: str = ""
    code: str = ""
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a movement truly was."""

    purpose: Purpose
    giver: int | None = None
    """Whose gift, whose refund, or whose refund came back."""
    of: int | None = None
    """The movement that it takes back, that came back, or that is its other side."""
    clarity: Clarity = Clarity.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One true movement of money on an own account."""

    key: int
    account: str
    currency: str
    at: datetime
    minor: int
    """Signed."""
    party: Party
    text: str
    meaning: Meaning
    reference: str = ""
    kind: Kind = Kind.TRANSFER
    batch: int | None = None
    """Movements of one batch are booked in one entry."""

    @property
    def day(self) -> date:
        """The booking date."""
        return self.at.date()


class ChangeKind(StrEnum):
    """What a bank does to a booking afterwards."""

    PAYER = "payer"
    TEXT = "text"
    MOVED = "moved"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From `since` on the bank shows a movement otherwise."""

    movement: int
    since: datetime
    kind: ChangeKind
    iban: str = ""
    text: str = ""
    days: int = 0


class Ids(StrEnum):
    """How a bank numbers lines."""

    STABLE = "stable"
    PER_DOWNLOAD = "per_download"
    PER_FILE = "per_file"
    REUSED = "reused"
    CONSTANT = "constant"
    MISSING = "missing"


class Batches(StrEnum):
    """What a file shows of a batch entry."""

    PARTS = "parts"
    TOTAL = "total"
    FIRST_DETAIL = "first_detail"
    OTHER_SPLIT = "other_split"


class Times(StrEnum):
    """What a bank writes of the times of a statement."""

    EXACT = "exact"
    NOMINAL = "nominal"
    DATES = "dates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one bank writes."""

    camt_ids: Ids = Ids.STABLE
    csv_ids: Ids = Ids.STABLE
    ofx_ids: Ids = Ids.STABLE
    one_family: bool = False
    """CSV and camt carry the same ids (SEB)."""
    csv_batches: Batches = Batches.PARTS
    camt_batches: Batches = Batches.PARTS
    batch_id_in_csv: bool = True
    text_length: int = 140
    name_length: int = 70
    capitals: bool = False
    gives_codes: bool = True
    numbers: bool = False
    """Statements carry electronic sequence numbers."""
    newest_first: bool = False
    shows_pending: bool = False
    shows_owner: bool = True
    iban_in_memo: bool = False
    """OFX: the payer's account stands in the memo."""
    ofx_names_only: bool = False
    """OFX: the payer's account stands nowhere."""
    end_to_end: Ids = Ids.MISSING
    """camt: the payer's own id, as it came or another one in each download."""
    gives_transaction_ids: bool = False
    """camt: TxId, which the first bank gave."""
    swift_names: bool = False
    """MT940: field :86: says what is what by names, not by numbered subfields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccount:
    """An account of the association."""

    iban: str
    bank: str
    currencies: tuple[str, ...]
    habits: Habits
    is_silent: bool = False
    """Registered by the treasurer, who never downloads a statement of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that is true."""

    seed: int
    organisation: str
    code: str
    accounts: tuple[OwnAccount, ...]
    people: tuple[Person, ...]
    movements: tuple[Movement, ...]
    """By moment."""
    changes: tuple[Change, ...] = ()
    openings: tuple[tuple[str, str, int], ...] = ()
    """Account, currency, balance before everything."""
    first_day: date
    last_day: date
    themes: tuple[str, ...] = ()

    def person(self, key: int) -> Person:
        """Return one of the people."""
        return next(each for each in self.people if each.key == key)

    def account(self, iban: str) -> OwnAccount:
        """Return one of the own accounts."""
        return next(each for each in self.accounts if each.iban == iban)


class Form(StrEnum):
    """In what a statement is written."""

    LHV_CSV = "lhv.csv"
    SWEDBANK_CSV = "swedbank.csv"
    SEB_CSV = "seb.csv"
    CAMT_02 = "camt02.xml"
    CAMT_08 = "camt08.xml"
    OFX_1 = "ofx1.ofx"
    OFX_2 = "ofx2.ofx"
    MT940 = "mt940.sta"
    MT942 = "mt942.sta"
    """A report of a day that goes on, without balances."""
    TABLE = "table.csv"
    """Of any bank, with the balance behind each row; a person says what its columns mean."""
    CAMT_052 = "camt052.xml"
    """The same as XML; its balances prove nothing, for it may leave entries out."""

    @property
    def is_csv(self) -> bool:
        """Whether it is one of the three tables."""
        return self in {Form.LHV_CSV, Form.SWEDBANK_CSV, Form.SEB_CSV}

    @property
    def is_camt(self) -> bool:
        """Whether it is XML of ISO 20022."""
        return self in {Form.CAMT_02, Form.CAMT_08, Form.CAMT_052}

    @property
    def is_swift(self) -> bool:
        """Whether it is tagged text of SWIFT."""
        return self in {Form.MT940, Form.MT942}

    @property
    def is_report(self) -> bool:
        """Whether no day is whole by it, whatever it says."""
        return self in {Form.MT942, Form.CAMT_052}


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A statement that a treasurer fetches; the file is a function of it and of the world."""

    key: int
    account: str
    currencies: tuple[str, ...]
    first_day: date
    last_day: date
    made_at: datetime
    form: Form
    begins_at: datetime | None = None
    """Only camt: the period begins in the middle of its first day."""
    times: Times = Times.EXACT
    balances: bool = True
    is_copy: bool = False
    balance_of_download: bool = False
    """Only OFX: LEDGERBAL is of the day of download."""
    english: bool = False
    batches: Batches | None = None
    """Against the bank's habit."""
    is_packed: bool = False
    """Given in an archive."""

    @property
    def is_part_of_last_day(self) -> bool:
        """Whether the last day went on after it was made."""
        return self.made_at.date() <= self.last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as a file prints it: what is not printed is empty."""

    movements: tuple[int, ...]
    """What it truly shows: several in a total."""
    day: date
    at: datetime
    minor: int
    name: str = ""
    iban: str = ""
    code: str = ""
    on_behalf_of: str = ""
    text: str = ""
    reference: str = ""
    kind: Kind = Kind.TRANSFER
    ids: tuple[tuple[str, str], ...] = ()
    """Scheme and value of the bank's ids."""
    parts: tuple[Line, ...] = ()
    details: int | None = None
    """How many of the parts are shown as details, where they do not explain the entry."""

    @property
    def leaves(self) -> tuple[Line, ...]:
        """Lines that are payments."""
        return self.parts if self.parts and self.details is None else (self,)

    @property
    def is_total(self) -> bool:
        """Whether it stands for several movements."""
        return len(self.movements) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a file, as printed, and what is true of it."""

    account: str
    currency: str
    first_day: date
    last_day: date
    lines: tuple[Line, ...]
    pending: tuple[Line, ...] = ()
    opening: int | None = None
    closing: int | None = None
    closing_on: date | None = None
    begins_at: datetime | None = None
    """Printed, where the period begins in the middle of a day."""
    made_at: datetime
    """When it was truly made."""
    printed_made: datetime | None = None
    printed_end: datetime | None = None
    number: int | None = None
    owner: str = ""
    is_report: bool = False
    """No day is whole by it."""
    begins_somewhere: bool = False
    """It does not say that it has the whole of its first day."""
    by_names: bool = False
    """MT940: see `Habits.swift_names`."""
    shown_balances: tuple[int, int] | None = None
    """What a report prints of them, which proves nothing."""

    @property
    def leaves(self) -> tuple[Line, ...]:
        """All lines that are payments."""
        return tuple(leaf for line in self.lines for leaf in line.leaves)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFile:
    """Bytes with what they truly say."""

    key: int
    name: str
    content: bytes
    download: Download
    statements: tuple[Statement, ...] = field(repr=False)
