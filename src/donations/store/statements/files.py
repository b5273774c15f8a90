"""Imported files with their statements and lines: kept as they came, read again, and emptied after seven years.

The triggers that refuse changes stand aside for reading again, and only inside that transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import delete, func, text, update
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.money import Balance, Currency
from donations.core.person_code import CheckedCode
from donations.core.statement import BalancePoint, Provenance, Statement
from donations.identity.content import LineId, SeenLine, SeenStatement, StatementId
from donations.ledger.retention import is_needed
from donations.store.appending import append
from donations.store.organisation import first_month, own_codes
from donations.store.session import ReadSession, WriteSession, as_reader, next_ids
from donations.store.statements.giving_codes import note_codes
from donations.store.statements.lines import (
    detail_rows,
    fact_row,
    facts_of_lines,
    lines_query,
    seen_lines,
    seen_of,
)
from donations.store.statements.wordings import intern_wordings
from donations.store.tables import (
    ActiveFileRow,
    FindingRow,
    ImportedFileRow,
    LineDetailRow,
    SourceDocumentRow,
    StatedBalanceRow,
    StatementLineRow,
    StatementRow,
    WithdrawalRow,
    WordingRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One account in one currency: what balances are stated of and payments are counted in."""

    account_id: int
    currency: Currency


def active_import(session: ReadSession, sha256: str) -> ImportedFileRow | None:
    """Return the import of these bytes that counts now, if there is one."""
    return session.exec(
        select(ImportedFileRow)
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(ImportedFileRow.id))
        .where(ActiveFileRow.sha256 == sha256)
    ).first()


def is_withdrawn(session: ReadSession, sha256: str) -> bool:
    """Whether these bytes were imported and taken back, and no import of them counts."""
    was_imported = session.exec(select(ImportedFileRow.id).where(ImportedFileRow.sha256 == sha256)).first() is not None
    return was_imported and active_import(session, sha256) is None


def add_file(session: WriteSession, row: ImportedFileRow, content: bytes) -> None:
    """Keep the bytes (once) and the act of importing them."""
    if session.get(SourceDocumentRow, row.sha256) is None:
        session.add(SourceDocumentRow(sha256=row.sha256, content=content))
        session.flush()
    session.add(row)
    session.flush()
    session.add(ActiveFileRow(sha256=row.sha256, file_id=row.id))
    session.flush()


def add_statement(
    session: WriteSession, statement: Statement, *, file_id: int, account_id: int, fingerprint: str
) -> SeenStatement:
    """Append a statement with its lines and balances, and return it as identity sees it."""
    statement_id = StatementId(next(next_ids(session, StatementRow)))
    seen = tuple(seen_lines(statement.lines, statement_id, next_ids(session, StatementLineRow)))
    facts = statement_facts(statement)
    session.add(StatementRow(id=statement_id, file_id=file_id, fingerprint=fingerprint, account_id=account_id, **facts))
    session.flush()
    add_balances(session, statement, statement_id)
    wordings = intern_wordings(session, seen, own_codes(as_reader(session)))
    append(session, StatementLineRow, (fact_row(each, wordings[each.id]) for each in seen))
    append(session, LineDetailRow, chain.from_iterable(map(detail_rows, seen)))
    note_codes(session, seen)
    return SeenStatement(
        id=statement_id,
        fingerprint=fingerprint,
        first_day=statement.first_day,
        last_day=statement.last_day,
        opening=minor_of(statement.opening),
        closing=minor_of(statement.closing),
        lines=seen,
        provenance=statement.provenance,
    )


def statement_facts(statement: Statement) -> dict[str, Any]:
    """Return what a statement says of itself, by column."""
    return {
        "currency": statement.currency,
        "first_day": statement.first_day,
        "last_day": statement.last_day,
        "opening_minor": minor_of(statement.opening),
        "closing_minor": minor_of(statement.closing),
        "imbalance_minor": statement.imbalance,
        **asdict(statement.provenance),
    }


def add_balances(session: WriteSession, statement: Statement, statement_id: int) -> None:
    """Append the balances that a statement states besides its opening and closing one."""
    ids = next_ids(session, StatedBalanceRow)
    rows = (
        {
            "id": next(ids),
            "statement_id": statement_id,
            "day": stated.on,
            "minor": stated.balance.minor,
            "at": stated.at,
        }
        for stated in statement.balances
        if stated.point is BalancePoint.INTERIM and stated.on is not None
    )
    append(session, StatedBalanceRow, rows)


def minor_of(balance: Balance | None) -> int | None:
    """Return a balance's minor units, if there is one."""
    return None if balance is None else balance.minor


def withdraw(session: WriteSession, file_id: int, *, at: datetime, by: str) -> None:
    """Let an import count no longer; its lines stay."""
    session.execute(delete(ActiveFileRow).where(col(ActiveFileRow.file_id) == file_id))
    session.add(WithdrawalRow(file_id=file_id, withdrawn_at=at, withdrawn_by=by))
    session.flush()


def statements_of(session: ReadSession, file_id: int) -> list[StatementRow]:
    """Return the statements of one import, in its order."""
    return list(
        session.exec(select(StatementRow).where(StatementRow.file_id == file_id).order_by(col(StatementRow.id)))
    )


