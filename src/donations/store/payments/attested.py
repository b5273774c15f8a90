"""Conditions on payments: whether a line attests one, and how much of one has no purpose yet."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col, exists

from donations.store.tables import AllocationRow, AttestationRow, PaymentRow


def is_attested(payment: Any = PaymentRow.id) -> ColumnElement[bool]:
    """Return the condition that some active line attests the payment of this number."""
    return exists().where(col(AttestationRow.payment_id) == payment)


def allocated() -> ColumnElement[Any]:
    """Return the minor units of a payment that have a purpose, unsigned; reversals take off what they reverse.

    All of it is in the index of payments and amounts, without looking at what reverses what.
    """
    total = select(func.coalesce(func.sum(col(AllocationRow.minor)), 0))
    return total.where(col(AllocationRow.payment_id) == col(PaymentRow.id)).scalar_subquery()


def unallocated() -> ColumnElement[Any]:
    """Return the minor units of a payment that have no purpose yet, unsigned."""
    return func.abs(col(PaymentRow.minor)) - allocated()


def is_open() -> ColumnElement[bool]:
    """Return the condition that some of a payment has no purpose yet."""
    return func.abs(col(PaymentRow.minor)) != allocated()
