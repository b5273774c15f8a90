"""The statement lines that attest a payment, each with the file it stands in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col

from donations.core.money import Currency
from donations.core.payment import PaymentId
from donations.core.statement import StatementLine
from donations.store.payments.shown import line_without_payer, unnamed_payers
from donations.store.session import ReadSession
from donations.store.statements.lines import line_of, lines_query
from donations.store.tables import AttestationRow, ImportedFileRow, StatementLineRow, StatementRow


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestingLine:
    """A line as the bank wrote it, and where."""

    file_id: int
    file_name: str
    format: str
    is_total: bool
    """The batch entry whose part the payment is."""
    line: StatementLine


def attesting_lines(session: ReadSession, payment: PaymentId) -> list[AttestingLine]:
    """Return the lines that attest the payment now, in the order they came; a restricted donor's without the payer."""
    query = (
        lines_query()
        .add_columns(
            col(ImportedFileRow.id).label("file_id"),
            col(ImportedFileRow.name).label("file_name"),
            col(ImportedFileRow.format).label("format"),
            col(StatementRow.currency).label("currency"),
        )
        .join(AttestationRow, col(AttestationRow.line_id) == col(StatementLineRow.id))
        .join(StatementRow, col(StatementRow.id) == col(StatementLineRow.statement_id))
        .join(ImportedFileRow, col(ImportedFileRow.id) == col(StatementRow.file_id))
        .where(col(AttestationRow.payment_id) == payment)
        .order_by(col(StatementLineRow.id))
    )
    payer = unnamed_payers(session, [payment]).get(payment)
    lines = ((row, line_of(row, Currency(row.currency))) for row in session.execute(query))
    return [
        AttestingLine(
            file_id=row.file_id,
            file_name=row.file_name,
            format=row.format,
            is_total=row.is_total,
            line=line if payer is None else line_without_payer(line, payer),
        )
        for row, line in lines
    ]
