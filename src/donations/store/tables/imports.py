"""Uploads that wait for their import, and what was said of one when it came."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Column, LargeBinary, Text
from sqlmodel import Field, SQLModel


class ImportNoticeRow(SQLModel, table=True):
    """Something worth saying about an import, as it was said on the day; no personal data."""

    __tablename__: ClassVar[str] = "import_notice"
    id: int = Field(primary_key=True)
    file_id: int = Field(foreign_key="imported_file.id", index=True)
    code: str
    line: int | None = None
    filled: str = Field(sa_type=Text)
    """What fills the catalogue's template, as JSON pairs."""


class PendingUploadRow(SQLModel, table=True):
    """Files that were uploaded and previewed, until they are committed, dropped or expired."""

    __tablename__: ClassVar[str] = "pending_upload"
    id: int = Field(primary_key=True)
    token: str = Field(index=True)
    ordinal: int
    name: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    uploaded_at: datetime
