"""Notes beside payments, and payments put aside for later."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete
from sqlmodel import col, select

from donations.core.payment import PaymentId
from donations.store.ids import next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables.rules import PaymentHoldRow, PaymentNoteRow


def notes_of(session: ReadSession, payment: PaymentId) -> list[PaymentNoteRow]:
    """Return the notes beside a payment, the oldest first; an erased one has no text."""
    query = select(PaymentNoteRow).where(col(PaymentNoteRow.payment_id) == payment)
    return list(session.exec(query.order_by(col(PaymentNoteRow.id))))


def write_note(session: WriteSession, payment: PaymentId, text: str, *, by: str, at: datetime) -> None:
    """Keep a note beside a payment."""
    number = next(next_ids(session, PaymentNoteRow))
    session.add(PaymentNoteRow(id=number, payment_id=payment, text=text, written_by=by, written_at=at))
    session.flush()


def erase_note(session: WriteSession, number: int) -> PaymentId | None:
    """Erase the text of a note and return its payment; None where there is no such note."""
    row = session.get(PaymentNoteRow, number)
    if row is None:
        return None
    row.text = ""
    session.flush()
    return PaymentId(row.payment_id)


def hold_of(session: ReadSession, payment: PaymentId, *, today: date) -> PaymentHoldRow | None:
    """Return how a payment is on hold today."""
    row = session.get(PaymentHoldRow, payment)
    return row if row is not None and (row.until is None or row.until > today) else None


def hold(session: WriteSession, payment: PaymentId, *, until: date | None, by: str, at: datetime) -> None:
    """Put a payment aside until a day, or until somebody brings it back."""
    release(session, payment)
    session.add(PaymentHoldRow(payment_id=payment, until=until, held_by=by, held_at=at))
    session.flush()


def release(session: WriteSession, payment: PaymentId) -> None:
    """Bring a payment back from hold."""
    session.execute(delete(PaymentHoldRow).where(col(PaymentHoldRow.payment_id) == payment))
