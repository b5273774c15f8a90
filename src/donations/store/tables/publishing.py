"""What the public sees: published blocks, the snapshots that pages are served from, and the terms of both."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel


class PublishedBlockRow(SQLModel, table=True):
    """Months that were published together, chained to the block before."""

    __tablename__: ClassVar[str] = "published_block"
    number: int = Field(primary_key=True)
    first_day: date
    last_day: date
    figures: str = Field(sa_type=Text)
    """As canonical JSON (`ledger/published.py`)."""
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
