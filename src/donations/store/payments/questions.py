"""Which payments wait for an answer, the oldest first, and which are on hold."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, exists, select
from sqlmodel.sql.expression import Select

from donations.core.payment import PaymentId
from donations.store.payments.attested import is_attested, is_open
from donations.store.session import ReadSession
from donations.store.tables import AttestationRow, LineTextRow, PaymentRow
from donations.store.tables.rules import PaymentHoldRow


class Waiting(NamedTuple):
    """A payment with money that has no purpose yet."""

    id: PaymentId
    booked_on: date


class Held(NamedTuple):
    """A payment that a person put aside."""

    id: PaymentId
    booked_on: date
    until: date | None
    by: str


def waiting(session: ReadSession, *, today: date) -> list[Waiting]:
    """Return what waits for an answer today, the oldest first: numbers and days, however many there are."""
    query = _open().where(~_is_held(today))
    return [Waiting(PaymentId(payment), day) for payment, day in session.execute(query)]


def held(session: ReadSession, *, today: date) -> list[Held]:
    """Return what is on hold today, the oldest first."""
    holds = {row.payment_id: row for row in session.exec(select(PaymentHoldRow).where(_counts(today)))}
    query = _open().where(col(PaymentRow.id).in_(sorted(holds)))
    return [
        Held(PaymentId(payment), day, holds[payment].until, holds[payment].held_by)
        for payment, day in (session.execute(query) if holds else ())
    ]


def open_days(session: ReadSession) -> list[date]:
    """Return the day of each payment that has money without a purpose, those on hold too."""
    return [day for _, day in session.execute(_open())]


def waiting_from(session: ReadSession, *, account: str, name: str, today: date) -> list[PaymentId]:
    """Return what waits among the payments of one other side, the oldest first.

    The account says who it is; the bank's name, letter by letter, only where the bank gives no account.
    """
    same = col(LineTextRow.account) == account
    if not account:
        same = and_(same, col(LineTextRow.name).in_({name, name.upper()}))  # capitals are not shown
    theirs = (
        select(AttestationRow.payment_id)
        .join(LineTextRow, col(LineTextRow.line_id) == col(AttestationRow.line_id))
        .where(same)
    )
    query = _open().where(col(PaymentRow.id).in_(theirs), ~_is_held(today))
    return [PaymentId(payment) for payment, _ in session.execute(query)]


def _open() -> Select[int, date]:
    return (
        select(col(PaymentRow.id), col(PaymentRow.booked_on))
        .where(is_attested(), is_open())
        .order_by(col(PaymentRow.booked_on), col(PaymentRow.id))
    )


def _is_held(today: date) -> ColumnElement[bool]:
    return exists().where(col(PaymentHoldRow.payment_id) == col(PaymentRow.id), _counts(today))


def _counts(today: date) -> ColumnElement[bool]:
    """Return the condition that a hold still holds; on its last day the payment is back."""
    return or_(col(PaymentHoldRow.until).is_(None), col(PaymentHoldRow.until) > today)
