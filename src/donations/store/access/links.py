"""Links that let one person set a password, once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from donations.store.session import ReadSession, WriteSession
from donations.store.tables.access import OneTimeLinkRow


def add_link(session: WriteSession, digest: str, *, person_id: int | None, expires_at: datetime) -> None:
    """Keep a link; an older one of the same person, or for setting up, is good no more."""
    drop_links_of(session, person_id)
    session.add(OneTimeLinkRow(digest=digest, person_id=person_id, expires_at=expires_at))
    session.flush()


def link_with(session: ReadSession, digest: str, *, now: datetime) -> OneTimeLinkRow | None:
    """Return a link that is still good."""
    good = select(OneTimeLinkRow).where(OneTimeLinkRow.digest == digest, col(OneTimeLinkRow.expires_at) > now)
    return session.exec(good).first()


def drop_links_of(session: WriteSession, person_id: int | None) -> None:
    """Take back the links of a person, or (None) those for setting up."""
    column = col(OneTimeLinkRow.person_id)
    session.execute(delete(OneTimeLinkRow).where(column.is_(None) if person_id is None else column == person_id))
