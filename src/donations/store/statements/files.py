"""Imported files, their statements and lines: kept as they came, found again by account and days."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from itertools import chain
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import col, select

from donations.core.money import Balance, Currency
from donations.core.statement import BalancePoint, Provenance, Statement
from donations.identity.content import SeenStatement, StatementId
from donations.store.donors.own_codes import own_codes
from donations.store.ids import append, next_ids
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.statements.lines import detail_rows, fact_row, lines_query, seen_lines, seen_of, text_row
from donations.store.tables import (
    ActiveFileRow,
    ImportedFileRow,
    LineDetailRow,
    LineTextRow,
    SourceDocumentRow,
    StatedBalanceRow,
    StatementLineRow,
    StatementRow,
    WithdrawalRow,
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
    append(session, StatementLineRow, map(fact_row, seen))
    own = own_codes(as_reader(session))
    append(session, LineTextRow, (text_row(each, own) for each in seen))
    append(session, LineDetailRow, chain.from_iterable(map(detail_rows, seen)))
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
