"""Sums and rows for the reports; money is added up by the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, false, func, tuple_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, exists

from donations.core.allocation import Purpose
from donations.core.money import Currency, Minor
from donations.store.donors.standing_donor import standing_id
from donations.store.payments.allocations import stands
from donations.store.session import ReadSession
from donations.store.statements.files import Ledger
from donations.store.tables import AllocationRow, AppealRow, AttestationRow, DonorRow, PaymentRow

_Standing = aliased(DonorRow)
"""The donor that is shown and summed: merged donors are one."""
_AT_ONCE = 1_000


class GiftRow(NamedTuple):
    """One standing gift."""

    booked_on: date
    donor_id: int
    donor: str
    appeal: str
    minor: Minor
    currency: Currency
    payment_id: int
    allocation_id: int


class DonorSum(NamedTuple):
    """What one donor gave in one currency; without donor the refunds of which nobody said whose gift they return."""

    donor_id: int | None
    name: str | None
    currency: Currency
    gifts: int
    given: Minor
    refunded: Minor
    first_day: date | None
    """Of the gifts."""
    last_day: date | None


class DaySum(NamedTuple):
    """What moved on an account on one day."""

    ledger: Ledger
    day: date
    money_in: Minor
    money_out: Minor
    """Negative."""
    unallocated: Minor
    """Signed: money in without purpose less money out without purpose."""
    questions: int
    """Payments with money that has no purpose yet."""


class PurposeSum(NamedTuple):
    """What an account's payments of one day were for; signed as the payments are."""

    ledger: Ledger
    day: date
    purpose: Purpose
    minor: Minor


