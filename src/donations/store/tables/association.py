"""What the association shows of itself: its logos, and how its own names are called in other languages.

The rest of what it says of itself is small and stands in `document_setting`, a row for each matter.
"""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel


class LogoRow(SQLModel, table=True):
    """A logo as it was given; kept when another one follows, for papers that were issued with it."""

    __tablename__: ClassVar[str] = "association_logo"
    sha256: str = Field(primary_key=True)
    media_type: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    kept_by: str
    kept_at: datetime


class NameInLanguageRow(SQLModel, table=True):
    """How an appeal, a category or a goal is called in a language besides its own name; the latest word counts.

    It hangs on the name and not on what is named: published months keep the names that they were published with.
    """

    __tablename__: ClassVar[str] = "name_in_language"
    name: str = Field(primary_key=True)
    language: str = Field(primary_key=True, max_length=2)
    said: str
    set_by: str
    set_at: datetime
