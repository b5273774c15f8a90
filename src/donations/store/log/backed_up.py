"""What the audit log tells of backups: when, by whom, where to, and whether encrypted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from donations.ledger.audit import Action
from donations.store.log.audit import EntryFilter, entries
from donations.store.session import ReadSession


class BackupTo(StrEnum):
    """Where a backup goes."""

    FILE = "file"
    """Where a command said."""
    FOLDER = "folder"
    """Into the folder of those that are made by themselves."""
    DOWNLOAD = "download"
    """To who asked for it on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade:
    """A backup."""

    at: datetime
    by: str
    to: BackupTo
    is_encrypted: bool


def newest_backup(session: ReadSession) -> BackupMade | None:
    """Return the last backup; None where there was none."""
    for kept in entries(session, EntryFilter(actions=frozenset({Action.BACKED_UP})), size=1):
        said = kept.detail_values
        to = BackupTo(said.get("to", BackupTo.FILE))
        return BackupMade(at=kept.entry.at, by=kept.entry.by, to=to, is_encrypted=bool(said.get("is_encrypted")))
    return None