def gift_rows(
    session: ReadSession, *, first_day: date, last_day: date, after: int = 0, limit: int | None = None
) -> Iterator[GiftRow]:
    """Return the standing gifts with these booking dates, in the order of their days; not all are held at once.

    With `after`, the number of a gift's allocation, those that come after it: it may have been reversed meanwhile.
    """
    place = (col(PaymentRow.booked_on), col(PaymentRow.id), col(AllocationRow.id))
    query = (
        sql_select(
            col(PaymentRow.booked_on),
            col(_Standing.id),
            col(_Standing.name),
            col(AppealRow.name),
            col(AllocationRow.minor),
            col(AllocationRow.currency),
            col(PaymentRow.id),
            col(AllocationRow.id),
        )
        .join(AllocationRow, col(AllocationRow.payment_id) == col(PaymentRow.id))
        .join(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .join(_Standing, col(_Standing.id) == standing_id())
        .join(AppealRow, col(AppealRow.id) == col(AllocationRow.appeal_id))
        .where(*_gifts(first_day, last_day))
        .order_by(*place)
    )
    if after:
        known = (
            sql_select(*place)
            .join(AllocationRow, col(AllocationRow.payment_id) == col(PaymentRow.id))
            .where(col(AllocationRow.id) == after)
        )
        last = session.execute(known).first()
        query = query.where(false() if last is None else tuple_(*place) > tuple_(*last))
    found = session.execute(query.execution_options(yield_per=_AT_ONCE) if limit is None else query.limit(limit))
    return (GiftRow(*row) for row in found)


def gift_totals(session: ReadSession, *, first_day: date, last_day: date) -> list[tuple[Currency, Minor]]:
    """Return the sums of the gifts that `gift_rows` returns, by currency."""
    query = (
        sql_select(col(AllocationRow.currency), func.sum(col(AllocationRow.minor)))
        .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .where(*_gifts(first_day, last_day))
        .group_by(col(AllocationRow.currency))
        .order_by(col(AllocationRow.currency))
    )
    return [(Currency(currency), int(minor)) for currency, minor in session.execute(query)]


def _gifts(first_day: date, last_day: date) -> tuple[ColumnElement[bool], ...]:
    return col(AllocationRow.purpose) == Purpose.GIFT.value, stands(), _booked(first_day, last_day)


def donor_sums(session: ReadSession, *, first_day: date, last_day: date) -> list[DonorSum]:
    """Return what each donor gave and got back on these days."""
    is_gift = col(AllocationRow.purpose) == Purpose.GIFT.value
    gift_day = case((is_gift, col(PaymentRow.booked_on)))
    query = (
        sql_select(
            col(_Standing.id),
            col(_Standing.name),
            col(AllocationRow.currency),
            func.count(case((is_gift, 1))),
            func.sum(case((is_gift, col(AllocationRow.minor)), else_=0)),
            func.sum(case((is_gift, 0), else_=col(AllocationRow.minor))),
            func.min(gift_day),
            func.max(gift_day),
        )
        .select_from(AllocationRow)
        .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .outerjoin(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .outerjoin(_Standing, col(_Standing.id) == standing_id())
        .where(col(AllocationRow.purpose).in_([Purpose.GIFT.value, Purpose.REFUND.value]))
        .where(stands(), _booked(first_day, last_day))
        .group_by(col(_Standing.id), col(_Standing.name), col(AllocationRow.currency))
    )
    return [
        DonorSum(donor, name, currency, int(gifts), int(given), int(refunded), first, last)
        for donor, name, currency, gifts, given, refunded, first, last in session.execute(query)
    ]


def day_sums(session: ReadSession, *, first_day: date, last_day: date) -> list[DaySum]:
    """Return the movement of each account and day, and how much of it has no purpose yet."""
    minor = col(PaymentRow.minor)
    allocated = (
        sql_select(func.coalesce(func.sum(col(AllocationRow.minor)), 0))
        .where(col(AllocationRow.payment_id) == col(PaymentRow.id))
        .scalar_subquery()
    )
    payments = (
        sql_select(
            col(PaymentRow.account_id),
            col(PaymentRow.currency),
            col(PaymentRow.booked_on),
            minor.label("minor"),
            case((minor > 0, minor - allocated), else_=minor + allocated).label("unallocated"),
        )
        .where(_attested(), _booked(first_day, last_day))
        .subquery()
    )
    key = (payments.c.account_id, payments.c.currency, payments.c.booked_on)
    query = (
        sql_select(
            *key,
            func.sum(case((payments.c.minor > 0, payments.c.minor), else_=0)),
            func.sum(case((payments.c.minor < 0, payments.c.minor), else_=0)),
            func.sum(payments.c.unallocated),
            func.count(case((payments.c.unallocated != 0, 1))),
        )
        .group_by(*key)
        .order_by(*key)
    )
    return [
        DaySum(Ledger(account_id=account, currency=currency), day, *map(int, sums))
        for account, currency, day, *sums in session.execute(query)
    ]


def purpose_sums(session: ReadSession, *, first_day: date, last_day: date) -> list[PurposeSum]:
    """Return what the payments of each account and day were for. Reversals are negative, so all rows add up."""
    signed = case((col(PaymentRow.minor) > 0, col(AllocationRow.minor)), else_=-col(AllocationRow.minor))
    key = (col(PaymentRow.account_id), col(PaymentRow.currency), col(PaymentRow.booked_on), col(AllocationRow.purpose))
    query = (
        sql_select(*key, func.sum(signed))
        .join(AllocationRow, col(AllocationRow.payment_id) == col(PaymentRow.id))
        .where(_attested(), _booked(first_day, last_day))
        .group_by(*key)
        .order_by(*key)
    )
    return [
        PurposeSum(Ledger(account_id=account, currency=currency), day, Purpose(purpose), int(minor))
        for account, currency, day, purpose, minor in session.execute(query)
    ]


def _booked(first_day: date, last_day: date) -> ColumnElement[bool]:
    day = col(PaymentRow.booked_on)
    return and_(day >= first_day, day <= last_day)


def _attested() -> ColumnElement[bool]:
    return exists().where(col(AttestationRow.payment_id) == col(PaymentRow.id))
