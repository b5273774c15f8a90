"""Webhooks: programs elsewhere that are told, and each telling. Where they are and their secrets are sealed."""

# No `from __future__ import annotations` here: SQLModel reads the annotations of tables at run time.
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from donations.store.tables.books import UNFINDABLE


class WebhookRow(SQLModel, table=True):
    """A program elsewhere."""

    __tablename__: ClassVar[str] = "webhook"
    id: int = Field(primary_key=True)
    url: str = Field(sa_type=UNFINDABLE)
    secret: str = Field(sa_type=UNFINDABLE)
    added_by: str
    added_at: datetime
    """What happened before is not told."""


class WebhookDeliveryRow(SQLModel, table=True):
    """One telling: of what, and how far it is."""

    __tablename__: ClassVar[str] = "webhook_delivery"
    id: int = Field(primary_key=True)
    webhook_id: int = Field(foreign_key="webhook.id", ondelete="CASCADE")
    event: str
    about: str
    """The number of the import or the block, or the month."""
    message_id: str
    """Stable: however often it is told, it is the same."""
    body: str = Field(sa_type=Text)
    state: str = Field(index=True)
    tries: int = 0
    due_at: datetime
    tried_at: datetime | None = None
    answer: str = ""
    __table_args__ = (UniqueConstraint("webhook_id", "event", "about"),)
