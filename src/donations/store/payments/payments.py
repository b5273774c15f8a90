"""Payments and the lines that attest them, and how much of one has no purpose yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func
from sqlalchemy import select as sql_select
from sqlmodel import col, exists, select

from donations.core.iban import parse_account
from donations.core.money import Currency, MoneyIn
from donations.core.payment import Payment, PaymentId
from donations.core.statement import UNESCAPED, Counterparty, Detail, StatementLine
from donations.identity.content import LineId, merged
from donations.identity.settling import KnownPayment, Settlement
from donations.store.appending import append
from donations.store.line_texts import line_texts
from donations.store.session import ReadSession, WriteSession, in_runs, table_of
from donations.store.statements.files import Ledger
from donations.store.statements.lines import MADE, detail_of, line_of, lines_query, made_order
from donations.store.tables import (
    AccountRow,
    AllocationRow,
    AttestationRow,
    ImportedFileRow,
    LineDetailRow,
    PaymentRow,
    StatementLineRow,
    StatementRow,
)


def is_attested(payment: Any = PaymentRow.id) -> ColumnElement[bool]:
    """Return the condition that some active line attests the payment of this number."""
    return exists().where(col(AttestationRow.payment_id) == payment)


def allocated() -> ColumnElement[Any]:
    """Return the minor units of a payment that have a purpose, unsigned; reversals take off what they reverse.

    All of it is in the index of payments and amounts, without looking at what reverses what.
    """
    total = sql_select(func.coalesce(func.sum(col(AllocationRow.minor)), 0))
    return total.where(col(AllocationRow.payment_id) == col(PaymentRow.id)).scalar_subquery()


def unallocated() -> ColumnElement[Any]:
    """Return the minor units of a payment that have no purpose yet, unsigned."""
    return func.abs(col(PaymentRow.minor)) - allocated()


def has_open_part() -> ColumnElement[bool]:
    """Return the condition that some of a payment has no purpose yet, asked of the allocations themselves."""
    return func.abs(col(PaymentRow.minor)) != allocated()


def known_payments(session: ReadSession, ledger: Ledger, days: Collection[date]) -> list[KnownPayment]:
    """Return the payments of these days, reversed ones too, with the lines that attest them."""
    here = (
        PaymentRow.account_id == ledger.account_id,
        PaymentRow.currency == ledger.currency,
        col(PaymentRow.booked_on).between(min(days), max(days)),
    )
    lines: defaultdict[int, set[LineId]] = defaultdict(set)
    for payment_id, line_id in session.execute(
        select(AttestationRow.payment_id, AttestationRow.line_id)
        .join(PaymentRow, col(PaymentRow.id) == col(AttestationRow.payment_id))
        .where(*here)
    ):
        lines[payment_id].add(line_id)
    rows = session.execute(
        select(col(PaymentRow.id), col(PaymentRow.booked_on), col(PaymentRow.minor), col(PaymentRow.ordinal)).where(
            *here
        )
    )
    return [
        KnownPayment(
            id=PaymentId(row.id), bucket=(row.booked_on, row.minor), ordinal=row.ordinal, lines=frozenset(lines[row.id])
        )
        for row in rows
        if row.booked_on in days
    ]


def write_settlement(session: WriteSession, ledger: Ledger, settlement: Settlement) -> None:
    """Append the new payments, and let lines attest what they attest now."""
    append(
        session,
        PaymentRow,
        (
            {
                "id": payment.id,
                "account_id": ledger.account_id,
                "booked_on": payment.bucket[0],
                "minor": payment.bucket[1],
                "currency": ledger.currency,
                "ordinal": payment.ordinal,
            }
            for payment in settlement.payments
            if payment.id in settlement.created
        ),
    )
    for run in in_runs(sorted(settlement.changed | settlement.dissolved)):
        session.execute(delete(AttestationRow).where(col(AttestationRow.payment_id).in_(run)))
    written = settlement.arrived | settlement.changed
    append(
        session,
        AttestationRow,
        (
            {"line_id": line, "payment_id": payment.id}
            for payment in settlement.payments
            if payment.id in written
            for line in sorted(payment.lines)
        ),
    )


def load_payments(session: ReadSession, ids: Iterable[PaymentId]) -> list[Payment]:
    """Return the attested payments among these ids, each with the fullest content of its lines."""
    return _with_details(session, with_neighbours(session, payments_alone(session, ids)))


def payments_alone(session: ReadSession, ids: Iterable[PaymentId]) -> list[Payment]:
    """Return the same, each without what other lines and details say of it: enough to see who pays."""
    accounts = {row.id: row.number for row in session.exec(select(AccountRow))}
    found: list[Payment] = []
    for run in in_runs(sorted(set(ids))):
        lines: defaultdict[int, list[tuple[object, StatementLine]]] = defaultdict(list)
        ledgers: dict[int, int] = {}
        for row in session.execute(_attesting(run)):
            made = made_order(row, line=row.id)
            lines[row.payment_id].append((made, line_of(row, Currency(row.currency))))
            ledgers[row.payment_id] = row.account_id
        for payment_id, attesting in lines.items():
            account = parse_account(accounts[ledgers[payment_id]])
            if account is not None:
                in_order = [line for _, line in sorted(attesting, key=itemgetter(0))]
                found.append(merged(PaymentId(payment_id), account, in_order))
    return found


def with_neighbours(session: ReadSession, payments: Sequence[Payment]) -> list[Payment]:
    """Return payments with what the lines beside theirs say of them."""
    undone = _taken_back(session, [each.id for each in payments if isinstance(each.money, MoneyIn)])
    return [replace(each, is_taken_back=True) if each.id in undone else each for each in payments]


def _taken_back(session: ReadSession, payments: Sequence[PaymentId]) -> set[PaymentId]:
    found: set[PaymentId] = set()
    for run in in_runs(list(payments)):
        found |= {PaymentId(each) for each in session.scalars(_MADE_UP.where(_ATTESTED.in_(run)))}
    return found


def _made_up() -> Select[Any]:
    """Return the query of payments that may be made up: a neighbour undoes them, and no file attests them that is safe.

    Lines of a statement are numbered as they stand in it.
    """
    line, beside, statement, file = (
        table_of(each).alias() for each in (StatementLineRow, StatementLineRow, StatementRow, ImportedFileRow)
    )
    is_undone = sql_select(beside.c.id).where(
        beside.c.id.in_((line.c.id - 1, line.c.id + 1)),
        beside.c.statement_id == line.c.statement_id,
        beside.c.booked_on == line.c.booked_on,
        beside.c.minor == -line.c.minor,
        ~(beside.c.is_reversal | line.c.is_reversal),
    )
    is_unsafe = file.c.format.in_(UNESCAPED) & is_undone.exists()
    return (
        sql_select(_ATTESTED)
        .join(line, line.c.id == table_of(AttestationRow).c.line_id)
        .join(statement, statement.c.id == line.c.statement_id)
        .join(file, file.c.id == statement.c.file_id)
        .group_by(_ATTESTED)
        .having(func.min(case((is_unsafe, 1), else_=0)) == 1)
    )


_ATTESTED = table_of(AttestationRow).c.payment_id
_MADE_UP = _made_up()
"""Made once: to make it takes ten times as long as to ask it of a few payments."""


def _attesting(payments: Sequence[PaymentId]) -> Select[Any]:
    """Return the query of the lines of payments; a total attests its parts, but its content is not theirs."""
    return (
        lines_query()
        .add_columns(
            col(PaymentRow.id).label("payment_id"),
            PaymentRow.account_id,  # type: ignore[arg-type]
            PaymentRow.currency,  # type: ignore[arg-type]
            *MADE,  # type: ignore[arg-type]
        )
        .join(AttestationRow, col(AttestationRow.line_id) == col(StatementLineRow.id))
        .join(PaymentRow, col(PaymentRow.id) == col(AttestationRow.payment_id))
        .join(StatementRow, col(StatementRow.id) == col(StatementLineRow.statement_id))
        .where(
            col(PaymentRow.id).in_(payments),
            col(PaymentRow.minor) == col(StatementLineRow.minor),
            ~col(StatementLineRow.is_total),
        )
        .order_by(col(PaymentRow.id), col(StatementLineRow.id))
    )


def _with_details(session: ReadSession, payments: list[Payment]) -> list[Payment]:
    """Return the payments with what the bank shows of the transactions of entries that are kept whole."""
    kept_whole = [each.id for each in payments if each.counterparty == Counterparty()]
    found: defaultdict[int, dict[int, list[Detail]]] = defaultdict(lambda: defaultdict(list))
    for run in in_runs(kept_whole):
        query = (
            sql_select(col(AttestationRow.payment_id), LineDetailRow)
            .join(LineDetailRow, col(LineDetailRow.line_id) == col(AttestationRow.line_id))
            .where(col(AttestationRow.payment_id).in_(run))
            .order_by(col(LineDetailRow.line_id), col(LineDetailRow.ordinal))
        )
        for payment, row in session.execute(query):
            found[payment][row.line_id].append(detail_of(row))
    if not found:
        return payments
    fullest = {payment: max(map(tuple, lines.values()), key=len) for payment, lines in found.items()}
    return [replace(each, details=fullest.get(each.id, ())) for each in payments]


def payments_sharing(
    session: ReadSession, *, accounts: Iterable[str], codes: Iterable[str], without: Collection[PaymentId]
) -> list[PaymentId]:
    """Return attested payments whose lines name one of these counterparty accounts or codes."""
    found: set[PaymentId] = set()
    for column, values in ((line_texts.c.account, accounts), (line_texts.c.claimed_code, codes)):
        for run in in_runs(sorted(set(values) - {""})):
            query = (
                select(AttestationRow.payment_id)
                .join(line_texts, line_texts.c.line_id == col(AttestationRow.line_id))
                .where(col(column).in_(run))
                .distinct()
            )
            found.update(PaymentId(payment) for payment in session.exec(query))
    return sorted(found - set(without))


def days_of(session: ReadSession, payments: Iterable[PaymentId]) -> dict[PaymentId, date]:
    """Return the day of each payment."""
    found: dict[PaymentId, date] = {}
    for run in in_runs(sorted(set(payments))):
        query = sql_select(col(PaymentRow.id), col(PaymentRow.booked_on)).where(col(PaymentRow.id).in_(run))
        found |= {PaymentId(payment): day for payment, day in session.execute(query)}
    return found


def has_payments(session: ReadSession) -> bool:
    """Whether there is any attested payment."""
    return session.exec(select(AttestationRow.payment_id).limit(1)).first() is not None


def last_attested_id(session: ReadSession) -> int:
    """Return the highest number of a payment that some active line attests; 0 where there is none."""
    return session.exec(select(func.max(AttestationRow.payment_id))).one() or 0


def attested_ids(session: ReadSession) -> Sequence[PaymentId]:
    """Return all payments that some active line attests."""
    return list(map(PaymentId, session.scalars(sql_select(col(AttestationRow.payment_id)).distinct())))
