"""How often the books were changed."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel


class BooksVersionRow(SQLModel, table=True):
    """One number that every transaction raises which changed what can be shown (`store/version.py`)."""

    __tablename__: ClassVar[str] = "books_version"
    id: int = Field(primary_key=True)
    number: int = Field(sa_type=BigInteger)
    __table_args__ = (CheckConstraint("id = 1", "only_one"),)
