"""Money without a purpose, added up by the month in which it was booked."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import case, extract, func
from sqlalchemy import select as sql_select
from sqlmodel import col, exists

from donations.core.money import Currency, Minor
from donations.core.month import Month
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, AttestationRow, PaymentRow


class UnallocatedSum(NamedTuple):
    """Payments of one month that have money without a purpose."""

    month: Month
    currency: Currency
    money_in: Minor
    money_out: Minor
    """Positive."""
    payments: int


def unallocated_sums(session: ReadSession, *, account_id: int | None = None) -> list[UnallocatedSum]:
    """Return the open parts of attested payments by month and currency, the oldest first."""
    allocated = (
        sql_select(func.coalesce(func.sum(AllocationRow.minor), 0))
        .where(col(AllocationRow.payment_id) == col(PaymentRow.id))
        .scalar_subquery()
    )
    open_part = func.abs(col(PaymentRow.minor)) - allocated
    payments = sql_select(
        extract("year", col(PaymentRow.booked_on)).label("year"),
        extract("month", col(PaymentRow.booked_on)).label("month"),
        col(PaymentRow.currency).label("currency"),
        (col(PaymentRow.minor) > 0).label("is_in"),
        open_part.label("open_part"),
    ).where(exists().where(col(AttestationRow.payment_id) == col(PaymentRow.id)), open_part != 0)
    if account_id is not None:
        payments = payments.where(col(PaymentRow.account_id) == account_id)
    found = payments.subquery()
    key = (found.c.year, found.c.month, found.c.currency)
    query = (
        sql_select(
            *key,
            func.sum(case((found.c.is_in, found.c.open_part), else_=0)),
            func.sum(case((found.c.is_in, 0), else_=found.c.open_part)),
            func.count(),
        )
        .group_by(*key)
        .order_by(*key)
    )
    return [
        UnallocatedSum(Month(int(year), int(month)), Currency(currency), int(money_in), int(money_out), int(payments))
        for year, month, currency, money_in, money_out, payments in session.execute(query)
    ]
