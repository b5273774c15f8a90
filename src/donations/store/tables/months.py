"""Closed months: what was frozen, what was opened again, and which payments came or went afterwards."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Text
from sqlmodel import Field, SQLModel


class ClosingRow(SQLModel, table=True):
    """A month was closed: its figures as they stood, chained to the closing before."""

    __tablename__: ClassVar[str] = "closing"
    id: int = Field(primary_key=True)
    first_day: date = Field(index=True)
    last_day: date
    closed_by: str
    closed_at: datetime
    reason: str | None = Field(default=None, sa_type=Text)
    """Why it was closed although something was in the way."""
    figures: str = Field(sa_type=Text)
    """As canonical JSON (`ledger/closed.py`)."""
    last_allocation_id: int
    """Allocations with a higher number came later."""
    before: str
    """Digest of the closing before this one; empty for the first."""
    digest: str = Field(unique=True)


class ReopeningRow(SQLModel, table=True):
    """A closed month was opened again; its closing stays as history."""

    __tablename__: ClassVar[str] = "reopening"
    closing_id: int = Field(primary_key=True, foreign_key="closing.id")
    reopened_by: str
    reopened_at: datetime
    reason: str = Field(sa_type=Text)


class LatePaymentRow(SQLModel, table=True):
    """After its month was closed, a payment came into the books or left them."""

    __tablename__: ClassVar[str] = "late_payment"
    id: int = Field(primary_key=True)
    closing_id: int = Field(foreign_key="closing.id", index=True)
    payment_id: int = Field(foreign_key="payment.id")
    came: bool
    cause: str
    """`imported`, `undone` or `decided`."""
    caused_by: str
    at: datetime
    file_id: int | None = Field(default=None, foreign_key="imported_file.id")
    """The import that brought it or was undone."""
