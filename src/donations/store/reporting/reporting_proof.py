"""What the reports say of the bank's side: which file stated what, and which imbalances a person accepted."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.money import Currency, Minor
from donations.identity.seen import StatementId
from donations.store.session import ReadSession
from donations.store.statements.files import Ledger
from donations.store.tables import ActiveFileRow, ImportedFileRow, StatementRow


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
