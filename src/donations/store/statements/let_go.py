"""Statement files that no law asks for any more: all their statements ended more than seven years ago."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select, update
from sqlmodel import col

from donations.ledger.retention import is_needed
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables import ImportedFileRow, SourceDocumentRow, StatementRow


def not_needed(session: ReadSession, *, today: date) -> dict[int, str]:
    """Return the imports whose files need not be kept on this day, each with its file's digest."""
    query = (
        select(col(ImportedFileRow.id), col(ImportedFileRow.sha256), func.max(col(StatementRow.last_day)))
        .join(StatementRow, col(StatementRow.file_id) == col(ImportedFileRow.id))
        .group_by(col(ImportedFileRow.id), col(ImportedFileRow.sha256))
    )
    return {file: sha256 for file, sha256, last in session.execute(query) if not is_needed(last, today=today)}


def empty_files(session: WriteSession, files: Collection[int], *, today: date) -> int:
    """Empty the files of these imports as far as they need not be kept, and return how many had something in them."""
    old = not_needed(as_reader(session), today=today)
    wanted = sorted({old[file] for file in files if file in old})
    filled = (col(SourceDocumentRow.sha256).in_(wanted), func.length(col(SourceDocumentRow.content)) > 0)
    count = session.scalar(select(func.count()).select_from(SourceDocumentRow).where(*filled)) or 0
    session.execute(update(SourceDocumentRow).where(*filled).values(content=b""))
    return count
