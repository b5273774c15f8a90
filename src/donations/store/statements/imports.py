"""Uploads that wait for an hour between preview and import, and the imports: searched, and one with all it stated."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, case, delete, func, update
from sqlalchemy import select as sql_select
from sqlmodel import col, exists, select

from donations.core.money import Currency, Minor
from donations.core.statement import GivenFile, shown_name
from donations.identity.content import StatementId
from donations.store.appending import append
from donations.store.session import ReadSession, WriteSession, in_runs, next_ids
from donations.store.statements.files import Ledger
from donations.store.tables import (
    ActiveFileRow,
    ImportedFileRow,
    SourceDocumentRow,
    StatementLineRow,
    StatementRow,
    WithdrawalRow,
)
from donations.store.tables.rules import PendingUploadRow

KEPT_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """One file of an upload; the number stays when others are dropped."""

    number: int
    given: GivenFile


def keep_upload(session: WriteSession, files: Sequence[GivenFile], *, now: datetime) -> str:
    """Keep the files and return their token; what has waited too long is deleted."""
    drop_expired_uploads(session, now=now)
    token = secrets.token_urlsafe(24)
    ids = next_ids(session, PendingUploadRow)
    rows = [
        {
            "id": next(ids),
            "token": token,
            "ordinal": number,
            "name": shown_name(given.name),
            "content": given.content,
            "uploaded_at": now,
        }
        for number, given in enumerate(files, start=1)
    ]
    append(session, PendingUploadRow, rows)
    return token


def replace_upload(session: WriteSession, token: str, number: int, content: bytes) -> None:
    """Let other bytes wait in place of a file's."""
    query = update(PendingUploadRow).where(
        col(PendingUploadRow.token) == token, col(PendingUploadRow.ordinal) == number
    )
    session.execute(query.values(content=content))


def waiting_upload(session: ReadSession, token: str, *, now: datetime) -> list[WaitingFile]:
    """Return the files under a token in the order they were given; none where it expired or never was."""
    rows = session.exec(
        select(PendingUploadRow)
        .where(PendingUploadRow.token == token, col(PendingUploadRow.uploaded_at) >= now - KEPT_FOR)
        .order_by(col(PendingUploadRow.ordinal))
    )
    return [WaitingFile(row.ordinal, GivenFile(name=row.name, content=row.content)) for row in rows]


def drop_expired_uploads(session: WriteSession, *, now: datetime) -> None:
    """Forget every upload that has waited too long."""
    session.execute(delete(PendingUploadRow).where(col(PendingUploadRow.uploaded_at) < now - KEPT_FOR))


