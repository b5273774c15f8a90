"""The tables. Rows carry no rules (SQLModel tables do not validate): values are checked before and after.

Money is whole minor units. Lines, payments and allocations hold no personal data and are append-only (triggers of
the first migration refuse UPDATE and DELETE); names, accounts, codes and texts live in rows that can be erased.
"""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from donations.store.tables.sealed import Sealed, SealedFile, SealedKind

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = SQLModel.metadata
metadata.naming_convention = NAMING

NAME, ACCOUNT, CODE, TEXT = (
    Sealed(kind) for kind in (SealedKind.NAME, SealedKind.ACCOUNT, SealedKind.CODE, SealedKind.TEXT)
)
"""Texts that name somebody: equal ones of a kind are sealed alike, in whichever table they stand."""
UNFINDABLE = Sealed(SealedKind.TEXT, is_findable=False)
"""Texts of which there are only a few different ones: how often each stands there would give them away."""


class AccountRow(SQLModel, table=True):
    """An own account."""

    __tablename__: ClassVar[str] = "account"
    id: int = Field(primary_key=True)
    number: str = Field(unique=True)
    """Compact IBAN, or the bank's own number where the bank gives no IBAN."""
    name: str
    opened_on: date | None = None
    """Its first day, by a person's word; None: the first of its statements or of the transfers that name it."""
    ended_on: date | None = None
    """Its last day, by a person's word; no statement is wanted of later days."""
    became: str | None = None
    """The number of the own account that the bank made of it."""


class AppealRow(SQLModel, table=True):
    """What is being collected for."""

    __tablename__: ClassVar[str] = "appeal"
    id: int = Field(primary_key=True)
    name: str = Field(unique=True)


class KeywordRow(SQLModel, table=True):
    """A keyword in its normal form names one appeal."""

    __tablename__: ClassVar[str] = "keyword"
    word: str = Field(primary_key=True)
    appeal_id: int = Field(foreign_key="appeal.id")
    forms: str | None = Field(default=None, sa_type=Text)
    """Its cases, a line each, as they were made when it was added, and what people added; None: made by rule."""
    denying: str | None = Field(default=None, sa_type=Text)
    """The cases that say that there is none."""


class AppealReferenceRow(SQLModel, table=True):
    """A structured reference in comparable form names one appeal."""

    __tablename__: ClassVar[str] = "appeal_reference"
    reference: str = Field(primary_key=True)
    appeal_id: int = Field(foreign_key="appeal.id")


class AppealEndRow(SQLModel, table=True):
    """An appeal, or one keyword of it, ended by a person's word; the latest counts."""

    __tablename__: ClassVar[str] = "appeal_end"
    appeal_id: int = Field(primary_key=True, foreign_key="appeal.id")
    word: str = Field(primary_key=True)
    """The keyword in its normal form; empty: all that names the appeal."""
    last_day: date | None
    """Of later payments it names nothing; None: it was taken up again."""


class SourceDocumentRow(SQLModel, table=True):
    """The bytes that were given to us, kept whole for seven years (RPS § 12)."""

    __tablename__: ClassVar[str] = "source_document"
    sha256: str = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(SealedFile, nullable=False))


class ImportedFileRow(SQLModel, table=True):
    """One act of importing a file."""

    __tablename__: ClassVar[str] = "imported_file"
    id: int = Field(primary_key=True)
    sha256: str = Field(foreign_key="source_document.sha256", index=True)
    name: str
    """The given name, cleaned for showing; never used as a path."""
    format: str
    imported_at: datetime
    imported_by: str
    accepted_imbalance: str | None = None
    """The written reason why a balance that does not add up was accepted."""


class ActiveFileRow(SQLModel, table=True):
    """Which import of a file's bytes counts now: one at most. Deleted when the import is undone."""

    __tablename__: ClassVar[str] = "active_file"
    sha256: str = Field(primary_key=True)
    file_id: int = Field(foreign_key="imported_file.id", unique=True)


class WithdrawalRow(SQLModel, table=True):
    """An import was undone."""

    __tablename__: ClassVar[str] = "withdrawal"
    file_id: int = Field(primary_key=True, foreign_key="imported_file.id")
    withdrawn_at: datetime
    withdrawn_by: str


class StatementRow(SQLModel, table=True):
    """One statement of a file."""

    __tablename__: ClassVar[str] = "statement"
    id: int = Field(primary_key=True)
    file_id: int = Field(foreign_key="imported_file.id", index=True)
    fingerprint: str
    account_id: int = Field(foreign_key="account.id")
    currency: str = Field(max_length=3)
    first_day: date
    last_day: date
    opening_minor: int | None = Field(sa_type=BigInteger)
    closing_minor: int | None = Field(sa_type=BigInteger)
    imbalance_minor: int = Field(sa_type=BigInteger)
    begins_at: datetime | None = None
    ends_at: datetime | None = None
    made_at: datetime | None = None
    electronic_number: int | None = Field(default=None, sa_type=BigInteger)
    legal_number: int | None = Field(default=None, sa_type=BigInteger)
    is_copy: bool = False
    owner: str = ""
    """The organisation's own name, as the bank writes it."""
    __table_args__ = (Index(None, "account_id", "currency", "first_day", "last_day"),)


