"""Payments and the lines that attest them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func
from sqlmodel import col, exists, select

from donations.core.iban import parse_account
from donations.core.money import Currency
from donations.core.payment import Payment, PaymentId
from donations.core.statement import StatementLine
from donations.identity.content import merged
from donations.identity.seen import LineId
from donations.identity.settling import Known, Settlement
from donations.store.ids import append, in_runs
from donations.store.session import ReadSession, WriteSession
from donations.store.statements.files import Ledger
from donations.store.statements.lines import line_of, lines_query
from donations.store.tables import (
    AccountRow,
    AllocationRow,
    AttestationRow,
    ImportedFileRow,
    LineTextRow,
    PaymentRow,
    StatementLineRow,
    StatementRow,
)


def known_payments(session: ReadSession, ledger: Ledger, days: Collection[date]) -> list[Known]:
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
        Known(
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
    accounts = {row.id: row.number for row in session.exec(select(AccountRow))}
    found: list[Payment] = []
    for run in in_runs(sorted(set(ids))):
        lines: defaultdict[int, list[StatementLine]] = defaultdict(list)
        ledgers: dict[int, int] = {}
        query = (
            lines_query()
            .add_columns(col(PaymentRow.id).label("payment_id"), PaymentRow.account_id, PaymentRow.currency)  # type: ignore[arg-type]
            .join(AttestationRow, col(AttestationRow.line_id) == col(StatementLineRow.id))
            .join(PaymentRow, col(PaymentRow.id) == col(AttestationRow.payment_id))
            # The total of a batch attests its parts, but its content is not theirs.
            .where(col(PaymentRow.id).in_(run), col(PaymentRow.minor) == col(StatementLineRow.minor))
            .order_by(col(PaymentRow.id), col(StatementLineRow.id))
        )
        for row in session.execute(query):
            lines[row.payment_id].append(line_of(row, Currency(row.currency)))
            ledgers[row.payment_id] = row.account_id
        for payment_id, attesting in lines.items():
            account = parse_account(accounts[ledgers[payment_id]])
            if account is not None:
                found.append(merged(PaymentId(payment_id), account, attesting))
    return found


def payments_sharing(
    session: ReadSession, *, accounts: Iterable[str], codes: Iterable[str], without: Collection[PaymentId]
) -> list[PaymentId]:
    """Return attested payments whose lines name one of these counterparty accounts or codes."""
    found: set[PaymentId] = set()
    for column, values in ((LineTextRow.account, accounts), (LineTextRow.claimed_code, codes)):
        for run in in_runs(sorted(set(values) - {""})):
            query = (
                select(AttestationRow.payment_id)
                .join(LineTextRow, col(LineTextRow.line_id) == col(AttestationRow.line_id))
                .where(col(column).in_(run))
                .distinct()
            )
            found.update(PaymentId(payment) for payment in session.exec(query))
    return sorted(found - set(without))


def unallocated_ids(session: ReadSession) -> list[PaymentId]:
    """Return attested payments with money that has no purpose yet."""
    allocated = (
        select(func.coalesce(func.sum(AllocationRow.minor), 0))
        .where(col(AllocationRow.payment_id) == col(PaymentRow.id))
        .scalar_subquery()
    )
    query = (
        select(col(PaymentRow.id))
        .where(func.abs(PaymentRow.minor) != allocated)  # first, for it leaves few
        .where(exists().where(col(AttestationRow.payment_id) == col(PaymentRow.id)))
        .order_by(col(PaymentRow.booked_on), col(PaymentRow.id))
    )
    return [PaymentId(each) for each in session.exec(query)]


def has_payments(session: ReadSession) -> bool:
    """Whether there is any attested payment."""
    return session.exec(select(AttestationRow.payment_id).limit(1)).first() is not None


def attested_ids(session: ReadSession) -> Sequence[PaymentId]:
    """Return all payments that some active line attests."""
    return [PaymentId(each) for each in session.exec(select(AttestationRow.payment_id).distinct())]


@dataclass(frozen=True, slots=True)
class AttestingLine:
    """Where a line stands."""

    file_id: int
    file: str
    row: int


def attesting_lines(session: ReadSession, payment: PaymentId) -> list[AttestingLine]:
    """Return the lines that attest a payment, as they were imported."""
    query = (
        select(col(ImportedFileRow.id), col(ImportedFileRow.name), col(StatementLineRow.row))
        .join(StatementRow, col(StatementRow.file_id) == col(ImportedFileRow.id))
        .join(StatementLineRow, col(StatementLineRow.statement_id) == col(StatementRow.id))
        .join(AttestationRow, col(AttestationRow.line_id) == col(StatementLineRow.id))
        .where(AttestationRow.payment_id == payment)
        .order_by(col(StatementLineRow.id))
    )
    return [AttestingLine(*row) for row in session.execute(query)]