def seen_statements(
    session: ReadSession, ledger: Ledger, days: Collection[date], *, already: Iterable[SeenStatement] = ()
) -> list[SeenStatement]:
    """Return the active statements that touch the days, with all their lines; `already` need not be read again."""
    known = {each.id: each for each in already}
    rows = session.exec(
        select(StatementRow)
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .where(
            StatementRow.account_id == ledger.account_id,
            StatementRow.currency == ledger.currency,
            col(StatementRow.first_day) <= max(days),
            col(StatementRow.last_day) >= min(days),
        )
        .order_by(col(StatementRow.id))
    ).all()
    return [known.get(StatementId(row.id)) or _seen_statement(session, row) for row in rows]


def _seen_statement(session: ReadSession, row: StatementRow) -> SeenStatement:
    lines = session.execute(
        lines_query().where(col(StatementLineRow.statement_id) == row.id).order_by(col(StatementLineRow.id))
    )
    return SeenStatement(
        id=StatementId(row.id),
        fingerprint=row.fingerprint,
        first_day=row.first_day,
        last_day=row.last_day,
        opening=row.opening_minor,
        closing=row.closing_minor,
        lines=tuple(seen_of(line, Currency(row.currency)) for line in lines),
        provenance=provenance_of(row),
    )


def provenance_of(row: StatementRow) -> Provenance:
    """Return when and as which of its statements the bank made one."""
    return Provenance(**{each.name: getattr(row, each.name) for each in fields(Provenance)})


def count_active(session: ReadSession) -> int:
    """Return how many imports count now."""
    return session.exec(select(func.count()).select_from(ActiveFileRow)).one()


def files_past_retention(session: ReadSession, *, today: date, whatever_year: bool = False) -> dict[int, str]:
    """Return the imports whose files need not be kept on this day, each with its file's digest.

    With `whatever_year` also those that need not be where financial years begin in some other month.
    """
    begins = first_month(session)

    def needed(last: date) -> bool:
        return is_needed(last, today=today, first_month=last.month % 12 + 1 if whatever_year else begins)

    query = (
        sql_select(col(ImportedFileRow.id), col(ImportedFileRow.sha256), func.max(col(StatementRow.last_day)))
        .join(StatementRow, col(StatementRow.file_id) == col(ImportedFileRow.id))
        .group_by(col(ImportedFileRow.id), col(ImportedFileRow.sha256))
    )
    return {file: sha256 for file, sha256, last in session.execute(query) if not needed(last)}


def empty_past_retention(session: WriteSession, files: Collection[int], *, today: date) -> int:
    """Empty the files of these imports as far as they need not be kept, and return how many had something in them."""
    old = files_past_retention(as_reader(session), today=today)
    wanted = sorted({old[file] for file in files if file in old})
    filled = (col(SourceDocumentRow.sha256).in_(wanted), func.length(col(SourceDocumentRow.content)) > 0)
    count = session.scalar(sql_select(func.count()).select_from(SourceDocumentRow).where(*filled)) or 0
    session.execute(update(SourceDocumentRow).where(*filled).values(content=b""))
    return count


def active_files(session: ReadSession) -> list[ImportedFileRow]:
    """Return the imports that count now, in their order."""
    query = select(ImportedFileRow).join(ActiveFileRow, col(ActiveFileRow.file_id) == col(ImportedFileRow.id))
    return list(session.exec(query.order_by(col(ImportedFileRow.id))))


def content_of(session: ReadSession, file: ImportedFileRow) -> bytes:
    """Return the bytes of a file; empty where no law asked for them any more."""
    kept = select(SourceDocumentRow.content).where(SourceDocumentRow.sha256 == file.sha256)
    return session.exec(kept).first() or b""


def fill_lines(session: WriteSession, row: StatementRow, statement: Statement, own: AbstractSet[CheckedCode]) -> None:
    """Let a statement and its lines say what they say now. What was erased of a line stays erased.

    What no line says any more is the caller's to delete.
    """
    session.execute(update(StatementRow).where(col(StatementRow.id) == row.id).values(**statement_facts(statement)))
    session.execute(delete(StatedBalanceRow).where(col(StatedBalanceRow.statement_id) == row.id))
    add_balances(session, statement, row.id)
    number = StatementId(row.id)
    ids = [each.id for each in facts_of_lines(as_reader(session), number)]
    lines = dict(zip(ids, seen_lines(statement.lines, number, iter(ids)), strict=True))
    said = sql_select(col(StatementLineRow.id), col(WordingRow.id), col(WordingRow.digest), col(WordingRow.text))
    said = said.join(WordingRow, col(WordingRow.id) == col(StatementLineRow.wording_id))
    wordings: dict[LineId, int] = {}
    whole: list[SeenLine] = []
    for line, wording, digest, written in session.execute(said.where(col(StatementLineRow.statement_id) == row.id)):
        if digest is None and written != lines[line].line.text:
            wordings[LineId(line)] = wording  # something was erased from it
        else:
            whole.append(lines[line])
    wordings |= intern_wordings(session, whole, own)
    for line, seen in lines.items():
        facts = fact_row(seen, wordings.get(seen.id))
        session.execute(update(StatementLineRow).where(col(StatementLineRow.id) == line).values(**facts))
        if seen.id in wordings:
            session.execute(delete(LineDetailRow).where(col(LineDetailRow.line_id) == line))
            append(session, LineDetailRow, detail_rows(seen))


def forget_findings(session: WriteSession, statements: Iterable[StatementId]) -> None:
    """Forget what lines of these statements disagree on with earlier ones: it is seen anew."""
    lines = sql_select(col(StatementLineRow.id)).where(col(StatementLineRow.statement_id).in_(list(statements)))
    session.execute(delete(FindingRow).where(col(FindingRow.line_id).in_(lines)))


@contextmanager
def changes_allowed(session: WriteSession, tables: Iterable[str]) -> Iterator[None]:
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
