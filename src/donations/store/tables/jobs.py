"""Work that is done beside the pages, and what it made: it is no part of the books, and goes by itself."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, Column, LargeBinary, Text
from sqlmodel import Field, SQLModel


class JobRow(SQLModel, table=True):
    """A piece of work: what it is, who does it, how far it is, and how it ended."""

    __tablename__: ClassVar[str] = "job"
    id: int = Field(primary_key=True)
    kind: str
    arguments: str = Field(sa_type=Text)
    """Canonical JSON, without names of people."""
    content: str
    """Tells apart what would come to something else."""
    begun_at: datetime
    done: int = 0
    total: int
    """Of its steps."""
    tries: int = 0
    """How often a runner has begun it."""
    runner: str = ""
    """Who does it; only that one's word counts."""
    leased_until: int = Field(default=0, sa_type=BigInteger)
    """Until when that one is waited for, by the clock of the database (seconds since 1970)."""
    size: int = Field(default=0, sa_type=BigInteger)
    """Bytes of what it made."""
    failure: str = ""
    """The code of why it failed; empty otherwise."""
    ended_at: datetime | None = None
    kept_until: datetime | None = None
    """When the row and what was made go; None until it ended."""


class JobPieceRow(SQLModel, table=True):
    """A piece of what a job made, in its order: sealed with the key of the host."""

    __tablename__: ClassVar[str] = "job_piece"
    job_id: int = Field(primary_key=True, foreign_key="job.id", ondelete="CASCADE")
    number: int = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