def drop_upload(session: WriteSession, token: str, *, number: int | None = None) -> None:
    """Forget an upload, or one file of it."""
    query = delete(PendingUploadRow).where(col(PendingUploadRow.token) == token)
    session.execute(query if number is None else query.where(col(PendingUploadRow.ordinal) == number))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFilter:
    """Which imports are looked for; everything that is said must be so."""

    name: str = ""
    """A part of the file's name."""
    account_id: int | None = None
    """One of its statements is of this account."""
    first_day: date | None = None
    """... and covers this day or one after it."""
    last_day: date | None = None
    """... and covers this day or one before it."""
    only_active: bool = False

    @property
    def is_all(self) -> bool:
        """Whether nothing is asked."""
        return self == ImportFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedStatement:
    """One statement of an import; minor units."""

    id: StatementId
    ledger: Ledger
    first_day: date
    last_day: date
    opening: Minor | None
    closing: Minor | None
    imbalance: Minor
    owner: str
    """Of the account, as the bank writes the name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """One act of importing a file."""

    id: int
    sha256: str
    name: str
    format: str
    imported_at: datetime
    imported_by: str
    accepted_imbalance: str | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    statements: tuple[ImportedStatement, ...]


@dataclass(frozen=True, slots=True)
class LineSums:
    """What the lines of one statement come to: how many, and what moved in and out (positive) in minor units."""

    lines: int
    money_in: Minor
    money_out: Minor


def count_imports(session: ReadSession, wanted: ImportFilter) -> int:
    """Return how many imports there are."""
    return session.exec(select(func.count()).select_from(ImportedFileRow).where(*_conditions(wanted))).one()


def list_imports(session: ReadSession, wanted: ImportFilter, *, start: int, size: int) -> list[ImportedFile]:
    """Return imports, undone ones too, the newest first."""
    query = _files().where(*_conditions(wanted)).order_by(col(ImportedFileRow.id).desc()).offset(start).limit(size)
    return _with_statements(session, query)


def imports_after(session: ReadSession, *, after: int, limit: int) -> list[ImportedFile]:
    """Return imports with higher numbers than `after`, undone ones too, in the order they came."""
    query = _files().where(col(ImportedFileRow.id) > after).order_by(col(ImportedFileRow.id)).limit(limit)
    return _with_statements(session, query)


def import_with_id(session: ReadSession, file_id: int) -> ImportedFile | None:
    """Return one import."""
    return next(iter(_with_statements(session, _files().where(col(ImportedFileRow.id) == file_id))), None)


def original(session: ReadSession, sha256: str) -> bytes:
    """Return a file as it was given."""
    return session.exec(select(SourceDocumentRow.content).where(SourceDocumentRow.sha256 == sha256)).one()


def line_sums(session: ReadSession, statements: Iterable[StatementId]) -> dict[StatementId, LineSums]:
    """Return what the lines of statements come to; the parts of a batch stand for it."""
    minor = col(StatementLineRow.minor)
    found: dict[StatementId, LineSums] = {}
    for run in in_runs(list(statements)):
        query = (
            sql_select(
                col(StatementLineRow.statement_id),
                func.count(),
                func.coalesce(func.sum(case((minor > 0, minor), else_=0)), 0),
                func.coalesce(func.sum(case((minor < 0, -minor), else_=0)), 0),
            )
            .where(col(StatementLineRow.statement_id).in_(run), ~col(StatementLineRow.is_total))
            .group_by(col(StatementLineRow.statement_id))
        )
        for statement, *sums in session.execute(query):
            found[StatementId(statement)] = LineSums(*map(int, sums))
    return found


def _files() -> Select[ImportedFileRow, WithdrawalRow]:
    return sql_select(ImportedFileRow, WithdrawalRow).outerjoin(
        WithdrawalRow, col(WithdrawalRow.file_id) == col(ImportedFileRow.id)
    )


def _conditions(wanted: ImportFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.name:
        conditions.append(func.lower(col(ImportedFileRow.name)).contains(wanted.name.lower(), autoescape=True))
    if wanted.only_active:
        conditions.append(exists().where(col(ActiveFileRow.file_id) == col(ImportedFileRow.id)))
    of_statement: list[ColumnElement[bool]] = []
    if wanted.account_id is not None:
        of_statement.append(col(StatementRow.account_id) == wanted.account_id)
    if wanted.first_day is not None:
        of_statement.append(col(StatementRow.last_day) >= wanted.first_day)
    if wanted.last_day is not None:
        of_statement.append(col(StatementRow.first_day) <= wanted.last_day)
    if of_statement:
        conditions.append(exists().where(col(StatementRow.file_id) == col(ImportedFileRow.id), *of_statement))
    return conditions


def _with_statements(session: ReadSession, query: Select[ImportedFileRow, WithdrawalRow]) -> list[ImportedFile]:
    files = session.execute(query).all()
    statements: defaultdict[int, list[ImportedStatement]] = defaultdict(list)
    for run in in_runs([file.id for file, _ in files]):
        rows = select(StatementRow).where(col(StatementRow.file_id).in_(run)).order_by(col(StatementRow.id))
        for row in session.exec(rows):
            statements[row.file_id].append(_statement(row))
    return [
        ImportedFile(
            id=file.id,
            sha256=file.sha256,
            name=file.name,
            format=file.format,
            imported_at=file.imported_at,
            imported_by=file.imported_by,
            accepted_imbalance=file.accepted_imbalance,
            withdrawn_at=None if withdrawal is None else withdrawal.withdrawn_at,
            withdrawn_by=None if withdrawal is None else withdrawal.withdrawn_by,
            statements=tuple(statements[file.id]),
        )
        for file, withdrawal in files
    ]


def _statement(row: StatementRow) -> ImportedStatement:
    return ImportedStatement(
        id=StatementId(row.id),
        ledger=Ledger(account_id=row.account_id, currency=Currency(row.currency)),
        first_day=row.first_day,
        last_day=row.last_day,
        opening=row.opening_minor,
        closing=row.closing_minor,
        imbalance=row.imbalance_minor,
        owner=row.owner,
    )


class Source(NamedTuple):
    """The import that a statement came with."""

    file_id: int
    name: str


class AcceptedImbalance(NamedTuple):
    """A statement that does not add up, and the written reason why it was imported."""

    source: Source
    ledger: Ledger
    first_day: date
    last_day: date
    difference: Minor
    """Closing as stated less closing as computed."""
    reason: str


def sources(session: ReadSession) -> dict[StatementId, Source]:
    """Return the import of each active statement."""
    query = (
        sql_select(col(StatementRow.id), col(ImportedFileRow.id), col(ImportedFileRow.name))
        .join(ImportedFileRow, col(ImportedFileRow.id) == col(StatementRow.file_id))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
    )
    return {StatementId(statement): Source(file, name) for statement, file, name in session.execute(query)}


def accepted_imbalances(session: ReadSession, *, first_day: date, last_day: date) -> list[AcceptedImbalance]:
    """Return the active statements that touch these days and do not add up."""
    query = (
        sql_select(
            col(ImportedFileRow.id),
            col(ImportedFileRow.name),
            col(StatementRow.account_id),
            col(StatementRow.currency),
            col(StatementRow.first_day),
            col(StatementRow.last_day),
            col(StatementRow.imbalance_minor),
            col(ImportedFileRow.accepted_imbalance),
        )
        .join(StatementRow, col(StatementRow.file_id) == col(ImportedFileRow.id))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(ImportedFileRow.id))
        .where(
            col(StatementRow.imbalance_minor) != 0,
            col(StatementRow.first_day) <= last_day,
            col(StatementRow.last_day) >= first_day,
        )
        .order_by(col(StatementRow.id))
    )
    return [
        AcceptedImbalance(
            Source(file, name),
            Ledger(account_id=account, currency=Currency(currency)),
            first,
            last,
            int(difference),
            reason or "",
        )
        for file, name, account, currency, first, last, difference, reason in session.execute(query)
    ]