class StatedBalanceRow(SQLModel, table=True):
    """A balance that a statement states besides its opening and closing one."""

    __tablename__: ClassVar[str] = "stated_balance"
    id: int = Field(primary_key=True)
    statement_id: int = Field(foreign_key="statement.id", index=True)
    day: date
    minor: int = Field(sa_type=BigInteger)
    at: datetime | None = None
    """The moment at which it held, where the file says one."""


class StatementLineRow(SQLModel, table=True):
    """One row of one statement, with nothing open in it that could name a person."""

    __tablename__: ClassVar[str] = "statement_line"
    id: int = Field(primary_key=True)
    statement_id: int = Field(foreign_key="statement.id", index=True)
    row: int
    booked_on: date
    minor: int = Field(sa_type=BigInteger)
    """Signed: money in is positive."""
    kind: str
    is_reversal: bool
    batch_id: int | None = Field(default=None, foreign_key="statement_line.id")
    """The total of the batch entry that this line is a part of."""
    is_total: bool
    ids: str = Field(sa_type=TEXT)
    """The bank's ids as JSON pairs of scheme and value; what payers mark a payment by is among them."""
    value_date: date | None = None
    return_reason: str = Field(default="", sa_type=TEXT)
    original_minor: int | None = Field(default=None, sa_type=BigInteger)
    """What was sent, before charges or exchange; unsigned."""
    original_currency: str | None = Field(default=None, max_length=3)
    charges_minor: int | None = Field(default=None, sa_type=BigInteger)
    charges_currency: str | None = Field(default=None, max_length=3)
    wording_id: int | None = Field(default=None, foreign_key="wording.id", index=True)
    """What it says of people; None where that was erased."""
    __table_args__ = (
        CheckConstraint("minor <> 0", "moves_money"),
        Index("ix_statement_line_total", "id", sqlite_where=text("is_total = 1"), postgresql_where=text("is_total")),
    )


class PayerRow(SQLModel, table=True):
    """The other side of lines as a bank writes it, once however many lines show it; gone with the last of them."""

    __tablename__: ClassVar[str] = "payer"
    id: int = Field(primary_key=True)
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    """By what it is found again, as `store.interning` makes it."""
    name: str = Field(sa_type=NAME)
    account: str = Field(index=True, sa_type=ACCOUNT)
    code: str = Field(index=True, sa_type=CODE)
    on_behalf_of: str = Field(sa_type=NAME)
    bic: str


class WordingRow(SQLModel, table=True):
    """What a payer writes to payments, once however many lines show it; gone with the last of them."""

    __tablename__: ClassVar[str] = "wording"
    id: int = Field(primary_key=True)
    digest: bytes | None = Field(default=None, sa_column=Column(LargeBinary, unique=True))
    """As of the payer; None where it was changed afterwards (a code was erased, or became the organisation's own), so
    that no line comes to it any more."""
    payer_id: int = Field(foreign_key="payer.id", index=True)
    claimed_code: str = Field(index=True, sa_type=CODE)
    """The checked code that counts as the payer's, from the file's own field or from the text."""
    text: str = Field(sa_type=TEXT)
    reference: str = Field(sa_type=TEXT)


class LineDetailRow(SQLModel, table=True):
    """What a file shows of one transaction of an entry that is kept whole; erasable."""

    __tablename__: ClassVar[str] = "line_detail"
    line_id: int = Field(primary_key=True, foreign_key="statement_line.id")
    ordinal: int = Field(primary_key=True)
    minor: int | None = Field(default=None, sa_type=BigInteger)
    """Unsigned; None where the file gives no amount."""
    currency: str | None = Field(default=None, max_length=3)
    name: str = Field(sa_type=NAME)
    account: str = Field(sa_type=ACCOUNT)
    code: str = Field(sa_type=CODE)
    on_behalf_of: str = Field(sa_type=NAME)
    bic: str
    text: str = Field(sa_type=TEXT)


class LineCodeRow(SQLModel, table=True):
    """A giver's own code in the text of a line, as a keyed hash: made from the text, and gone with it."""

    __tablename__: ClassVar[str] = "line_code"
    line_id: int = Field(primary_key=True, foreign_key="statement_line.id")
    digest: str = Field(primary_key=True, index=True)


class PaymentRow(SQLModel, table=True):
    """One real movement of money. The unique key is the last guard against counting it twice."""

    __tablename__: ClassVar[str] = "payment"
    id: int = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    booked_on: date
    minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    ordinal: int
    """Counts the payments of one account, day, amount and currency."""
    __table_args__ = (
        UniqueConstraint("account_id", "currency", "booked_on", "minor", "ordinal"),
        Index(None, "booked_on"),
        CheckConstraint("minor <> 0", "moves_money"),
        CheckConstraint("ordinal >= 0", "counts_from_zero"),
    )


