"""Payments with what each part of them was for, as bookings are made from."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, exists

from donations.core.allocation import Purpose
from donations.core.money import Currency, Minor
from donations.store.donors.standing_donor import standing_id
from donations.store.payments.allocations import stands
from donations.store.session import ReadSession
from donations.store.tables import (
    AccountRow,
    AllocationRow,
    AppealRow,
    AttestationRow,
    DonorRow,
    PaymentRow,
)

_Standing = aliased(DonorRow)


class JournalPart(NamedTuple):
    """A payment, and one standing allocation of it; one that has none has one row without purpose."""

    payment_id: int
    booked_on: date
    account: str
    currency: Currency
    payment_minor: Minor
    """The whole payment, signed."""
    purpose: Purpose | None
    minor: Minor
    """Of the allocation, unsigned."""
    appeal: str
    donor: str


def journal_parts(session: ReadSession, *, first_day: date, last_day: date) -> list[JournalPart]:
    """Return the attested payments of these days part by part, in the order of days and payments."""
    query = (
        sql_select(
            *(col(PaymentRow.id), col(PaymentRow.booked_on), col(AccountRow.number), col(PaymentRow.currency)),
            *(col(PaymentRow.minor), col(AllocationRow.purpose), func.coalesce(col(AllocationRow.minor), 0)),
            *(func.coalesce(col(AppealRow.name), ""), func.coalesce(col(_Standing.name), "")),
        )
        .select_from(PaymentRow)
        .join(AccountRow, col(AccountRow.id) == col(PaymentRow.account_id))
        .outerjoin(AllocationRow, (col(AllocationRow.payment_id) == col(PaymentRow.id)) & stands())
        .outerjoin(AppealRow, col(AppealRow.id) == col(AllocationRow.appeal_id))
        .outerjoin(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .outerjoin(_Standing, col(_Standing.id) == standing_id())
        .where(
            col(PaymentRow.booked_on).between(first_day, last_day),
            exists().where(col(AttestationRow.payment_id) == col(PaymentRow.id)),
        )
        .order_by(col(PaymentRow.booked_on), col(PaymentRow.id), col(AllocationRow.id))
    )
    return [
        JournalPart(
            payment_id=payment,
            booked_on=day,
            account=account,
            currency=Currency(currency),
            payment_minor=int(whole),
            purpose=None if purpose is None else Purpose(purpose),
            minor=int(minor),
            appeal=appeal,
            donor=donor,
        )
        for payment, day, account, currency, whole, purpose, minor, appeal, donor in session.execute(query)
    ]
