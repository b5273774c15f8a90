"""Closed months: kept, read again, and opened again; and what came to them after they were closed.

What only says anew what stood before, for the same donor, corrects nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, case, func, literal, null, union_all
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from donations.core.calendar import Month
from donations.core.donor import AppealId
from donations.core.money import Currency
from donations.core.payment import Act, Cause, Decision, PaymentId, Purpose
from donations.identity.settling import Settlement
from donations.ledger.figures import ClosingSeal, Figures, MonthChange
from donations.store.appending import append
from donations.store.payments.decisions import decision_of
from donations.store.payments.payments import days_of, is_attested
from donations.store.session import ReadSession, WriteSession, as_reader, next_ids
from donations.store.tables import (
    AccountRow,
    ActiveFileRow,
    AllocationRow,
    AppealRow,
    DecisionRow,
    DonorRow,
    PaymentRow,
    StatementRow,
)
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


def closings_in_force(
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One dated correction of a closed month."""

    month: Month
    at: datetime
    payment: PaymentId
    booked_on: date
    change: MonthChange
    appeal: str | None
    """Its name now."""
    why: Cause | Decision
    """What brought or took the payment, or who decided what it was for."""


def count_corrections(session: ReadSession, after: Collection[Closing]) -> dict[int, int]:
    """Return how many corrections came after each of these closings, by its number; without any it is left out."""
    later = _later(after)
    query = sql_select(later.c.closing, func.count()).group_by(later.c.closing)
    return {closing: int(count) for closing, count in session.execute(query)}


def changes(session: ReadSession, after: Collection[Closing]) -> dict[int, list[MonthChange]]:
    """Return what changed after each of these closings, by its number: corrections of the same kind are added up."""
    later = _later(after)
    kind = (later.c.closing, *(later.c[name] for name in _CHANGED))
    query = sql_select(*kind, func.sum(later.c.minor).label("minor"), func.sum(later.c.times).label("times"))
    found: defaultdict[int, list[MonthChange]] = defaultdict(list)
    for row in session.execute(query.group_by(*kind)):
        found[row.closing].append(_change(row))
    return dict(found)


def corrections(session: ReadSession, after: Collection[Closing], *, start: int, size: int) -> list[Correction]:
    """Return the corrections that came after these closings, the newest first."""
    later = _later(after)
    query = (
        sql_select(later, col(AppealRow.name).label("appeal"))
        .outerjoin(AppealRow, col(AppealRow.id) == later.c.appeal_id)
        .order_by(later.c.at.desc(), later.c.is_payment.desc(), later.c.number.desc())
        .offset(start)
        .limit(size)
    )
    return [_correction(row) for row in session.execute(query)]


_CHANGED = ("account", "currency", "is_money_in", "purpose", "appeal_id")


def _later(after: Collection[Closing]) -> Subquery:
    ids = [closing.id for closing in after]
    return union_all(
        _allocated().where(col(ClosingRow.id).in_(ids)), _moved().where(col(ClosingRow.id).in_(ids))
    ).subquery()


def _allocated() -> Select[Any]:
    """Select the allocations that came later, signed as their payments are."""
    minor = case((col(PaymentRow.minor) > 0, col(AllocationRow.minor)), else_=-col(AllocationRow.minor))
    return (
        sql_select(
            *_of_payment(),
            literal(0).label("is_payment"),
            col(AllocationRow.id).label("number"),
            col(AllocationRow.made_at).label("at"),
            col(AllocationRow.purpose).label("purpose"),
            col(AllocationRow.appeal_id).label("appeal_id"),
            minor.label("minor"),
            case((col(AllocationRow.minor) > 0, 1), else_=-1).label("times"),
            col(DecisionRow.person).label("person"),
            col(DecisionRow.rule).label("rule"),
            col(DecisionRow.reason).label("reason"),
            col(DecisionRow.evidence).label("evidence"),
            null().label("cause"),
            null().label("file_id"),
        )
        .select_from(ClosingRow)
        .join(PaymentRow, col(PaymentRow.booked_on).between(col(ClosingRow.first_day), col(ClosingRow.last_day)))
        .join(AccountRow, col(AccountRow.id) == col(PaymentRow.account_id))
        .join(AllocationRow, col(AllocationRow.payment_id) == col(PaymentRow.id))
        .join(DecisionRow, col(DecisionRow.id) == col(AllocationRow.decision_id))
        .where(col(AllocationRow.id) > col(ClosingRow.last_allocation_id))
        .where(~_says_again(of_back=col(AllocationRow.id)), ~_says_again(of_back=col(AllocationRow.id) - 1))
    )


