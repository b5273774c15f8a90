"""What programs need to come in: tokens with their scopes, and the keys of requests that may be repeated."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Text
from sqlmodel import Field, SQLModel


class ApiTokenRow(SQLModel, table=True):
    """A token of a program that acts for a person; its secret is not kept."""

    __tablename__: ClassVar[str] = "api_token"
    id: int = Field(primary_key=True)
    owner_id: int = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    name: str
    """What the owner calls it: the program that has it."""
    secret_sha256: str
    scopes: str
    """Separated by spaces."""
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_on: date | None = None
    """A day and no time: writing more often would make every reader wait for the writer's lock."""


class IdempotencyKeyRow(SQLModel, table=True):
    """A request that may be repeated: what it asked, and what it was answered."""

    __tablename__: ClassVar[str] = "idempotency_key"
    owner_id: int = Field(primary_key=True, foreign_key="person.id", ondelete="CASCADE")
    key: str = Field(primary_key=True)
    request_sha256: str
    begun_at: datetime
    status: int | None = None
    """The answer's; None while the request is being worked on."""
    answer: str = Field(default="", sa_type=Text)
    """JSON; no personal data of donors."""
