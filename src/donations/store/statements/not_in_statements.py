"""Which statements do not show a payment of a day that they touch: kept, for the proof rests on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, delete, insert, literal
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.payment import PaymentId
from donations.store.payments.payments import is_attested
from donations.store.session import ReadSession, WriteSession, table_of
from donations.store.statements.files import Ledger
from donations.store.tables import (
    ActiveFileRow,
    AttestationRow,
    ImportedFileRow,
    PaymentNotInStatementRow,
    PaymentRow,
    StatementLineRow,
    StatementRow,
)

_DAY = timedelta(days=1)


def renew_not_in_statements(session: WriteSession, ledger: Ledger, *, first_day: date, last_day: date) -> None:
    """Find again which payments of these days which active statements do not show.

    Only where two statements overlap can one miss what the other shows.
    """
    here = (col(PaymentRow.account_id) == ledger.account_id, col(PaymentRow.currency) == ledger.currency)
    of_days = sql_select(col(PaymentRow.id)).where(*here, col(PaymentRow.booked_on).between(first_day, last_day))
    session.execute(delete(PaymentNotInStatementRow).where(col(PaymentNotInStatementRow.payment_id).in_(of_days)))
    for first, last in _overlaps(_periods(session, ledger, first_day, last_day)):
        begin, end = max(first, first_day), min(last, last_day)
        if begin <= end:
            found = _unshown(ledger, begin, end)
            session.execute(
                insert(table_of(PaymentNotInStatementRow)).from_select(["statement_id", "payment_id"], found)
            )


def drop_not_in_statements(session: WriteSession, file_id: int) -> None:
    """Forget what the statements of an import that no longer counts do not show."""
    statements = sql_select(col(StatementRow.id)).where(col(StatementRow.file_id) == file_id)
    session.execute(delete(PaymentNotInStatementRow).where(col(PaymentNotInStatementRow.statement_id).in_(statements)))


class StatementMissingPayment(NamedTuple):
    """A statement that touches the day of a payment and does not show it."""

    file_id: int
    name: str
    first_day: date
    last_day: date


def statements_without(session: ReadSession, payment: PaymentId) -> list[StatementMissingPayment]:
    """Return the statements that do not show a payment: it lies before or behind them, or they miss it."""
    query = (
        sql_select(
            col(ImportedFileRow.id),
            col(ImportedFileRow.name),
            col(StatementRow.first_day),
            col(StatementRow.last_day),
        )
        .join(StatementRow, col(StatementRow.file_id) == col(ImportedFileRow.id))
        .join(PaymentNotInStatementRow, col(PaymentNotInStatementRow.statement_id) == col(StatementRow.id))
        .where(col(PaymentNotInStatementRow.payment_id) == payment)
        .order_by(col(StatementRow.id))
    )
    return [StatementMissingPayment(*row) for row in session.execute(query)]


def _periods(session: ReadSession | WriteSession, ledger: Ledger, first: date, last: date) -> list[tuple[date, date]]:
    query = (
        sql_select(col(StatementRow.first_day), col(StatementRow.last_day))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .where(
            col(StatementRow.account_id) == ledger.account_id,
            col(StatementRow.currency) == ledger.currency,
            col(StatementRow.first_day) <= last,
            col(StatementRow.last_day) >= first,
        )
        .order_by(col(StatementRow.first_day), col(StatementRow.last_day))
    )
    return [(first_day, last_day) for first_day, last_day in session.execute(query)]


def _overlaps(periods: Iterable[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """Yield runs of days, in order and apart, that hold every day which two of the periods share."""
    end: date | None = None
    run: tuple[date, date] | None = None
    for first, last in periods:
        if end is not None and first <= end:
            shared = first, min(last, end)
            if run is not None and shared[0] <= run[1] + _DAY:
                run = run[0], max(run[1], shared[1])
            else:
                if run is not None:
                    yield run
                run = shared
        end = last if end is None else max(end, last)
    if run is not None:
        yield run


def _unshown(ledger: Ledger | None, first: date, last: date) -> Select[int, int]:
    shows = (
        sql_select(literal(1))
        .select_from(AttestationRow)
        .join(StatementLineRow, col(StatementLineRow.id) == col(AttestationRow.line_id))
        .where(
            col(AttestationRow.payment_id) == col(PaymentRow.id),
            col(StatementLineRow.statement_id) == col(StatementRow.id),
        )
        .correlate(PaymentRow, StatementRow)
    )
    of_one: list[ColumnElement[bool]] = []
    if ledger is not None:
        of_one += [
            col(StatementRow.account_id) == ledger.account_id,
            col(StatementRow.currency) == ledger.currency,
        ]
    return (
        sql_select(col(StatementRow.id), col(PaymentRow.id))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .join(
            PaymentRow,
            and_(
                col(PaymentRow.account_id) == col(StatementRow.account_id),
                col(PaymentRow.currency) == col(StatementRow.currency),
                col(PaymentRow.booked_on).between(col(StatementRow.first_day), col(StatementRow.last_day)),
            ),
        )
        .where(
            *of_one,
            col(PaymentRow.booked_on).between(first, last),
            is_attested(),
            ~shows.exists(),
        )
    )
