"""Gifts and refunds of donors part by part, as papers that look at each of them need them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, or_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from donations.core.allocation import AllocationId, Purpose
from donations.core.donor import ANONYMOUS, DonorId
from donations.core.money import Currency, Minor
from donations.ledger.returned import Part
from donations.store.donors.standing_donor import standing_id
from donations.store.ids import in_runs
from donations.store.payments.allocations import stands
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, DonorRow, PaymentRow

_IS_GIFT = col(AllocationRow.purpose) == Purpose.GIFT.value
_IS_REFUND = col(AllocationRow.purpose) == Purpose.REFUND.value


def parts_of(session: ReadSession, donors: Collection[DonorId], *, year: int | None = None) -> list[Part]:
    """Return the gifts and refunds of these standing donors booked in a year, or ever."""
    minor = case((_IS_GIFT, col(AllocationRow.minor)), else_=-col(AllocationRow.minor))
    booked = [] if year is None else [col(PaymentRow.booked_on).between(date(year, 1, 1), date(year, 12, 31))]
    query = _from_books(
        sql_select(
            *(col(AllocationRow.id), standing_id(), col(PaymentRow.booked_on)),
            *(minor, col(AllocationRow.currency), col(AllocationRow.appeal_id)),
            *(col(AllocationRow.payment_id), col(AllocationRow.returns_payment_id)),
        )
    ).where(_IS_GIFT | _IS_REFUND, *booked)
    return [
        Part(*row)  # the columns are the fields of a part
        for run in in_runs(sorted(donors))
        for row in session.execute(query.where(_of(run)))
    ]


def booked_for(session: ReadSession, parts: Collection[Part]) -> dict[AllocationId, DonorId]:
    """Return for which donor each part is booked, whoever stands for that one now."""
    found: dict[AllocationId, DonorId] = {}
    for run in in_runs(sorted({part.id for part in parts})):
        query = sql_select(col(AllocationRow.id), col(AllocationRow.donor_id)).where(col(AllocationRow.id).in_(run))
        found |= {AllocationId(number): DonorId(donor) for number, donor in session.execute(query)}
    return found


class CameBack(NamedTuple):
    """A refund that came back: money in that is booked as a gift again."""

    donor: DonorId
    currency: Currency
    minor: Minor
    refund_day: date
    day: date


def came_back(session: ReadSession, *, year: int) -> list[CameBack]:
    """Return the refunds that came back, booked in a year or come back in it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    refund = aliased(PaymentRow)
    query = (
        _from_books(
            sql_select(
                *(standing_id(), col(AllocationRow.currency), col(AllocationRow.minor)),
                *(col(refund.booked_on), col(PaymentRow.booked_on)),
            )
        )
        .join(refund, col(refund.id) == col(AllocationRow.returns_payment_id))
        .where(_IS_GIFT)
        .where(col(refund.booked_on).between(first, last) | col(PaymentRow.booked_on).between(first, last))
    )
    return [CameBack(*row) for row in session.execute(query)]


def refunded_donors(session: ReadSession, *, since: int) -> frozenset[DonorId]:
    """Return the standing donors who got something back in a year or later; what went back to nobody known, nobody got.

    Refunds of earlier years return no gift of that year or a later one.
    """
    query = _from_books(sql_select(standing_id())).where(
        _IS_REFUND, standing_id() != ANONYMOUS, col(PaymentRow.booked_on) >= date(since, 1, 1)
    )
    return frozenset(map(DonorId, session.scalars(query.distinct())))


def _of(donors: list[DonorId]) -> ColumnElement[bool]:
    """Asked for the standing donor of each allocation instead, databases would walk all of them."""
    behind = or_(col(DonorRow.id).in_(donors), col(DonorRow.merged_into_id).in_(donors))
    return col(AllocationRow.donor_id).in_(select(col(DonorRow.id)).where(behind))


def _from_books(query: Any) -> Any:
    return (
        query.select_from(AllocationRow)
        .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .join(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .where(stands())
    )
