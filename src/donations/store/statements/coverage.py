"""Which days statements cover, and what the proof of balances needs: stated balances, and what moved between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import ColumnElement, Label, Select, extract, func, literal, union, union_all
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.money import EUR, Currency, Minor
from donations.core.payment import PaymentId
from donations.identity.content import StatementId
from donations.identity.proof import LedgerProof, prove
from donations.identity.stated import DAY, Facts, Interim, LedgerMovement, NotInStatement, Stated, days_between
from donations.ledger.rhythm import first_chance, last_chance
from donations.store.kept_sums import day_sum
from donations.store.line_texts import line_texts
from donations.store.session import ReadSession, WriteSession, next_ids, once
from donations.store.statements.files import Ledger, provenance_of
from donations.store.statements.pairs import lines_left_out
from donations.store.tables import (
    AccountRow,
    ActiveFileRow,
    AttestationRow,
    DaysWithoutMovementRow,
    EnteredBalanceRow,
    PaymentNotInStatementRow,
    PaymentRow,
    StatedBalanceRow,
    StatementRow,
)

_DAY = timedelta(days=1)
LATE = timedelta(days=92)
"""An account without statements for longer is taken to be closed."""


@dataclass(frozen=True, slots=True)
class CoveredDays:
    """Runs of covered days by own account, in order and apart from each other; whatever the currency."""

    runs: dict[int, tuple[tuple[date, date], ...]]

    def covers(self, account_id: int, first_day: date, last_day: date) -> bool:
        """Whether statements of the account cover all of these days."""
        return any(first <= first_day and last_day <= last for first, last in self.runs.get(account_id, ()))

    def has_passed(self, account_id: int, due: date) -> bool:
        """Whether a regular gift that was due and is not there was missed: it may not come on any other day."""
        return self.covers(account_id, first_chance(due), last_chance(due))

    @property
    def first_day(self) -> date | None:
        """The first day that any statement covers; None without statements."""
        return min((runs[0][0] for runs in self.runs.values()), default=None)

    @property
    def last_day(self) -> date | None:
        """The last day that any statement covers."""
        return max((runs[-1][1] for runs in self.runs.values()), default=None)

    def touches(self, first_day: date, last_day: date) -> bool:
        """Whether any statement covers any of these days."""
        return any(first <= last_day and last >= first_day for runs in self.runs.values() for first, last in runs)

    def is_whole(self, first_day: date, last_day: date) -> bool:
        """Whether some account is covered on all of these days, and no other has a gap in them.

        Days before an account's first statement and after its last are no gap: it may be younger, or closed.
        """
        gaps = (
            before[1] < last_day and after[0] > first_day
            for runs in self.runs.values()
            for before, after in pairwise(runs)
        )
        return any(self.covers(account, first_day, last_day) for account in self.runs) and not any(gaps)

    def behind(self, day: date) -> dict[int, date]:
        """Return the accounts whose statements end before a day, and up to three months before: they are late."""
        ends = {account: runs[-1][1] for account, runs in self.runs.items()}
        return {account: end for account, end in ends.items() if day - LATE <= end < day}


def covered_days(session: ReadSession) -> CoveredDays:
    """Return the days that active statements cover."""
    return once(session, _covered_days)


def _covered_days(session: ReadSession) -> CoveredDays:
    query = (
        select(col(StatementRow.account_id), col(StatementRow.first_day), col(StatementRow.last_day))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .distinct()
        .order_by(col(StatementRow.account_id), col(StatementRow.first_day), col(StatementRow.last_day))
    )
    runs: defaultdict[int, list[tuple[date, date]]] = defaultdict(list)
    for account, first, last in session.execute(query):
        known = runs[account]
        if known and first <= known[-1][1] + _DAY:
            known[-1] = (known[-1][0], max(known[-1][1], last))
        else:
            known.append((first, last))
    return CoveredDays({account: tuple(known) for account, known in runs.items()})


def ledgers(session: ReadSession) -> list[Ledger]:
    """Return each own account with every currency that an active statement is of, else in euros."""
    query = (
        select(col(StatementRow.account_id), col(StatementRow.currency))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .distinct()
    )
    stated = {Ledger(account_id=account, currency=Currency(code)) for account, code in session.execute(query)}
    known = {each.account_id for each in stated}
    silent = {
        Ledger(account_id=each, currency=EUR) for each in session.exec(select(AccountRow.id)) if each not in known
    }
    return sorted(stated | silent, key=lambda each: (each.account_id, each.currency))


def ledger_proof(session: ReadSession, ledger: Ledger) -> LedgerProof:
    """Return what is known of the days of one account in one currency."""
    return prove(ledger_facts(session, ledger))


def ledger_facts(session: ReadSession, ledger: Ledger) -> Facts:
    """Return everything the proof of one account and currency rests on."""
    by_day = moved(session, ledger)
    account = session.get_one(AccountRow, ledger.account_id)
    return Facts(
        stated=tuple(_stated(session, ledger, LedgerMovement(by_day))),
        by_day=by_day,
        given=entered_balances(session, ledger),
        quiet=frozenset(
            day for row in days_without_movement(session, ledger) for day in days_between(row.first_day, row.last_day)
        ),
        opened=account.opened_on or first_named(session, ledger, account.number),
        ended=account.ended_on,
        left=0 if account.became is None else None,
    )


def first_named(session: ReadSession, ledger: Ledger, number: str) -> date | None:
    """Return the day of the first payment on another own account that names this one as its other side."""
    query = (
        sql_select(func.min(col(PaymentRow.booked_on)))
        .join(AttestationRow, col(AttestationRow.payment_id) == col(PaymentRow.id))
        .join(line_texts, line_texts.c.line_id == col(AttestationRow.line_id))
        .where(
            line_texts.c.account == number,
            col(PaymentRow.account_id) != ledger.account_id,
            col(PaymentRow.currency) == ledger.currency,
        )
    )
    first: date | None = session.scalar(query)
    return first


def _stated(session: ReadSession, ledger: Ledger, movement: LedgerMovement) -> Iterator[Stated]:
    statements = session.exec(
        select(StatementRow)
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .where(*_here(ledger))
        .order_by(col(StatementRow.first_day), col(StatementRow.last_day), col(StatementRow.id))
    )
    interim, not_in_statement, left_out = _interim(session, ledger), _unshown(session, ledger), lines_left_out(session)
    for row in statements:
        yield Stated(
            id=StatementId(row.id),
            first_day=row.first_day,
            last_day=row.last_day,
            opening=row.opening_minor,
            closing=row.closing_minor,
            moved_before=movement.until(row.first_day - DAY),
            moved_until_end=movement.until(row.last_day),
            interim=tuple(interim.get(row.id, ())),
            imbalance=row.imbalance_minor,
            provenance=provenance_of(row),
            not_in_statement=tuple(not_in_statement.get(row.id, ())),
            left_out=tuple(left_out.get(row.id, ())),
        )


def _here(ledger: Ledger) -> tuple[ColumnElement[bool], ...]:
    return (col(StatementRow.account_id) == ledger.account_id, col(StatementRow.currency) == ledger.currency)


def _interim(session: ReadSession, ledger: Ledger) -> Mapping[int, list[Interim]]:
    query = (
        select(StatedBalanceRow)
        .join(StatementRow, col(StatementRow.id) == col(StatedBalanceRow.statement_id))
        .where(*_here(ledger))
        .order_by(col(StatedBalanceRow.id))
    )
    found: defaultdict[int, list[Interim]] = defaultdict(list)
    for row in session.exec(query):
        found[row.statement_id].append(Interim(row.day, row.minor, row.at))
    return found


def _unshown(session: ReadSession, ledger: Ledger) -> Mapping[int, list[NotInStatement]]:
    query = (
        sql_select(
            col(PaymentNotInStatementRow.statement_id),
            col(PaymentRow.id),
            col(PaymentRow.booked_on),
            col(PaymentRow.minor),
        )
        .join(PaymentRow, col(PaymentRow.id) == col(PaymentNotInStatementRow.payment_id))
        .join(StatementRow, col(StatementRow.id) == col(PaymentNotInStatementRow.statement_id))
        .where(*_here(ledger))
        .order_by(col(PaymentRow.booked_on), col(PaymentRow.id))
    )
    found: defaultdict[int, list[NotInStatement]] = defaultdict(list)
    for statement, payment, day, minor in session.execute(query):
        found[statement].append(NotInStatement(PaymentId(payment), day, minor))
    return found


def entered_balances(session: ReadSession, ledger: Ledger) -> dict[date, Minor]:
    """Return the balances at the end of a day that a person read; of several for a day the latest."""
    rows = session.exec(
        select(EnteredBalanceRow)
        .where(EnteredBalanceRow.account_id == ledger.account_id, EnteredBalanceRow.currency == ledger.currency)
        .order_by(col(EnteredBalanceRow.id))
    )
    return {row.day: row.minor for row in rows}


def days_without_movement(session: ReadSession, ledger: Ledger) -> list[DaysWithoutMovementRow]:
    """Return the days of which a person confirmed that nothing moved."""
    here = (DaysWithoutMovementRow.account_id == ledger.account_id, DaysWithoutMovementRow.currency == ledger.currency)
    return list(
        session.exec(select(DaysWithoutMovementRow).where(*here).order_by(col(DaysWithoutMovementRow.first_day)))
    )


def moved(session: ReadSession, ledger: Ledger) -> dict[date, Minor]:
    """Return the signed sums of attested payments: of each day of which a balance is stated, and of those between.

    Days between two such days are added up month by month, as one of them: sums up to any day of which a balance is
    stated, and up to the end of any month, are right, and years of days need not be read.
    """
    days = union_all(_daily(session, ledger), _stated_days(ledger)).subquery()
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


def _daily(session: ReadSession, ledger: Ledger) -> Select[date, int, int]:
    sums = day_sum(session).c
    return (
        sql_select(sums.day.label("day"), func.sum(sums.minor).label("minor"), _flag(0))
        .where(sums.account_id == ledger.account_id, sums.currency == ledger.currency)
        .group_by(sums.day)
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
        sql_select(col(EnteredBalanceRow.day)).where(
            col(EnteredBalanceRow.account_id) == ledger.account_id, col(EnteredBalanceRow.currency) == ledger.currency
        ),
    ]
    stated = union(*days).subquery()
    return sql_select(stated.c.day, literal(0), _flag(1))


def _flag(value: int) -> Label[int]:
    return literal(value).label("stated")


def give_balance(session: WriteSession, ledger: Ledger, day: date, minor: Minor, *, by: str, at: datetime) -> None:
    """Keep a balance at the end of a day that a person read in the internet bank; a later one for the day counts."""
    session.add(
        EnteredBalanceRow(
            id=next(next_ids(session, EnteredBalanceRow)),
            account_id=ledger.account_id,
            currency=ledger.currency,
            day=day,
            minor=minor,
            given_by=by,
            given_at=at,
        )
    )
    session.flush()


def drop_balance(session: WriteSession, ledger: Ledger, day: date) -> int:
    """Forget the balances that people entered of a day; return how many there were."""
    here = (EnteredBalanceRow.account_id == ledger.account_id, EnteredBalanceRow.currency == ledger.currency)
    rows = session.exec(select(EnteredBalanceRow).where(*here, EnteredBalanceRow.day == day)).all()
    for row in rows:
        session.delete(row)
    session.flush()
    return len(rows)
