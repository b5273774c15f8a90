"""Papers that were given out, and how they are to look: settings, kept lists for the tax board, certificates.

What was given out is append-only and holds ids and sums; what names somebody stands in rows that can be erased.
"""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from donations.store.tables.books import CODE, NAME, UNFINDABLE


class DocumentSettingRow(SQLModel, table=True):
    """How a kind of papers is to look, as JSON; the latest word counts."""

    __tablename__: ClassVar[str] = "document_setting"
    name: str = Field(primary_key=True)
    value: str = Field(sa_type=Text)
    set_by: str
    set_at: datetime


class TaxListRow(SQLModel, table=True):
    """A working list for the tax board as it was taken along."""

    __tablename__: ClassVar[str] = "tax_list"
    id: int = Field(primary_key=True)
    year: int = Field(index=True)
    donors: int
    minor: int = Field(sa_type=BigInteger)
    """Euro cents of all its lines."""
    kept_by: str
    kept_at: datetime


class TaxListLineRow(SQLModel, table=True):
    """One donor on a kept list; erasable."""

    __tablename__: ClassVar[str] = "tax_list_line"
    list_id: int = Field(primary_key=True, foreign_key="tax_list.id")
    donor_id: int = Field(primary_key=True, foreign_key="donor.id", index=True)
    code: str = Field(sa_type=CODE)
    name: str = Field(sa_type=NAME)
    minor: int = Field(sa_type=BigInteger)


class CertificateRow(SQLModel, table=True):
    """A certificate that was issued: its figures as they stood."""

    __tablename__: ClassVar[str] = "certificate"
    id: int = Field(primary_key=True)
    year: int
    """Of the gifts."""
    number: int
    """Counts the certificates of the year, without gaps."""
    donor_id: int = Field(foreign_key="donor.id", index=True)
    figures: str = Field(sa_type=Text)
    """As canonical JSON (`acts/certificate.py`)."""
    issued_by: str
    issued_at: datetime
    digest: str
    """SHA-256 of number, figures and the salted name."""
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("number > 0", "counts_from_one"),
    )


class CertificateNameRow(SQLModel, table=True):
    """Whose name stands on a certificate; erasable, after which only its figures are left."""

    __tablename__: ClassVar[str] = "certificate_name"
    certificate_id: int = Field(primary_key=True, foreign_key="certificate.id")
    name: str = Field(sa_type=NAME)
    salt: str = Field(sa_type=UNFINDABLE)
    """Without it nobody could tell from the digest whether a guessed name is right."""
