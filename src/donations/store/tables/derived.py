"""Tables that are made again from facts whenever these change: nothing stands in them that could not be worked out."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import date
from typing import ClassVar

from sqlalchemy import BigInteger, Index
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
