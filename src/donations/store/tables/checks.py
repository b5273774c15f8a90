"""What the last run of the checks found: of each check how much, without any words of what."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel


class CheckResultRow(SQLModel, table=True):
    """A check, and what it found when all were run last."""

    __tablename__: ClassVar[str] = "check_result"
    name: str = Field(primary_key=True)
    """As `reports.checking.NAMES`."""
    found: int
    """How much does not hold; past what a run looks for there may be more."""
    checked_at: datetime
    person_id: int | None = Field(default=None, foreign_key="person.id")
    """Who asked for it; None where nobody signs in."""
