"""The payments of a month with what each was for, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, func
from sqlmodel import col, exists, select

from donations.core.donor import DonorId
from donations.core.money import Minor
from donations.core.payment import Allocation, Payment, PaymentId, Purpose
from donations.ledger.booking import live, unallocated
from donations.store.donors import people
from donations.store.given import parts
from donations.store.payments.allocations import allocations_of
from donations.store.payments.attested import is_attested, is_open
from donations.store.payments.shown import shown_payments
from donations.store.session import ReadSession
from donations.store.tables import PaymentRow


class ListedKind(StrEnum):
    """Which payments are listed: all, one direction, one purpose, or those with money that has none."""

    ALL = "all"
    IN = "in"
    OUT = "out"
    GIFT = Purpose.GIFT
    REFUND = Purpose.REFUND
    TRANSFER = Purpose.TRANSFER
    INCOME = Purpose.INCOME
    COST = Purpose.COST
    UNALLOCATED = "unallocated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which payments a list is about; None is all."""

    first_day: date
    last_day: date
    account_id: int | None = None
    currency: str | None = None
    shown: ListedKind = ListedKind.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedPayment:
    """One payment with what stands of its allocations."""

    payment: Payment
    allocations: tuple[tuple[Allocation, str], ...]
    """Each with the donor's name, empty where there is none."""
    unallocated: Minor


def first_and_last_day(session: ReadSession) -> tuple[date, date] | None:
    """Return the first and the last booking date of all payments."""
    day = col(PaymentRow.booked_on)
    one = select(day).where(is_attested()).limit(1)  # one step in the index of days; min and max look at all of them
    first = session.scalar(one.order_by(day))
    last = session.scalar(one.order_by(day.desc()))
    return None if first is None or last is None else (first, last)


def booked_days(session: ReadSession, account_id: int) -> tuple[date | None, date | None]:
    """Return the days of the oldest and of the youngest payment of an account."""
    days = select(func.min(PaymentRow.booked_on), func.max(PaymentRow.booked_on))
    first, last = session.execute(days.where(PaymentRow.account_id == account_id, is_attested())).one()
    return first, last


def count_booked(session: ReadSession, choice: Choice) -> int:
    """Return how many payments `booked` has in all."""
    return session.scalar(select(func.count()).select_from(PaymentRow).where(*_wanted(choice))) or 0


def booked(session: ReadSession, choice: Choice, *, start: int, size: int) -> list[BookedPayment]:
    """Return payments in the order of their booking dates, the newest first."""
    query = (
        select(col(PaymentRow.id))
        .where(*_wanted(choice))
        .order_by(col(PaymentRow.booked_on).desc(), col(PaymentRow.id).desc())
        .offset(start)
        .limit(size)
    )
    ids = [PaymentId(each) for each in session.exec(query)]
    payments = {payment.id: payment for payment in shown_payments(session, ids)}
    standing = {each: live(rows) for each, rows in allocations_of(session, ids).items()}
    named = [row.donor for rows in standing.values() for row in rows if row.donor is not None]
    names: dict[DonorId | None, str] = {each: donor.name for each, donor in people.donors(session, named).items()}
    return [
        BookedPayment(
            payment=payments[each],
            allocations=tuple((row, names.get(row.donor, "")) for row in standing.get(each, ())),
            unallocated=unallocated(payments[each], standing.get(each, ())),
        )
        for each in ids
    ]


def _wanted(choice: Choice) -> Iterator[ColumnElement[bool]]:
    yield is_attested()
    yield col(PaymentRow.booked_on).between(choice.first_day, choice.last_day)
    if choice.account_id is not None:
        yield col(PaymentRow.account_id) == choice.account_id
    if choice.currency is not None:
        yield col(PaymentRow.currency) == choice.currency
    match choice.shown:
        case ListedKind.ALL:
            return
        case ListedKind.IN:
            yield col(PaymentRow.minor) > 0
        case ListedKind.OUT:
            yield col(PaymentRow.minor) < 0
        case ListedKind.UNALLOCATED:
            yield is_open()
        case _:
            yield exists().where(parts.c.payment_id == col(PaymentRow.id), parts.c.purpose == choice.shown.value)
