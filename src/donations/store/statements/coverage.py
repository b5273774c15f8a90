"""What the proof of balances needs: stated balances, what the ledger moved between them, balances people entered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Label, Select, extract, func, literal, union, union_all
from sqlalchemy import select as sql_select
from sqlmodel import col, exists, select

from donations.core.money import Currency, Minor
from donations.identity.proof import Stated
from donations.identity.seen import StatementId
from donations.store.ids import next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.statements.files import Ledger
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
    """See `moved`."""
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
    return LedgerFacts(stated=stated, by_day=moved(session, ledger), given={row.day: row.minor for row in given})


def moved(session: ReadSession, ledger: Ledger) -> dict[date, Minor]:
    """Return the signed sums of attested payments: of each day of which a balance is stated, and of those between.

    Days between two such days are added up month by month, as one of them: sums up to any day of which a balance is
    stated, and up to the end of any month, are right, and years of days need not be read.
    """
    days = union_all(_daily(ledger), _stated_days(ledger)).subquery()
    by_day = (
        sql_select(days.c.day, func.sum(days.c.minor).label("minor"), func.max(days.c.stated).label("stated"))
        .group_by(days.c.day)
        .subquery()
    )
    # Counted on at each stated day: the days after it, up to the next one, have its number.
    after = func.sum(by_day.c.stated).over(order_by=by_day.c.day).label("after")
    stretches = sql_select(by_day, after).subquery()
    month = (extract("year", stretches.c.day), extract("month", stretches.c.day))
    query = sql_select(func.max(stretches.c.day), func.sum(stretches.c.minor)).group_by(
        stretches.c.after, stretches.c.stated, *month
    )
    return {day: int(minor) for day, minor in session.execute(query)}


def _daily(ledger: Ledger) -> Select[date, int, int]:
    return (
        sql_select(col(PaymentRow.booked_on).label("day"), func.sum(PaymentRow.minor).label("minor"), _flag(0))
        .where(
            col(PaymentRow.account_id) == ledger.account_id,
            col(PaymentRow.currency) == ledger.currency,
            exists().where(col(AttestationRow.payment_id) == col(PaymentRow.id)),
        )
        .group_by(col(PaymentRow.booked_on))
    )


def _stated_days(ledger: Ledger) -> Select[date, int, int]:
    """Select the first and last days of statements, and those whose closing balance is stated or was entered."""
    here = (col(StatementRow.account_id) == ledger.account_id, col(StatementRow.currency) == ledger.currency)
    days: list[Select[date]] = [
        sql_select(col(StatementRow.first_day).label("day")).where(*here),
        sql_select(col(StatementRow.last_day)).where(*here),
        sql_select(col(StatedBalanceRow.day))
        .join(StatementRow, col(StatementRow.id) == col(StatedBalanceRow.statement_id))
        .where(*here),
        sql_select(col(GivenBalanceRow.day)).where(
            col(GivenBalanceRow.account_id) == ledger.account_id, col(GivenBalanceRow.currency) == ledger.currency
        ),
    ]
    stated = union(*days).subquery()
    return sql_select(stated.c.day, literal(0), _flag(1))


def _flag(value: int) -> Label[int]:
    return literal(value).label("stated")


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
