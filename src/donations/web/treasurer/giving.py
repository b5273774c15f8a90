"""What donors gave, read for the pages: totals for the list, and every gift of one donor."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.allocation import Purpose
from donations.core.donor import CodeClaim, DonorId
from donations.core.money import Minor
from donations.core.name import name_key
from donations.store import people
from donations.store.allocations import stands
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, AppealRow, DonorRow, PaymentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DonorTotal:
    """What one donor gave in one currency; refunds are taken off the sum."""

    donor_id: int
    name: str
    currency: str
    minor: Minor
    gifts: int
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One gift of a donor, or one refund (negative)."""

    payment_id: int
    booked_on: date
    minor: Minor
    currency: str
    appeal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """One donor with everything given."""

    donor_id: int
    name: str
    accounts: tuple[str, ...]
    has_code: bool
    years: tuple[tuple[int, tuple[Given, ...], tuple[tuple[str, Minor], ...]], ...]
    """Each year, the newest first, with what was given and its sums by currency."""
    totals: tuple[tuple[str, Minor], ...]
    gifts: int


_OF_DONORS = col(AllocationRow.purpose).in_((Purpose.GIFT.value, Purpose.REFUND.value))
_SIGNED = case((col(AllocationRow.purpose) == Purpose.GIFT.value, col(AllocationRow.minor)), else_=-AllocationRow.minor)


def count_donors(session: ReadSession, *, name: str) -> int:
    """Return how many rows `donor_totals` has in all."""
    return session.scalar(sql_select(func.count()).select_from(_totals(name).subquery())) or 0


def donor_totals(session: ReadSession, *, name: str, start: int, size: int) -> list[DonorTotal]:
    """Return donors whose name has all words of `name` (accents and case do not matter), in order of the name."""
    query = _totals(name).order_by(col(DonorRow.name_key), col(DonorRow.id), col(AllocationRow.currency))
    return [
        DonorTotal(
            donor_id=row.id,
            name=row.name,
            currency=row.currency,
            minor=int(row.minor),
            gifts=int(row.gifts),
            first_day=row.first_day,
            last_day=row.last_day,
        )
        for row in session.execute(query.offset(start).limit(size))
    ]


def _totals(name: str) -> Select[*tuple[Any, ...]]:
    is_named: list[ColumnElement[bool]] = [
        col(DonorRow.name_key).contains(word, autoescape=True) for word in name_key(name).split()
    ]
    return (
        sql_select(
            col(DonorRow.id),
            col(DonorRow.name),
            col(AllocationRow.currency),
            func.sum(_SIGNED).label("minor"),
            func.sum(case((col(AllocationRow.purpose) == Purpose.GIFT.value, 1), else_=0)).label("gifts"),
            func.min(PaymentRow.booked_on).label("first_day"),
            func.max(PaymentRow.booked_on).label("last_day"),
        )
        .join(AllocationRow, col(AllocationRow.donor_id) == col(DonorRow.id))
        .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .where(_OF_DONORS, stands(), *is_named)
        .group_by(col(DonorRow.id), col(DonorRow.name), col(DonorRow.name_key), col(AllocationRow.currency))
    )


def giving_of(session: ReadSession, donor: DonorId) -> Giving | None:
    """Return one donor with every gift and refund that stands, the newest first."""
    row = session.get(DonorRow, donor)
    if row is None:
        return None
    claims = people.claims_of(session, donor)
    given = _given(session, donor)
    years = tuple(
        (year, each, _sums(each))
        for year, group in groupby(given, key=lambda one: one.booked_on.year)
        for each in [tuple(group)]
    )
    return Giving(
        donor_id=row.id,
        name=row.name,
        accounts=tuple(dict.fromkeys(str(claim.iban) for claim in claims if not isinstance(claim, CodeClaim))),
        has_code=any(isinstance(claim, CodeClaim) for claim in claims),
        years=years,
        totals=_sums(given),
        gifts=sum(one.minor > 0 for one in given),
    )


def _given(session: ReadSession, donor: DonorId) -> tuple[Given, ...]:
    query = (
        sql_select(
            col(PaymentRow.id),
            col(PaymentRow.booked_on),
            _SIGNED.label("minor"),
            col(AllocationRow.currency),
            col(AppealRow.name),
        )
        .join(AllocationRow, col(AllocationRow.payment_id) == col(PaymentRow.id))
        .outerjoin(AppealRow, col(AppealRow.id) == col(AllocationRow.appeal_id))
        .where(_OF_DONORS, stands(), col(AllocationRow.donor_id) == donor)
        .order_by(col(PaymentRow.booked_on).desc(), col(AllocationRow.id).desc())
    )
    return tuple(
        Given(payment_id=row[0], booked_on=row[1], minor=row[2], currency=row[3], appeal=row[4] or "")
        for row in session.execute(query)
    )


def _sums(given: tuple[Given, ...]) -> tuple[tuple[str, Minor], ...]:
    sums: Counter[str] = Counter()
    for one in given:
        sums[one.currency] += one.minor
    return tuple(sorted(sums.items()))