_Back, _Before, _Again = aliased(AllocationRow), aliased(AllocationRow), aliased(AllocationRow)
_DonorBefore, _DonorAgain = aliased(DonorRow), aliased(DonorRow)
"""Made once: to make them takes longer than to ask about a few."""


def _says_again(*, of_back: Any) -> ColumnElement[bool]:
    """Whether the allocation of this number takes back what the next one says again."""
    same = (
        (col(_Before.purpose), col(_Again.purpose)),
        (col(_Before.minor), col(_Again.minor)),
        (col(_Before.appeal_id), col(_Again.appeal_id)),
        (_surviving_of(_DonorBefore), _surviving_of(_DonorAgain)),
    )
    return (
        sql_select(literal(1))
        .select_from(_Back)
        .join(_Before, col(_Before.id) == col(_Back.reverses_id))
        .join(_Again, col(_Again.id) == col(_Back.id) + 1)
        .outerjoin(_DonorBefore, col(_DonorBefore.id) == col(_Before.donor_id))
        .outerjoin(_DonorAgain, col(_DonorAgain.id) == col(_Again.donor_id))
        .where(col(_Back.id) == of_back, col(_Again.payment_id) == col(_Back.payment_id))
        .where(*(one.is_not_distinct_from(other) for one, other in same))
        .exists()
    )


def _surviving_of(donor: Any) -> ColumnElement[Any]:
    return func.coalesce(col(donor.merged_into_id), col(donor.id))


def _moved() -> Select[Any]:
    """Select the payments that came or went later; one that went counts the other way."""
    sign = case((col(LatePaymentRow.came), 1), else_=-1)
    return (
        sql_select(
            *_of_payment(),
            literal(1).label("is_payment"),
            col(LatePaymentRow.id).label("number"),
            col(LatePaymentRow.at).label("at"),
            null().label("purpose"),
            null().label("appeal_id"),
            (sign * col(PaymentRow.minor)).label("minor"),
            sign.label("times"),
            col(LatePaymentRow.caused_by).label("person"),
            null().label("rule"),
            null().label("reason"),
            null().label("evidence"),
            col(LatePaymentRow.cause).label("cause"),
            col(LatePaymentRow.file_id).label("file_id"),
        )
        .select_from(ClosingRow)
        .join(LatePaymentRow, col(LatePaymentRow.closing_id) == col(ClosingRow.id))
        .join(PaymentRow, col(PaymentRow.id) == col(LatePaymentRow.payment_id))
        .join(AccountRow, col(AccountRow.id) == col(PaymentRow.account_id))
    )


def _of_payment() -> tuple[ColumnElement[Any], ...]:
    return (
        col(ClosingRow.id).label("closing"),
        col(ClosingRow.first_day).label("month"),
        col(PaymentRow.id).label("payment_id"),
        col(PaymentRow.booked_on).label("booked_on"),
        col(AccountRow.number).label("account"),
        col(PaymentRow.currency).label("currency"),
        case((col(PaymentRow.minor) > 0, 1), else_=0).label("is_money_in"),
    )


def _change(row: Row[Any]) -> MonthChange:
    return MonthChange(
        account=row.account,
        currency=Currency(row.currency),
        is_money_in=bool(row.is_money_in),
        purpose=None if row.purpose is None else Purpose(row.purpose),
        appeal=None if row.appeal_id is None else AppealId(row.appeal_id),
        minor=int(row.minor),
        count=int(row.times),
    )


def _correction(row: Row[Any]) -> Correction:
    why: Cause | Decision
    if row.is_payment:
        why = Cause(act=Act(row.cause), by=row.person, at=row.at, file_id=row.file_id)
    else:
        why = decision_of(row)
    return Correction(
        month=Month.of(row.month),
        at=row.at,
        payment=PaymentId(row.payment_id),
        booked_on=row.booked_on,
        change=_change(row),
        appeal=row.appeal,
        why=why,
    )
