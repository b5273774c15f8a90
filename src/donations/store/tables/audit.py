"""The audit log: entries that never change, and what could name somebody beside them."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, Text
from sqlmodel import Field, SQLModel


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
    salt: str
    details: str = Field(sa_type=Text)
    """As canonical JSON."""
