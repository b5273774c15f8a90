"""Payments that have money without a purpose, the oldest first."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import case, func
from sqlalchemy import select as sql_select
from sqlmodel import col, exists

from donations.core.money import Currency, Minor
from donations.store.session import ReadSession
from donations.store.tables import AccountRow, AllocationRow, AttestationRow, PaymentRow


class OpenPayment(NamedTuple):
    """One payment and what is open of it."""

    payment_id: int
    account: str
    booked_on: date
    currency: Currency
    minor: Minor
    """The whole payment, signed."""
    unallocated: Minor
    """The open part, signed."""


def open_payments(session: ReadSession, *, first_day: date, last_day: date) -> list[OpenPayment]:
    """Return the attested payments of these days that are not wholly allocated."""
    allocated = (
        sql_select(func.coalesce(func.sum(col(AllocationRow.minor)), 0))
        .where(col(AllocationRow.payment_id) == col(PaymentRow.id))
        .scalar_subquery()
    )
    minor = col(PaymentRow.minor)
    query = (
        sql_select(
            *(col(PaymentRow.id), col(AccountRow.number), col(PaymentRow.booked_on), col(PaymentRow.currency), minor),
            case((minor > 0, minor - allocated), else_=minor + allocated),
        )
        .join(AccountRow, col(AccountRow.id) == col(PaymentRow.account_id))
        .where(
            col(PaymentRow.booked_on).between(first_day, last_day),
            exists().where(col(AttestationRow.payment_id) == col(PaymentRow.id)),
            func.abs(minor) != allocated,
        )
        .order_by(col(PaymentRow.booked_on), col(PaymentRow.id))
    )
    return [
        OpenPayment(payment, account, day, Currency(currency), int(whole), int(part))
        for payment, account, day, currency, whole, part in session.execute(query)
    ]
