"""Views of the ledger that people keep: what they look for can name somebody, so it is sealed."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from typing import ClassVar

from sqlmodel import Field, SQLModel

from donations.store.tables.books import UNFINDABLE


class LedgerViewRow(SQLModel, table=True):
    """One view of one person."""

    __tablename__: ClassVar[str] = "ledger_view"
    id: int = Field(primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    """Whose; None where nobody signs in."""
    name: str = Field(sa_type=UNFINDABLE)
    choice: str = Field(sa_type=UNFINDABLE)
    """What is asked for, as JSON of the page's own conditions."""
