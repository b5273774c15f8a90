"""The one row that public pages are served from; nothing else of the books is in reach of them."""

from __future__ import annotations

from typing import NamedTuple

from sqlmodel import col, select

from donations.store.session import ReadSession
from donations.store.tables.publishing import PublicSnapshotRow


class KeptSnapshot(NamedTuple):
    """A snapshot as it is kept."""

    digest: str
    content: str
    """As canonical JSON."""


def newest_digest(session: ReadSession) -> str | None:
    """Return the digest of what is published now; None before anything is."""
    return session.exec(select(PublicSnapshotRow.digest).order_by(col(PublicSnapshotRow.id).desc()).limit(1)).first()


def newest(session: ReadSession) -> KeptSnapshot | None:
    """Return what is published now; None before anything is."""
    row = session.exec(select(PublicSnapshotRow).order_by(col(PublicSnapshotRow.id).desc()).limit(1)).first()
    return None if row is None else KeptSnapshot(row.digest, row.content)
