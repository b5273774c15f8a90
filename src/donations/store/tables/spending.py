"""What costs were for: categories, and the words of people on payees and payments; facts beside the books.

Words are kept with who said them, the newest counts. What names a payee can be erased.
"""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel


class SpendingCategoryRow(SQLModel, table=True):
    """What some costs were for."""

    __tablename__: ClassVar[str] = "spending_category"
    id: int = Field(primary_key=True)
    name: str = Field(unique=True)
    pays_people: bool
    made_by: str
    made_at: datetime


class PayeeCategoryRow(SQLModel, table=True):
    """A person said what is paid to somebody, from now on and before; the payee is erasable."""

    __tablename__: ClassVar[str] = "payee_category"
    id: int = Field(primary_key=True)
    payee: str = Field(index=True)
    """As `core/spending.py` makes it; empty once erased."""
    category_id: int | None = Field(default=None, foreign_key="spending_category.id")
    """None: it has none any more."""
    said_by: str
    said_at: datetime


class PaymentCategoryRow(SQLModel, table=True):
    """A person said what one payment was, whatever else is paid to its payee."""

    __tablename__: ClassVar[str] = "payment_category"
    id: int = Field(primary_key=True)
    payment_id: int = Field(foreign_key="payment.id", index=True)
    category_id: int | None = Field(default=None, foreign_key="spending_category.id")
    """None: again what its payee is paid."""
    said_by: str
    said_at: datetime


class SpendingToldRow(SQLModel, table=True):
    """What a published block told of a category, shown by itself or folded: the next block tells the difference."""

    __tablename__: ClassVar[str] = "spending_told"
    block_number: int = Field(primary_key=True, foreign_key="published_block.number")
    category_id: int = Field(primary_key=True)
    """0: what had no category."""
    minor: int = Field(sa_type=BigInteger)
    """Euro cents."""
    fold: str
    """Why it was not shown by itself; empty where it was."""
    __table_args__ = (CheckConstraint("category_id >= 0", "counts_from_zero"),)
