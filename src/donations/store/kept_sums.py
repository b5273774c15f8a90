"""What moved on each day and what is open: kept beside the allocations, and made again for days on which these change.

Who reads it gets it up to date, inside a writing transaction too: functions that see to it hand the tables out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Table, case, delete, func, insert, literal, select, union_all
from sqlmodel import col

from donations.core.payment import PaymentId
from donations.ledger.day_sums import DayKey, DaySums
from donations.store.given import parts
from donations.store.payments.payments import days_of, has_open_part, is_attested, unallocated
from donations.store.session import ReadSession, WriteSession, as_reader, before_commit, do_now, in_runs, table_of
from donations.store.tables import DaySumRow, OpenPaymentRow, PaymentRow

_DAY_SUM, _OPEN = table_of(DaySumRow), table_of(OpenPaymentRow)


def day_sum(session: ReadSession) -> Table:
    """Return the sums by day, account, direction, purpose and appeal."""
    do_now(session, _renew)
    return _DAY_SUM


def open_payment(session: ReadSession) -> Table:
    """Return the attested payments with money that has no purpose yet."""
    do_now(session, _renew)
    return _OPEN


def is_open(session: ReadSession) -> ColumnElement[bool]:
    """Return the condition that a payment is attested, and some of it has no purpose yet."""
    return select(literal(1)).where(open_payment(session).c.payment_id == col(PaymentRow.id)).exists()


def kept_day_sums(session: ReadSession) -> DaySums:
    """Return all that is kept."""
    kept, waiting = day_sum(session).c, open_payment(session).c
    key = (kept.day, kept.account_id, kept.currency, kept.is_in, kept.purpose, kept.appeal_id)
    sums = {
        DayKey(*row[: len(key)]): (row.minor, row.parts)
        for row in session.execute(select(*key, kept.minor, kept.parts))
    }
    return DaySums(sums, dict(session.execute(select(waiting.payment_id, waiting.minor)).all()))


def unallocated_ids(session: ReadSession) -> list[PaymentId]:
    """Return attested payments with money that has no purpose yet, the oldest first."""
    waiting = open_payment(session)
    return list(
        map(PaymentId, session.scalars(select(waiting.c.payment_id).order_by(waiting.c.day, waiting.c.payment_id)))
    )


def renew_days(session: WriteSession, days: Iterable[date]) -> None:
    """Let what is kept of these days be made again before it is read, or committed."""
    before_commit(session, _renew, days)


def renew_days_of(session: WriteSession, payments: Iterable[PaymentId]) -> None:
    """Let what is kept of the days of these payments be made again."""
    renew_days(session, days_of(as_reader(session), payments).values())


def fill_sums(session: WriteSession) -> None:
    """Make all of it again: books that are older than it, or than how it is made."""
    _renew(session, session.scalars(select(col(PaymentRow.booked_on)).distinct()))


def _renew(session: WriteSession, days: Iterable[date]) -> None:
    for run in in_runs(sorted(set(days))):
        session.execute(delete(_DAY_SUM).where(_DAY_SUM.c.day.in_(run)))
        session.execute(delete(_OPEN).where(_OPEN.c.day.in_(run)))
        payment, sign = table_of(PaymentRow).c, case((col(PaymentRow.minor) > 0, 1), else_=-1)
        open_now = select(payment.id, payment.booked_on, sign * unallocated()).where(
            payment.booked_on.in_(run), is_attested(), has_open_part()
        )
        session.execute(insert(_OPEN).from_select(["payment_id", "day", "minor"], open_now))
        names = ["day", "account_id", "currency", "is_in", "purpose", "appeal_id", "minor", "parts"]
        session.execute(insert(_DAY_SUM).from_select(names, _sums(run)))


def _sums(days: list[date]) -> CompoundSelect[Any]:
    is_in, payment = parts.c.payment_minor > 0, table_of(PaymentRow)
    appeal = func.coalesce(parts.c.appeal_id, 0)
    key = (parts.c.booked_on, parts.c.account_id, parts.c.currency, is_in, parts.c.purpose, appeal)
    allocated = (
        select(*key, func.sum(parts.c.minor), func.count())
        .where(parts.c.booked_on.in_(days), is_attested(parts.c.payment_id))
        .group_by(*key)
    )
    of_payment = (payment.c.booked_on, payment.c.account_id, payment.c.currency, payment.c.minor > 0)
    waiting = (
        select(*of_payment, literal(""), literal(0), func.sum(_OPEN.c.minor), func.count())
        .join_from(payment, _OPEN, _OPEN.c.payment_id == payment.c.id)
        .where(_OPEN.c.day.in_(days))
        .group_by(*of_payment)
    )
    return union_all(allocated, waiting)
