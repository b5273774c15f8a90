"""The imports with their statements, read for the list."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from donations.store.session import ReadSession
from donations.store.tables import AccountRow, ImportedFileRow, StatementRow, WithdrawalRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedStatement:
    """One statement of an import."""

    account: str
    account_name: str
    currency: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """One act of importing a file."""

    id: int
    name: str
    format: str
    imported_at: datetime
    imported_by: str
    accepted_imbalance: str | None
    withdrawn_at: datetime | None
    statements: tuple[ImportedStatement, ...]


def imported_files(session: ReadSession) -> list[ImportedFile]:
    """Return all imports, undone ones too, the newest first."""
    statements: defaultdict[int, list[ImportedStatement]] = defaultdict(list)
    query = (
        select(StatementRow, AccountRow)
        .join(AccountRow, col(AccountRow.id) == col(StatementRow.account_id))
        .order_by(col(StatementRow.id))
    )
    for statement, account in session.exec(query):
        statements[statement.file_id].append(
            ImportedStatement(
                account=account.number,
                account_name=account.name,
                currency=statement.currency,
                first_day=statement.first_day,
                last_day=statement.last_day,
            )
        )
    files = session.exec(
        select(ImportedFileRow, WithdrawalRow)
        .outerjoin(WithdrawalRow, col(WithdrawalRow.file_id) == col(ImportedFileRow.id))
        .order_by(col(ImportedFileRow.id).desc())
    )
    return [
        ImportedFile(
            id=file.id,
            name=file.name,
            format=file.format,
            imported_at=file.imported_at,
            imported_by=file.imported_by,
            accepted_imbalance=file.accepted_imbalance,
            withdrawn_at=None if withdrawal is None else withdrawal.withdrawn_at,
            statements=tuple(statements[file.id]),
        )
        for file, withdrawal in files
    ]
