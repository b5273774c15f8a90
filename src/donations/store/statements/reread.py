"""What kept files say when they are read again is written in the places of what they said before.

The triggers that refuse changes stand aside for that, and only inside that transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

from sqlalchemy import delete, text, update
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.person_code import CheckedCode
from donations.core.statement import Statement
from donations.identity.content import StatementId
from donations.store.ids import append
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.statements.files import add_balances, statement_facts
from donations.store.statements.lines import detail_rows, fact_row, facts_of_lines, seen_lines, text_row
from donations.store.tables import (
    ActiveFileRow,
    FindingRow,
    ImportedFileRow,
    LineDetailRow,
    LineTextRow,
    SourceDocumentRow,
    StatedBalanceRow,
    StatementLineRow,
    StatementRow,
)


def active_files(session: ReadSession) -> list[ImportedFileRow]:
    """Return the imports that count now, in their order."""
    query = select(ImportedFileRow).join(ActiveFileRow, col(ActiveFileRow.file_id) == col(ImportedFileRow.id))
    return list(session.exec(query.order_by(col(ImportedFileRow.id))))


def content_of(session: ReadSession, file: ImportedFileRow) -> bytes:
    """Return the bytes of a file; empty where no law asked for them any more."""
    kept = select(SourceDocumentRow.content).where(SourceDocumentRow.sha256 == file.sha256)
    return session.exec(kept).first() or b""


def fill(session: WriteSession, row: StatementRow, statement: Statement, own: AbstractSet[CheckedCode]) -> None:
    """Let a statement and its lines say what they say now. What was erased of a line stays erased."""
    session.execute(update(StatementRow).where(col(StatementRow.id) == row.id).values(**statement_facts(statement)))
    session.execute(delete(StatedBalanceRow).where(col(StatedBalanceRow.statement_id) == row.id))
    add_balances(session, statement, row.id)
    number = StatementId(row.id)
    ids = [each.id for each in facts_of_lines(as_reader(session), number)]
    texts = set(session.exec(select(LineTextRow.line_id).where(col(LineTextRow.line_id).in_(ids))))
    for line, seen in zip(ids, seen_lines(statement.lines, number, iter(ids)), strict=True):
        session.execute(update(StatementLineRow).where(col(StatementLineRow.id) == line).values(**fact_row(seen)))
        if line in texts:
            text = update(LineTextRow).where(col(LineTextRow.line_id) == line)
            session.execute(text.values(**text_row(seen, own)))
            session.execute(delete(LineDetailRow).where(col(LineDetailRow.line_id) == line))
            append(session, LineDetailRow, detail_rows(seen))


def forget_findings(session: WriteSession, statements: Iterable[StatementId]) -> None:
    """Forget what lines of these statements disagree on with earlier ones: it is seen anew."""
    lines = sql_select(col(StatementLineRow.id)).where(col(StatementLineRow.statement_id).in_(list(statements)))
    session.execute(delete(FindingRow).where(col(FindingRow.line_id).in_(lines)))


@contextmanager
def changes_let_through(session: WriteSession, tables: Iterable[str]) -> Iterator[None]:
    """Let rows of these append-only tables be changed inside this transaction; what refuses it is there again after it.

    For the upgrade of books only: what a file says is filled in where an older reader passed it over.
    """
    names = tuple(tables)
    if session.get_bind().dialect.name == "sqlite":
        with _without_triggers(session, names):
            yield
        return
    refusing = text("SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(:table) AND tgname LIKE '%refuses%'")
    triggers = [(table, name) for table in names for name in session.scalars(refusing, {"table": table}).all()]
    for table, name in triggers:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {name}"))
    yield
    for table, name in triggers:
        session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER {name}"))


@contextmanager
def _without_triggers(session: WriteSession, names: tuple[str, ...]) -> Iterator[None]:
    known = text(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table AND name LIKE '%refuses%'"
    )
    triggers = [(name, sql) for table in names for name, sql in session.execute(known, {"table": table})]
    for name, _ in triggers:
        session.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, sql in triggers:
        session.execute(text(sql.replace(":", "\\:")))
