"""What was given to each appeal in each month, and by how many, added up by the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, extract, func
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.allocation import Purpose
from donations.core.donor import AppealId
from donations.core.money import Currency
from donations.core.month import Month
from donations.ledger.figures import AppealMonth
from donations.store.donors.standing_donor import standing_id
from donations.store.payments.allocations import stands
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, AppealRow, DonorRow, PaymentRow


def appeal_months(session: ReadSession, *, first_day: date, last_day: date) -> Iterator[tuple[Month, AppealMonth]]:
    """Return the standing gifts booked on these days, by month, appeal and currency."""
    appeal = (col(AllocationRow.appeal_id), col(AppealRow.name), col(AllocationRow.currency))
    query = (
        _gifts(first_day, last_day)
        .add_columns(*appeal, func.sum(col(AllocationRow.minor)), func.count(), func.count(standing_id().distinct()))
        .join(AppealRow, col(AppealRow.id) == col(AllocationRow.appeal_id))
        .group_by(*appeal)
        .order_by(*appeal)
    )
    for year, number, appeal_id, name, currency, given, gifts, donors in session.execute(query):
        yield (
            Month(int(year), int(number)),
            AppealMonth(
                appeal=AppealId(appeal_id),
                name=name,
                currency=Currency(currency),
                given=int(given),
                gifts=int(gifts),
                donors=int(donors),
            ),
        )


def donors_by_month(session: ReadSession, *, first_day: date, last_day: date) -> dict[Month, int]:
    """Return how many donors gave in each month of these days."""
    query = _gifts(first_day, last_day).add_columns(func.count(standing_id().distinct()))
    return {Month(int(year), int(number)): int(donors) for year, number, donors in session.execute(query)}


def _gifts(first_day: date, last_day: date) -> Select[Any]:
    booked = col(PaymentRow.booked_on)
    month: tuple[ColumnElement[Any], ...] = (extract("year", booked), extract("month", booked))
    return (
        sql_select(*month)
        .select_from(PaymentRow)
        .join(AllocationRow, col(AllocationRow.payment_id) == col(PaymentRow.id))
        .join(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .where(booked.between(first_day, last_day))
        .where(col(AllocationRow.purpose) == Purpose.GIFT.value, stands())
        .group_by(*month)
    )
