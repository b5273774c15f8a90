"""Notes beside payments, and payments put aside for later."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import delete
from sqlmodel import col, select

from donations.core.payment import PaymentId
from donations.store.ids import next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables.rules import PaymentHoldRow, PaymentNoteRow


class PaymentNote(NamedTuple):
    """A note beside a payment."""

    id: int
    text: str
    """Empty where it was erased."""
    written_by: str
    written_at: datetime


class PaymentHold(NamedTuple):
    """A payment that was put aside."""

    until: date | None
    """The day on which it comes back; None until somebody brings it back."""
    held_by: str


def notes_of(session: ReadSession, payment: PaymentId) -> list[PaymentNote]:
    """Return the notes beside a payment, the oldest first; an erased one has no text."""
    query = select(PaymentNoteRow).where(col(PaymentNoteRow.payment_id) == payment)
    rows = session.exec(query.order_by(col(PaymentNoteRow.id)))
    return [PaymentNote(row.id, row.text, row.written_by, row.written_at) for row in rows]


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


def hold_of(session: ReadSession, payment: PaymentId, *, today: date) -> PaymentHold | None:
    """Return how a payment is on hold today."""
    row = session.get(PaymentHoldRow, payment)
    if row is None or (row.until is not None and row.until <= today):
        return None
    return PaymentHold(row.until, row.held_by)


def hold(session: WriteSession, payment: PaymentId, *, until: date | None, by: str, at: datetime) -> None:
    """Put a payment aside until a day, or until somebody brings it back."""
    release(session, payment)
    session.add(PaymentHoldRow(payment_id=payment, until=until, held_by=by, held_at=at))
    session.flush()


def release(session: WriteSession, payment: PaymentId) -> None:
    """Bring a payment back from hold."""
    session.execute(delete(PaymentHoldRow).where(col(PaymentHoldRow.payment_id) == payment))
