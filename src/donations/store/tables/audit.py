"""The audit log, how often the books were changed, and the tables whose rows never are.

Three of them have a text, or bytes, that may be made empty for a donor who asked to be forgotten (docs/adr/0017): the
content of `source_document`, and the reasons of `donor_merge` and `allocation`.
"""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from donations.store.tables.books import TEXT, UNFINDABLE


class AuditEntryRow(SQLModel, table=True):
    """Something that was done or looked at, chained to the entry before (`ledger/audit.py`)."""

    __tablename__: ClassVar[str] = "audit_entry"
    number: int = Field(primary_key=True)
    at: datetime
    by: str = Field(index=True)
    action: str = Field(index=True)
    about: str
    """What kind of thing `about_id` is; both name nobody."""
    about_id: str
    commitment: str
    """HMAC-SHA256 of the details."""
    before: str
    """Digest of the entry before this one; empty for the first."""
    digest: str = Field(unique=True)
    __table_args__ = (CheckConstraint("number > 0", "counts_from_one"),)


class AuditDetailRow(SQLModel, table=True):
    """What more there is to tell of an entry; erasable with its salt, after which the chain still holds."""

    __tablename__: ClassVar[str] = "audit_detail"
    number: int = Field(primary_key=True, foreign_key="audit_entry.number")
    salt: str = Field(sa_type=UNFINDABLE)
    details: str = Field(sa_type=TEXT)
    """As canonical JSON."""


APPEND_ONLY = (
    "source_document",
    "imported_file",
    "withdrawal",
    "statement",
    "stated_balance",
    "statement_line",
    "payment",
    "decision",
    "allocation",
    "donor_merge",
    "donor_apart",
    "donor_erasure",
    "closing",
    "reopening",
    "late_payment",
    "import_notice",
    "answer",
    "answer_part",
    "tax_list",
    "certificate",
    "thanks",
    "thanked_gift",
    "published_block",
    "public_snapshot",
    "publishing_terms",
    "payment_category",
    "spending_told",
    "association_logo",
    "entry_rule",
    "audit_entry",
)


class BooksVersionRow(SQLModel, table=True):
    """One number that every transaction raises which changed what can be shown (`store/version.py`)."""

    __tablename__: ClassVar[str] = "books_version"
    id: int = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    __table_args__ = (CheckConstraint("id = 1", "only_one"),)
