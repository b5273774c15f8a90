"""The costs of some days, payment by payment, each with its payee and what it was for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func
from sqlalchemy import select as sql_select

from donations.core.allocation import Purpose
from donations.core.money import Currency, Minor
from donations.core.payment import Payment, PaymentId
from donations.core.spending import CategoryId, Payee, payee_of
from donations.store.given import entries
from donations.store.payments.payments import load_payments
from donations.store.session import ReadSession
from donations.store.spending.categories import of_payees, of_payments


@dataclass(frozen=True, slots=True, kw_only=True)
class CostOf:
    """What of one payment is a cost."""

    payment: PaymentId
    booked_on: date
    currency: Currency
    minor: Minor
    """As it is now: 0 where all of it was taken back."""
    late: Minor
    """Of it, what was booked by allocations with a higher number than was asked for."""
    content: Payment | None
    """None where no statement shows the payment any more."""
    payee: Payee | None
    category: CategoryId | None
    is_own: bool
    """Whether the category was said of the payment itself, not of its payee."""


def costs(
    session: ReadSession,
    *,
    first_day: date = date.min,
    last_day: date = date.max,
    after_allocation: int = 0,
    only: PaymentId | None = None,
) -> list[CostOf]:
    """Return the payments booked on these days that are costs, or that changed as such; the oldest first."""
    minor = -entries.c.minor
    late = case((entries.c.allocation_id > after_allocation, minor), else_=0)
    key = (entries.c.payment_id, entries.c.booked_on, entries.c.currency)
    query = (
        sql_select(*key, func.sum(minor), func.sum(late))
        .where(entries.c.purpose == Purpose.COST.value, entries.c.booked_on.between(first_day, last_day))
        .group_by(*key)
        .having((func.sum(minor) != 0) | (func.sum(late) != 0))
        .order_by(entries.c.booked_on, entries.c.payment_id)
    )
    if only is not None:
        query = query.where(entries.c.payment_id == only)
    rows = [(PaymentId(row[0]), *row[1:]) for row in session.execute(query)]
    return _with_categories(session, rows)


def _with_categories(session: ReadSession, rows: Sequence[tuple[PaymentId, date, str, int, int]]) -> list[CostOf]:
    ids = [row[0] for row in rows]
    contents = {payment.id: payment for payment in load_payments(session, ids)}
    by_payee, by_payment = of_payees(session), of_payments(session, ids)
    found = []
    for payment, booked_on, currency, minor, late in rows:
        content = contents.get(payment)
        payee = None if content is None else payee_of(content)
        found.append(
            CostOf(
                payment=payment,
                booked_on=booked_on,
                currency=Currency(currency),
                minor=int(minor),
                late=int(late),
                content=content,
                payee=payee,
                category=by_payment.get(payment) or (None if payee is None else by_payee.get(payee)),
                is_own=payment in by_payment,
            )
        )
    return found
