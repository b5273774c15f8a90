"""What statements disagree on, kept until one of the imports is undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, func
from sqlmodel import col, exists, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from donations.identity.findings import Conflict, Finding, Orphan
from donations.store.ids import append, next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables import AttestationRow, FindingRow, PaymentRow, StatementRow


def add_findings(session: WriteSession, found: Sequence[Finding], *, file_id: int) -> None:
    """Keep what an import brought to light."""
    ids = next_ids(session, FindingRow)
    rows = []
    for finding in found:
        match finding:
            case Conflict(payment=payment, other=other):
                row = {"kind": "conflict", "payment_id": payment, "other_id": other, "statement_id": None}
            case Orphan(payment=payment, statement=statement, redated=other):
                row = {"kind": "orphan", "payment_id": payment, "other_id": other, "statement_id": statement}
        rows.append({"id": next(ids), "file_id": file_id, **row})
    append(session, FindingRow, rows)


def drop_findings(session: WriteSession, file_id: int) -> None:
    """Forget what an import that no longer counts had to do with."""
    statements = select(col(StatementRow.id)).where(StatementRow.file_id == file_id)
    session.execute(
        delete(FindingRow).where(or_(col(FindingRow.file_id) == file_id, col(FindingRow.statement_id).in_(statements)))
    )


def standing_findings(session: ReadSession) -> list[FindingRow]:
    """Return what is still so: every payment concerned is attested."""
    return list(session.exec(_standing().order_by(col(FindingRow.id))))


def count_findings(session: ReadSession, *, first_day: date, last_day: date) -> int:
    """Return how many of them are about payments booked on these days."""
    booked = (
        _standing()
        .join(PaymentRow, col(PaymentRow.id) == col(FindingRow.payment_id))
        .where(col(PaymentRow.booked_on).between(first_day, last_day))
    )
    return session.scalar(select(func.count()).select_from(booked.subquery())) or 0


def _standing() -> SelectOfScalar[FindingRow]:
    attested = exists().where(col(AttestationRow.payment_id) == col(FindingRow.payment_id))
    other = or_(
        col(FindingRow.other_id).is_(None), exists().where(col(AttestationRow.payment_id) == col(FindingRow.other_id))
    )
    return select(FindingRow).where(attested, other)
