"""The data keys of the books, as the key of the host wraps them."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from typing import ClassVar

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel


class DataKeyRow(SQLModel, table=True):
    """The key of one kind of what is sealed; books that are kept unsealed have none."""

    __tablename__: ClassVar[str] = "data_key"
    kind: str = Field(primary_key=True)
    """As `store.tables.sealed.SealedKind`."""
    wrapped: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Sealed by the key of the host (`store/sealing.py`)."""
    mark: str
    """A digest of the key, which tells it from another one."""