class DonorRow(SQLModel, table=True):
    """A donor; the names are erasable."""

    __tablename__: ClassVar[str] = "donor"
    id: int = Field(primary_key=True)
    name: str = Field(sa_type=NAME)
    """As it is shown: `said_name`, else what the newest payment says that makes the donor."""
    name_key: str = Field(index=True, sa_type=NAME)
    said_name: str | None = Field(default=None, sa_type=NAME)
    """As a person wrote or corrected it."""
    merged_into_id: int | None = Field(default=None, foreign_key="donor.id", index=True)
    """The donor that stands for this one, never one that is merged itself: what `donor_merge` and `donor_link` come
    to. Queries ask `store.donors.surviving`."""


class DonorClaimRow(SQLModel, table=True):
    """How a donor is recognised: by a code, or by an account with a name. Erasable."""

    __tablename__: ClassVar[str] = "donor_claim"
    id: int = Field(primary_key=True)
    donor_id: int = Field(foreign_key="donor.id", index=True)
    code: str = Field(default="", sa_type=CODE)
    iban: str = Field(default="", sa_type=ACCOUNT)
    name_key: str = Field(default="", sa_type=NAME)
    is_kept: bool = False
    """It stays the donor's, whatever files say or are taken back: a person said of the donor who it is."""
    is_typed: bool = False
    """A kept code that stood only in texts when that was said: where others came with it too, it is not the donor's."""
    __table_args__ = (UniqueConstraint("code", "iban", "name_key"),)


class DecisionRow(SQLModel, table=True):
    """Why something is booked: what one rule found, once however often it found the same, or one word of a person."""

    __tablename__: ClassVar[str] = "decision"
    id: int = Field(primary_key=True)
    digest: bytes | None = Field(default=None, sa_column=Column(LargeBinary, unique=True))
    """As of the payer; None for a person's, which are never shared: emptying one leaves the others."""
    rule: str | None = Field(default=None, index=True)
    person: str | None = None
    reason: str = Field(sa_type=TEXT)
    evidence: str = Field(sa_type=TEXT)
    __table_args__ = (
        CheckConstraint("(rule IS NULL) <> (person IS NULL)", "one_decides"),
        CheckConstraint("(rule IS NULL) = (digest IS NULL)", "persons_are_not_shared"),
    )


class AllocationRow(SQLModel, table=True):
    """What part of a payment was for; corrected only by a row that reverses it."""

    __tablename__: ClassVar[str] = "allocation"
    id: int = Field(primary_key=True)
    payment_id: int = Field(foreign_key="payment.id")
    purpose: str
    minor: int = Field(sa_type=BigInteger)
    """Positive; negative where it reverses another allocation."""
    currency: str = Field(max_length=3)
    donor_id: int | None = Field(default=None, foreign_key="donor.id", index=True)
    appeal_id: int | None = Field(default=None, foreign_key="appeal.id")
    reverses_id: int | None = Field(default=None, foreign_key="allocation.id", unique=True)
    returns_payment_id: int | None = Field(default=None, foreign_key="payment.id")
    """The payment whose money this gives back: a refund's gift, or the refund or payment of ours that came back."""
    decision_id: int = Field(foreign_key="decision.id")
    made_at: datetime
    __table_args__ = (
        Index(None, "payment_id", "minor"),  # what is open is asked of the index alone
        CheckConstraint("minor <> 0", "moves_money"),
        CheckConstraint("(reverses_id IS NULL) = (minor > 0)", "only_reversals_are_negative"),
        CheckConstraint(
            "(purpose = 'gift') = (donor_id IS NOT NULL AND appeal_id IS NOT NULL) OR purpose = 'refund'",
            "gifts_have_donor_and_appeal",
        ),
    )


class EnteredBalanceRow(SQLModel, table=True):
    """A balance at the end of a day that a person read in the internet bank."""

    __tablename__: ClassVar[str] = "given_balance"
    id: int = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    currency: str = Field(max_length=3)
    day: date
    minor: int = Field(sa_type=BigInteger)
    given_by: str
    given_at: datetime


class PairDecisionRow(SQLModel, table=True):
    """A person said that two lines are, or are not, the same payment; kept by file and place, so it outlives undo."""

    __tablename__: ClassVar[str] = "pair_decision"
    id: int = Field(primary_key=True)
    one: str
    other: str
    same: bool
    decided_by: str
    decided_at: datetime
    __table_args__ = (UniqueConstraint("one", "other"),)


class LeftOutLineRow(SQLModel, table=True):
    """A person said that a line attests nothing; kept by file and place, so it outlives undo."""

    __tablename__: ClassVar[str] = "left_out_line"
    id: int = Field(primary_key=True)
    place: str = Field(unique=True)
    payment_id: int = Field(foreign_key="payment.id")
    """The payment that it attested."""
    reason: str
    decided_by: str
    decided_at: datetime


class DaysWithoutMovementRow(SQLModel, table=True):
    """A person confirmed that nothing moved on days that no statement covers; deleted when taken back."""

    __tablename__: ClassVar[str] = "quiet_days"
    id: int = Field(primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    currency: str = Field(max_length=3)
    first_day: date
    last_day: date
    confirmed_by: str
    confirmed_at: datetime
    __table_args__ = (CheckConstraint("first_day <= last_day", "in_order"),)
