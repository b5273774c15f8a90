"""Tables that are made again from facts whenever these change: nothing stands in them that could not be worked out."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel


class AttestationRow(SQLModel, table=True):
    """Which line attests which payment now: a function of the active lines, made again when they change."""

    __tablename__: ClassVar[str] = "attestation"
    line_id: int = Field(primary_key=True, foreign_key="statement_line.id")
    payment_id: int = Field(primary_key=True, foreign_key="payment.id")
    __table_args__ = (Index(None, "payment_id"),)


class PaymentNotInStatementRow(SQLModel, table=True):
    """An active statement that touches a payment's day does not show it: what lies before, behind, or is missed."""

    __tablename__: ClassVar[str] = "unshown_payment"
    statement_id: int = Field(primary_key=True, foreign_key="statement.id")
    payment_id: int = Field(primary_key=True, foreign_key="payment.id")
    __table_args__ = (Index(None, "payment_id"),)


class FindingRow(SQLModel, table=True):
    """Something that two lines of statements disagree on; gone when one of their imports is undone."""

    __tablename__: ClassVar[str] = "finding"
    id: int = Field(primary_key=True)
    kind: str
    """As `identity.findings.Kind`."""
    line_id: int = Field(foreign_key="statement_line.id", index=True)
    other_id: int = Field(foreign_key="statement_line.id", index=True)


class DaySumRow(SQLModel, table=True):
    """What an account's money in or out of one day was for, by appeal; what has no purpose yet has an empty one."""

    __tablename__: ClassVar[str] = "day_sum"
    day: date = Field(primary_key=True)
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    currency: str = Field(primary_key=True, max_length=3)
    is_in: bool = Field(primary_key=True)
    purpose: str = Field(primary_key=True)
    appeal_id: int = Field(primary_key=True)
    """0 where there is none."""
    minor: int = Field(sa_type=BigInteger)
    """Signed as the payments are."""
    parts: int
    """How many allocations it is, or how many payments with money that has no purpose."""


class OpenPaymentRow(SQLModel, table=True):
    """A payment with money that has no purpose yet."""

    __tablename__: ClassVar[str] = "open_payment"
    payment_id: int = Field(primary_key=True, foreign_key="payment.id")
    day: date
    minor: int = Field(sa_type=BigInteger)
    """What is open of it, signed as the payment is."""
    __table_args__ = (Index(None, "day", "payment_id"),)


class RegularGiftRow(SQLModel, table=True):
    """One regular gift of a donor: what is due next, and what its next step needs (docs/adr/0008)."""

    __tablename__: ClassVar[str] = "regular_gift"
    donor_id: int = Field(primary_key=True, foreign_key="donor.id")
    stream: int = Field(primary_key=True)
    """Counts the regular gifts of a donor who has several, such as two standing orders."""
    every: int
    """Months between two gifts."""
    currency: str = Field(max_length=3)
    due: date
    """When the next gift is expected."""
    until: date
    """The last day on which it may come."""
    expected_minor: int = Field(sa_type=BigInteger)
    """The usual amount."""
    account_id: int = Field(foreign_key="account.id")
    """The own account that the last gift came to."""
    appeal_id: int = Field(foreign_key="appeal.id")
    """Of the last gift."""
    pace: str
    """The last gift, and from where the next is awaited, as JSON (`store/giving/streams.py`)."""
    loose: str
    """The donor's gifts in this currency that are part of nothing regular, as JSON: days and amounts."""
    dues: str
    """When something was due, what was expected and what came, as JSON: what this adds to `regular_due`."""
    __table_args__ = (Index(None, "due"), Index(None, "until"))


class RegularTurnRow(SQLModel, table=True):
    """A time that a regular gift came, or did not, that is worth telling; what came as usual has no row."""

    __tablename__: ClassVar[str] = "regular_turn"
    donor_id: int = Field(primary_key=True, foreign_key="donor.id")
    stream: int = Field(primary_key=True)
    beat: int = Field(primary_key=True)
    """Counts the times, those that are not worth telling too."""
    turn: str
    due: date
    day: date
    """When it came; where nothing came, the last day on which it might have."""
    expected_minor: int | None = Field(default=None, sa_type=BigInteger)
    """The usual amount; empty before the donor was regular."""
    minor: int | None = Field(default=None, sa_type=BigInteger)
    """What came."""
    account_id: int = Field(foreign_key="account.id")
    """The own account that it came to, or that the one before came to."""
    appeal_id: int = Field(foreign_key="appeal.id")
    __table_args__ = (
        CheckConstraint("(turn = 'not_come') = (minor IS NULL)", "turn_says_whether_it_came"),
        Index(None, "day"),
    )


class RegularDueRow(SQLModel, table=True):
    """What was expected of all regular gifts on one day, and what came of it; what is due next is in none of them."""

    __tablename__: ClassVar[str] = "regular_due"
    due: date = Field(primary_key=True)
    account_id: int = Field(primary_key=True, foreign_key="account.id")
    appeal_id: int = Field(primary_key=True, foreign_key="appeal.id")
    currency: str = Field(primary_key=True, max_length=3)
    expected_minor: int = Field(sa_type=BigInteger)
    minor: int = Field(sa_type=BigInteger)
    """What came."""
    gifts_expected: int
    gifts_came: int
