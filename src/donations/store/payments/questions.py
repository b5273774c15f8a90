"""Which payments wait for an answer, the oldest first, which are on hold, and notes beside them."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, or_
from sqlmodel import col, exists, select
from sqlmodel.sql.expression import Select

from donations.core.payment import PaymentId
from donations.store.kept_sums import open_payment
from donations.store.line_texts import line_texts
from donations.store.session import ReadSession, WriteSession, next_ids
from donations.store.tables import AttestationRow, PaymentRow
from donations.store.tables.rules import PaymentNoteRow, PutAsidePaymentRow


class PaymentNote(NamedTuple):
    """A note beside a payment."""

    id: int
    text: str
    """Empty where it was erased."""
    written_by: str
    written_at: datetime


class PutAsideState(NamedTuple):
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


def put_aside_as(session: ReadSession, payment: PaymentId, *, today: date) -> PutAsideState | None:
    """Return how a payment is on hold today."""
    row = session.get(PutAsidePaymentRow, payment)
    if row is None or (row.until is not None and row.until <= today):
        return None
    return PutAsideState(row.until, row.held_by)


def put_payment_aside(session: WriteSession, payment: PaymentId, *, until: date | None, by: str, at: datetime) -> None:
    """Put a payment aside until a day, or until somebody brings it back."""
    take_up_again(session, payment)
    session.add(PutAsidePaymentRow(payment_id=payment, until=until, held_by=by, held_at=at))
    session.flush()


def take_up_again(session: WriteSession, payment: PaymentId) -> None:
    """Bring a payment back from hold."""
    session.execute(delete(PutAsidePaymentRow).where(col(PutAsidePaymentRow.payment_id) == payment))


class WaitingPayment(NamedTuple):
    """A payment with money that has no purpose yet."""

    id: PaymentId
    booked_on: date


class PutAsidePayment(NamedTuple):
    """A payment that a person put aside."""

    id: PaymentId
    booked_on: date
    until: date | None
    by: str


def waiting(session: ReadSession, *, today: date) -> list[WaitingPayment]:
    """Return what waits for an answer today, the oldest first: numbers and days, however many there are."""
    query = _open(session).where(~is_put_aside(today))
    return [WaitingPayment(PaymentId(payment), day) for payment, day in session.execute(query)]


def put_aside(session: ReadSession, *, today: date) -> list[PutAsidePayment]:
    """Return what is on hold today, the oldest first."""
    holds = {row.payment_id: row for row in session.exec(select(PutAsidePaymentRow).where(_counts(today)))}
    query = _open(session).where(col(PaymentRow.id).in_(sorted(holds)))
    return [
        PutAsidePayment(PaymentId(payment), day, holds[payment].until, holds[payment].held_by)
        for payment, day in (session.execute(query) if holds else ())
    ]


def open_days(session: ReadSession) -> list[date]:
    """Return the day of each payment that has money without a purpose, those on hold too."""
    return [day for _, day in session.execute(_open(session))]


def waiting_from(session: ReadSession, *, account: str, name: str, today: date) -> list[PaymentId]:
    """Return what waits among the payments of one other side, the oldest first.

    The account says who it is; the bank's name, letter by letter, only where the bank gives no account.
    """
    same = line_texts.c.account == account
    if not account:
        same = and_(same, line_texts.c.name.in_({name, name.upper()}))  # capitals are not shown
    theirs = (
        select(AttestationRow.payment_id)
        .join(line_texts, line_texts.c.line_id == col(AttestationRow.line_id))
        .where(same)
    )
    query = _open(session).where(col(PaymentRow.id).in_(theirs), ~is_put_aside(today))
    return [PaymentId(payment) for payment, _ in session.execute(query)]


def _open(session: ReadSession) -> Select[int, date]:
    waiting = open_payment(session)
    query: Select[int, date] = select(col(PaymentRow.id), col(PaymentRow.booked_on))
    return query.join(waiting, waiting.c.payment_id == col(PaymentRow.id)).order_by(waiting.c.day, waiting.c.payment_id)


def is_put_aside(today: date) -> ColumnElement[bool]:
    """Return the condition that a payment is on hold today."""
    return exists().where(col(PutAsidePaymentRow.payment_id) == col(PaymentRow.id), _counts(today))


def _counts(today: date) -> ColumnElement[bool]:
    """Return the condition that a hold still holds; on its last day the payment is back."""
    return or_(col(PutAsidePaymentRow.until).is_(None), col(PutAsidePaymentRow.until) > today)
