"""Closed months: kept, read again, and told apart from those that were opened again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as sql_select
from sqlmodel import col, exists, select

from donations.core.calendar import Month
from donations.core.payment import Cause, PaymentId
from donations.identity.settling import Settlement
from donations.ledger.figures import ClosingSeal, Figures
from donations.store.ids import append, next_ids
from donations.store.payments.attested import is_attested
from donations.store.payments.payments import days_of
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.tables import ActiveFileRow, PaymentRow, StatementRow
from donations.store.tables.publishing import ClosingRow, LatePaymentRow, ReopeningRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """Who opened a closed month again, when and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """One closing of a month, as it is kept."""

    id: int
    seal: ClosingSeal
    digest: str
    """As kept; `seal.digest` is what it should be."""
    reopening: Reopening | None

    @property
    def month(self) -> Month:
        """The month that was closed."""
        return self.seal.month

    @property
    def figures(self) -> Figures:
        """What was frozen."""
        return Figures.read(self.seal.figures)


def closings(session: ReadSession, *, first_day: date = date.min, last_day: date = date.max) -> list[Closing]:
    """Return every closing of these months, those that were opened again too, in the order they were made."""
    query = (
        select(ClosingRow, ReopeningRow)
        .outerjoin(ReopeningRow, col(ReopeningRow.closing_id) == col(ClosingRow.id))
        .where(col(ClosingRow.first_day) >= first_day, col(ClosingRow.first_day) <= last_day)
        .order_by(col(ClosingRow.id))
    )
    return [_closing(row, reopened) for row, reopened in session.exec(query)]


def standing_closings(
    session: ReadSession, *, first_day: date = date.min, last_day: date = date.max
) -> dict[Month, Closing]:
    """Return the closings of these months that were not opened again."""
    found = closings(session, first_day=first_day, last_day=last_day)
    return {each.month: each for each in found if each.reopening is None}


def closed_months(session: ReadSession) -> list[Month]:
    """Return the months that are closed now, in order."""
    query = select(col(ClosingRow.first_day)).where(_stands()).order_by(col(ClosingRow.first_day))
    return [Month.of(day) for day in session.exec(query)]


def closed_months_touched(session: ReadSession, payments: Iterable[PaymentId]) -> list[Month]:
    """Return the closed months that these payments were booked in: a change of them is a dated correction there."""
    closed = set(closed_months(session))
    days = set(days_of(session, payments).values()) if closed else set()
    return sorted({Month.of(day) for day in days} & closed)


def first_open_month(session: ReadSession, *, before: Month) -> Month | None:
    """Return the first month with payments that is not closed and comes before another one."""
    active = select(func.min(StatementRow.first_day)).join(
        ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id)
    )
    first_day = session.scalar(active)
    closed = set(closed_months(session))
    month = before if first_day is None else Month.of(first_day)
    while month < before:
        if month not in closed and has_payments_in(session, month):
            return month
        month = month.next
    return None


def has_payments_in(session: ReadSession, month: Month) -> bool:
    """Whether any attested payment was booked in a month."""
    days = col(PaymentRow.booked_on).between(month.first_day, month.last_day)
    return session.exec(select(PaymentRow.id).where(days, is_attested()).limit(1)).first() is not None


def last_digest(session: ReadSession) -> str:
    """Return the digest of the last closing ever made, which the next one names; empty before the first."""
    return session.exec(select(ClosingRow.digest).order_by(col(ClosingRow.id).desc()).limit(1)).first() or ""


def add_closing(session: WriteSession, seal: ClosingSeal) -> Closing:
    """Append a closing."""
    row = ClosingRow(
        id=next(next_ids(session, ClosingRow)),
        first_day=seal.month.first_day,
        last_day=seal.month.last_day,
        closed_by=seal.by,
        closed_at=seal.at.astimezone(UTC),
        reason=seal.reason,
        figures=seal.figures,
        last_allocation_id=seal.last_allocation,
        before=seal.before,
        digest=seal.digest,
    )
    session.add(row)
    session.flush()
    return _closing(row, None)


def add_reopening(session: WriteSession, closing: Closing, reopening: Reopening) -> None:
    """Append that a closed month was opened again."""
    session.add(
        ReopeningRow(
            closing_id=closing.id,
            reopened_by=reopening.by,
            reopened_at=reopening.at.astimezone(UTC),
            reason=reopening.reason,
        )
    )
    session.flush()


def note_late_payments(session: WriteSession, settlement: Settlement, cause: Cause) -> None:
    """Keep which payments came to months that are closed, or left them: attestation itself has no history."""
    closed = {
        Month.of(day): closing
        for closing, day in session.execute(sql_select(col(ClosingRow.id), col(ClosingRow.first_day)).where(_stands()))
    }
    moved = sorted(settlement.arrived | settlement.dissolved) if closed else []
    days = days_of(as_reader(session), moved)
    ids = next_ids(session, LatePaymentRow)
    append(
        session,
        LatePaymentRow,
        [
            {
                "id": next(ids),
                "closing_id": closed[Month.of(days[payment])],
                "payment_id": payment,
                "came": payment in settlement.arrived,
                "cause": cause.act.value,
                "caused_by": cause.by,
                "at": cause.at.astimezone(UTC),
                "file_id": cause.file_id,
            }
            for payment in moved
            if Month.of(days[payment]) in closed
        ],
    )


def _stands() -> ColumnElement[bool]:
    return ~exists().where(col(ReopeningRow.closing_id) == col(ClosingRow.id))


def _closing(row: ClosingRow, reopened: ReopeningRow | None) -> Closing:
    seal = ClosingSeal(
        month=Month.of(row.first_day),
        by=row.closed_by,
        at=row.closed_at,
        reason=row.reason,
        figures=row.figures,
        last_allocation=row.last_allocation_id,
        before=row.before,
    )
    return Closing(
        id=row.id,
        seal=seal,
        digest=row.digest,
        reopening=None
        if reopened is None
        else Reopening(by=reopened.reopened_by, at=reopened.reopened_at, reason=reopened.reason),
    )
