"""What donors gave by month and appeal in euros, refunds taken off: what published blocks are made from."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from sqlalchemy import case, extract, func
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.allocation import Purpose
from donations.core.donor import AppealId, DonorId
from donations.core.money import EUR
from donations.core.month import Month
from donations.ledger.blocks import Given
from donations.store.donors.standing_donor import standing_id
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, DonorRow, PaymentRow

_PURPOSES = (Purpose.GIFT.value, Purpose.REFUND.value)


def given_by_month(
    session: ReadSession, *, first_day: date = date.min, last_day: date, after_allocation: int = 0
) -> dict[Month, Given]:
    """Return what the allocations with a higher number come to, by the month in which their payments were booked.

    A reversal is negative, so what was taken back comes to nothing; merged donors are one.
    """
    year, month = extract("year", col(PaymentRow.booked_on)), extract("month", col(PaymentRow.booked_on))
    key = (year, month, standing_id(), col(AllocationRow.appeal_id))
    signed = case(
        (col(AllocationRow.purpose) == Purpose.GIFT.value, col(AllocationRow.minor)), else_=-col(AllocationRow.minor)
    )
    query = (
        sql_select(*key, func.sum(signed))
        .select_from(PaymentRow)
        .join(AllocationRow, col(AllocationRow.payment_id) == col(PaymentRow.id))
        .outerjoin(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .where(col(PaymentRow.booked_on).between(first_day, last_day))
        .where(col(AllocationRow.id) > after_allocation)
        .where(col(AllocationRow.currency) == EUR, col(AllocationRow.purpose).in_(_PURPOSES))
        .group_by(*key)
    )
    found: defaultdict[Month, Counter[tuple[DonorId | None, AppealId | None]]] = defaultdict(Counter)
    for in_year, in_month, donor, appeal, minor in session.execute(query):
        who = None if donor is None else DonorId(donor), None if appeal is None else AppealId(appeal)
        found[Month(int(in_year), int(in_month))][who] += int(minor)
    return {at: Counter({who: minor for who, minor in each.items() if minor}) for at, each in found.items()}


def donors_until(session: ReadSession, last_day: date) -> frozenset[DonorId]:
    """Return who gave more in euros up to a day than was given back."""
    minor = func.sum(
        case(
            (col(AllocationRow.purpose) == Purpose.GIFT.value, col(AllocationRow.minor)),
            else_=-col(AllocationRow.minor),
        )
    )
    query = (
        sql_select(standing_id())
        .select_from(PaymentRow)
        .join(AllocationRow, col(AllocationRow.payment_id) == col(PaymentRow.id))
        .join(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .where(col(PaymentRow.booked_on) <= last_day)
        .where(col(AllocationRow.currency) == EUR, col(AllocationRow.purpose).in_(_PURPOSES))
        .group_by(standing_id())
        .having(minor > 0)
    )
    return frozenset(DonorId(donor) for donor in session.scalars(query))
