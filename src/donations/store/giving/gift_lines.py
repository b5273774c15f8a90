"""The gifts that one number of a dashboard is made of, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func
from sqlmodel import col

from donations.core.donor import AppealId, DonorId
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId
from donations.store.donors.standing_donor import donors_behind, standing_id
from donations.store.giving.gift_sums import Scope, gifts_in
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, PaymentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which gifts: those of a scope, and of these only the ones that fit all that is given."""

    scope: Scope
    currency: Currency
    donor: DonorId | None = None
    least: Minor = 0
    below: Minor | None = None


class GiftLine(NamedTuple):
    """One gift."""

    payment: PaymentId
    day: date
    donor: DonorId
    """The standing donor."""
    minor: Minor
    appeal: AppealId


class LinesSum(NamedTuple):
    """What the gifts come to."""

    minor: Minor
    gifts: int
    donors: int


def lines_sum(session: ReadSession, which: Which) -> LinesSum:
    """Return what `gift_lines` has in all."""
    minor = func.coalesce(func.sum(col(AllocationRow.minor)), 0)
    query = gifts_in(which.scope).where(*_fitting(which))
    row = session.execute(query.add_columns(minor, func.count(), func.count(standing_id().distinct()))).one()
    return LinesSum(*map(int, row))


def gift_lines(session: ReadSession, which: Which, *, start: int, size: int) -> list[GiftLine]:
    """Return gifts in the order of their booking dates, the newest first."""
    query = (
        gifts_in(which.scope)
        .where(*_fitting(which))
        .add_columns(
            *(col(PaymentRow.id), col(PaymentRow.booked_on), standing_id()),
            *(col(AllocationRow.minor), col(AllocationRow.appeal_id)),
        )
        .order_by(col(PaymentRow.booked_on).desc(), col(AllocationRow.id).desc())
    )
    return [GiftLine(*row) for row in session.execute(query.offset(start).limit(size))]


def _fitting(which: Which) -> Iterator[ColumnElement[bool]]:
    yield col(AllocationRow.currency) == which.currency
    yield col(AllocationRow.minor) >= which.least
    if which.below is not None:
        yield col(AllocationRow.minor) < which.below
    if which.donor is not None:
        yield col(AllocationRow.donor_id).in_(donors_behind(which.donor))
