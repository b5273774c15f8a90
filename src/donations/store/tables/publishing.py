"""Closed months, what costs were for, and what the public sees: frozen figures, blocks, snapshots, terms.

Words are kept with who said them, the newest counts. What names a payee can be erased.
"""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Text
from sqlmodel import Field, SQLModel

from donations.store.tables.books import TEXT


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
    """As canonical JSON (`ledger/figures.py`)."""
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
    payee: str = Field(index=True, sa_type=TEXT)
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


class PublishedSpendingRow(SQLModel, table=True):
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


class PublishedBlockRow(SQLModel, table=True):
    """Months that were published together, chained to the block before."""

    __tablename__: ClassVar[str] = "published_block"
    number: int = Field(primary_key=True)
    first_day: date
    last_day: date
    figures: str = Field(sa_type=Text)
    """As canonical JSON (`published/document.py`)."""
    before: str
    """Digest of the block before this one; empty for the first."""
    digest: str = Field(unique=True)
    last_allocation_id: int
    """Allocations with a higher number are corrections that no block knows yet."""
    published_by: str
    published_at: datetime


class PublicSnapshotRow(SQLModel, table=True):
    """Everything that the public pages show, made whenever the treasurer publishes; the newest is served."""

    __tablename__: ClassVar[str] = "public_snapshot"
    id: int = Field(primary_key=True)
    content: str = Field(sa_type=Text)
    """As canonical JSON."""
    digest: str
    made_by: str
    made_at: datetime


class PublishingTermsRow(SQLModel, table=True):
    """How careful to be, and what the page says besides figures; the newest counts, the others are the history."""

    __tablename__: ClassVar[str] = "publishing_terms"
    id: int = Field(primary_key=True)
    donors_min: int
    percent: int
    is_rounded: bool
    account_id: int | None = Field(default=None, foreign_key="account.id")
    """The own account that gifts are asked to; None is the first one with an IBAN."""
    payee: str
    """Empty: the organisation's name."""
    goal_minor: int | None = Field(default=None, sa_type=BigInteger)
    goal_text: str = Field(sa_type=Text)
    goal_since: date | None = None
    spending_since: date | None = None
    """The first day whose costs are published; None: no spending is."""
    set_by: str
    set_at: datetime
