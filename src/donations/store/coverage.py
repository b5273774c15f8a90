"""What the proof of balances needs: stated balances, the ledger's movement by day, balances people entered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import col, exists, select

from donations.core.money import Currency, Minor
from donations.identity.proof import Stated
from donations.identity.seen import StatementId
from donations.store.files import Ledger
from donations.store.ids import next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables import (
    ActiveFileRow,
    AttestationRow,
    GivenBalanceRow,
    PaymentRow,
    StatedBalanceRow,
    StatementRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFacts:
    """Everything the proof of one account and currency rests on."""

    stated: tuple[Stated, ...]
    by_day: dict[date, Minor]
    given: dict[date, Minor]


def ledgers(session: ReadSession) -> list[Ledger]:
    """Return each account and currency that an active statement is of."""
    query = (
        select(col(StatementRow.account_id), col(StatementRow.currency))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .distinct()
        .order_by(col(StatementRow.account_id), col(StatementRow.currency))
    )
    return [Ledger(account_id=row[0], currency=Currency(row[1])) for row in session.execute(query)]


def ledger_facts(session: ReadSession, ledger: Ledger) -> LedgerFacts:
    """Return what the proof of one account and currency rests on."""
    interim: defaultdict[int, list[tuple[date, Minor]]] = defaultdict(list)
    balances = (
        select(StatedBalanceRow)
        .join(StatementRow, col(StatementRow.id) == col(StatedBalanceRow.statement_id))
        .where(StatementRow.account_id == ledger.account_id, StatementRow.currency == ledger.currency)
        .order_by(col(StatedBalanceRow.id))
    )
    for balance in session.exec(balances):
        interim[balance.statement_id].append((balance.day, balance.minor))
    statements = session.exec(
        select(StatementRow)
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .where(StatementRow.account_id == ledger.account_id, StatementRow.currency == ledger.currency)
        .order_by(col(StatementRow.first_day), col(StatementRow.last_day), col(StatementRow.id))
    )
    stated = tuple(
        Stated(
            id=StatementId(row.id),
            first_day=row.first_day,
            last_day=row.last_day,
            opening=row.opening_minor,
            closing=row.closing_minor,
            first_day_minor=row.first_day_minor,
            last_day_minor=row.last_day_minor,
            interim=tuple(interim[row.id]),
            imbalance=row.imbalance_minor,
        )
        for row in statements
    )
    given = session.exec(
        select(GivenBalanceRow)
        .where(GivenBalanceRow.account_id == ledger.account_id, GivenBalanceRow.currency == ledger.currency)
        .order_by(col(GivenBalanceRow.id))
    )
    return LedgerFacts(stated=stated, by_day=moved_by_day(session, ledger), given={row.day: row.minor for row in given})


def moved_by_day(session: ReadSession, ledger: Ledger) -> dict[date, Minor]:
    """Return the signed sum of attested payments of each day."""
    query = (
        select(col(PaymentRow.booked_on), func.sum(PaymentRow.minor))
        .where(
            PaymentRow.account_id == ledger.account_id,
            PaymentRow.currency == ledger.currency,
            exists().where(col(AttestationRow.payment_id) == col(PaymentRow.id)),
        )
        .group_by(col(PaymentRow.booked_on))
    )
    return {day: int(minor) for day, minor in session.execute(query)}


def give_balance(session: WriteSession, ledger: Ledger, day: date, minor: Minor, *, by: str, at: datetime) -> None:
    """Keep a balance at the end of a day that a person read in the internet bank; a later one for the day counts."""
    session.add(
        GivenBalanceRow(
            id=next(next_ids(session, GivenBalanceRow)),
            account_id=ledger.account_id,
            currency=ledger.currency,
            day=day,
            minor=minor,
            given_by=by,
            given_at=at,
        )
    )
    session.flush()
