"""Mail that leaves: the server that takes it, and the outbox. Addresses, words and the password are sealed."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from donations.store.tables.books import TEXT, UNFINDABLE


class MailServerRow(SQLModel, table=True):
    """The one server that takes mail from here, and in whose name it is sent."""

    __tablename__: ClassVar[str] = "mail_server"
    id: int = Field(primary_key=True)
    host: str
    port: int
    security: str
    username: str
    password: str = Field(sa_type=UNFINDABLE)
    sender: str
    """The address that stands as From."""
    set_by: str
    set_at: datetime
    __table_args__ = (CheckConstraint("id = 1", "only_one"),)


class MailRow(SQLModel, table=True):
    """A message: why it is sent, to whom, what it says and how far it is."""

    __tablename__: ClassVar[str] = "mail"
    id: int = Field(primary_key=True)
    occasion: str = Field(unique=True)
    """Names what it is sent for, and nobody: for one occasion there is one message."""
    kind: str
    language: str
    donor_id: int | None = Field(default=None, foreign_key="donor.id", index=True)
    address: str = Field(sa_type=TEXT)
    subject: str = Field(sa_type=UNFINDABLE)
    body: str = Field(sa_type=UNFINDABLE)
    paper: str
    """The certificate that goes with it, by its number; empty: none."""
    word: str = Field(sa_type=UNFINDABLE)
    """What opens the paper; empty: it is open."""
    made_by: str
    made_at: datetime
    state: str = Field(index=True)
    tries: int = 0
    """How often the server put it off."""
    due_at: datetime
    tried_at: datetime | None = None
    reply: str = Field(default="", sa_type=UNFINDABLE)
    """What the server answered last."""


class DigestAddressRow(SQLModel, table=True):
    """Somebody who is told by mail of closed and published months."""

    __tablename__: ClassVar[str] = "digest_address"
    id: int = Field(primary_key=True)
    address: str = Field(sa_type=TEXT, unique=True)
    added_by: str
    added_at: datetime
    """What happened before is not told."""
