"""What people taught and noted, uploads that wait, and what was said of an import when it came.

Names, account numbers and words of rules, and the text of notes, can be erased.
"""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Column, Text
from sqlmodel import Field, SQLModel

from donations.store.tables.books import ACCOUNT, NAME, TEXT
from donations.store.tables.sealed import SealedFile


class StandingRuleRow(SQLModel, table=True):
    """A rule that a person made: what a payment must be (`iban` to `minor`), and what it is then."""

    __tablename__: ClassVar[str] = "standing_rule"
    id: int = Field(primary_key=True)
    direction: str
    """`in` or `out`."""
    iban: str = Field(default="", sa_type=ACCOUNT)
    """Compact IBAN of the other side; empty where it does not matter, as with the name and the words."""
    name: str = Field(default="", sa_type=NAME)
    words: str = Field(default="", sa_type=TEXT)
    """Words in their normal form that the text must have, one on each line."""
    minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = Field(default=None, max_length=3)
    purpose: str
    donor_id: int | None = Field(default=None, foreign_key="donor.id")
    appeal_id: int | None = Field(default=None, foreign_key="appeal.id")
    label: str = Field(default="", sa_type=TEXT)
    """What it is called beyond its purpose: `rent`."""
    last_day: date | None = None
    """Payments booked later are not this rule's."""
    made_by: str
    made_at: datetime
    switched_off_by: str | None = None
    switched_off_at: datetime | None = None
    __table_args__ = (
        CheckConstraint("direction IN ('in', 'out')", "has_direction"),
        CheckConstraint("(minor IS NULL) = (currency IS NULL)", "amount_has_currency"),
        CheckConstraint(
            "length(iban) + length(name) + length(words) > 0 OR switched_off_at IS NOT NULL",
            "is_never_on_amount_alone",
        ),
        CheckConstraint(
            "(purpose = 'gift') = (donor_id IS NOT NULL AND appeal_id IS NOT NULL)", "gifts_have_donor_and_appeal"
        ),
    )


class AnswerRow(SQLModel, table=True):
    """One act of answering: one payment, or several alike, whole or in parts. Taken back as one."""

    __tablename__: ClassVar[str] = "answer"
    id: int = Field(primary_key=True)
    given_by: str
    given_at: datetime


class AnswerPartRow(SQLModel, table=True):
    """An allocation that an answer appended, be it a new one or the reversal of what stood before."""

    __tablename__: ClassVar[str] = "answer_part"
    allocation_id: int = Field(primary_key=True, foreign_key="allocation.id")
    answer_id: int = Field(foreign_key="answer.id", index=True)


class PutAsidePaymentRow(SQLModel, table=True):
    """A question that a person put aside; nothing is allocated by that."""

    __tablename__: ClassVar[str] = "payment_hold"
    payment_id: int = Field(primary_key=True, foreign_key="payment.id")
    until: date | None = None
    """The day on which it comes back by itself; None: only when somebody brings it back."""
    held_by: str
    held_at: datetime


class PaymentNoteRow(SQLModel, table=True):
    """What a person wrote beside a payment; an erased note keeps its day and its writer."""

    __tablename__: ClassVar[str] = "payment_note"
    id: int = Field(primary_key=True)
    payment_id: int = Field(foreign_key="payment.id", index=True)
    text: str = Field(sa_type=TEXT)
    written_by: str
    written_at: datetime


class ImportNoticeRow(SQLModel, table=True):
    """Something worth saying about an import, as it was said on the day; no personal data."""

    __tablename__: ClassVar[str] = "import_notice"
    id: int = Field(primary_key=True)
    file_id: int = Field(foreign_key="imported_file.id", index=True)
    code: str
    line: int | None = None
    filled: str = Field(sa_type=Text)
    """What fills the catalogue's template, as JSON pairs."""


class PendingUploadRow(SQLModel, table=True):
    """Files that were uploaded and previewed, until they are committed, dropped or expired."""

    __tablename__: ClassVar[str] = "pending_upload"
    id: int = Field(primary_key=True)
    token: str = Field(index=True)
    ordinal: int
    name: str = Field(sa_type=TEXT)
    content: bytes = Field(sa_column=Column(SealedFile, nullable=False))
    uploaded_at: datetime
