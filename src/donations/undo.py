"""Taking an import back, with what depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import col, select

from donations.bookkeeping import Touched, judge, settle_days
from donations.core.allocation import Purpose
from donations.core.iban import parse_account
from donations.core.money import Currency, Minor
from donations.ledger.booking import live, totals
from donations.store.allocations import allocations_of
from donations.store.files import Ledger, statements_of, withdraw
from donations.store.findings import drop_findings
from donations.store.session import WriteSession, as_reader
from donations.store.tables import AccountRow, ImportedFileRow, StatementLineRow, WithdrawalRow


class CannotUndoError(ValueError):
    """There is nothing to take back: `nothing_to_undo` or `unknown_import`."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the stable code."""
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoResult:
    """What taking an import back does to the books; amounts in minor units."""

    file_id: int
    name: str
    lines: int
    payments: int
    """Payments that no other import attests: they go, with their allocations."""
    gifts: int
    gift_totals: tuple[tuple[str, Minor], ...]
    decisions: int
    """Answers that a person gave for these payments, which are reversed too."""


def undo(session: WriteSession, file_id: int, *, by: str, now: datetime) -> UndoResult:
    """Withdraw the lines of an import; the ledger is then as if the file had never come.

    Raises `CannotUndoError` where there is no such import or it was undone already.
    """
    row = session.get(ImportedFileRow, file_id)
    if row is None:
        raise CannotUndoError("unknown_import", f"There is no import {file_id}.")
    if session.get(WithdrawalRow, file_id) is not None:
        raise CannotUndoError("nothing_to_undo", "Already undone.")
    reader = as_reader(session)
    withdraw(session, file_id, at=now.astimezone(UTC), by=by)
    drop_findings(session, file_id)
    touched = Touched()
    lines = 0
    for statement in statements_of(reader, file_id):
        account = session.get_one(AccountRow, statement.account_id)
        number = parse_account(account.number)
        own = session.exec(
            select(col(StatementLineRow.id), col(StatementLineRow.booked_on), col(StatementLineRow.is_total)).where(
                StatementLineRow.statement_id == statement.id
            )
        ).all()
        lines += sum(not is_total for *_, is_total in own)
        if own and number is not None:
            ledger = Ledger(account_id=statement.account_id, currency=Currency(statement.currency))
            settle_days(session, ledger, number, {day for _, day, _ in own}, touched=touched)
    standing = {payment: live(rows) for payment, rows in allocations_of(reader, touched.dissolved).items()}
    judge(session, touched, now=now)
    gifts = [row for rows in standing.values() for row in rows if row.purpose is Purpose.GIFT]
    return UndoResult(
        file_id=file_id,
        name=row.name,
        lines=lines,
        payments=len(touched.dissolved),
        gifts=len(gifts),
        gift_totals=totals(gifts),
        decisions=sum(row.decision.person is not None for rows in standing.values() for row in rows),
    )
