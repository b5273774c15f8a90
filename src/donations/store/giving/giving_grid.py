"""Who gave in which month: donors a page at a time, and donors counted by the year in which they first gave."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import extract, func
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.donor import DonorId
from donations.core.money import Currency, Minor
from donations.core.month import Month
from donations.store.donors.standing_donor import standing_id
from donations.store.giving.gift_sums import Scope, gifts_in
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, PaymentRow


class DonorSum(NamedTuple):
    """What one donor gave in all these months."""

    donor: DonorId
    minor: Minor


class DonorMonth(NamedTuple):
    """What one donor gave in one month."""

    donor: DonorId
    month: Month
    minor: Minor


class MonthTotal(NamedTuple):
    """What all gave in one month, and how many they are."""

    month: Month
    minor: Minor
    donors: int


class Cohort(NamedTuple):
    """How many of the donors who first gave in one year gave in one month."""

    year: int
    month: Month
    donors: int


_MINOR = func.sum(col(AllocationRow.minor))
_DONORS = func.count(standing_id().distinct())
_MONTH = (extract("year", col(PaymentRow.booked_on)), extract("month", col(PaymentRow.booked_on)))


def count_givers(session: ReadSession, scope: Scope, currency: Currency) -> int:
    """Return how many donors `largest_givers` has in all."""
    query = gifts_in(scope).where(col(AllocationRow.currency) == currency).add_columns(_DONORS)
    return session.scalar(query) or 0


def largest_givers(session: ReadSession, scope: Scope, currency: Currency, *, start: int, size: int) -> list[DonorSum]:
    """Return donors with what they gave in all, the largest first."""
    query = gifts_in(scope).where(col(AllocationRow.currency) == currency).add_columns(standing_id(), _MINOR)
    query = query.group_by(standing_id()).order_by(_MINOR.desc(), standing_id()).offset(start).limit(size)
    return [DonorSum(DonorId(donor), int(minor)) for donor, minor in session.execute(query)]


def donor_months(session: ReadSession, scope: Scope, currency: Currency, donors: list[DonorId]) -> list[DonorMonth]:
    """Return what these donors, of one page, gave month by month."""
    query = gifts_in(scope).where(col(AllocationRow.currency) == currency, standing_id().in_(donors))
    query = query.add_columns(standing_id(), *_MONTH, _MINOR).group_by(standing_id(), *_MONTH)
    return [
        DonorMonth(DonorId(donor), Month(int(year), int(on)), int(minor))
        for donor, year, on, minor in session.execute(query)
    ]


def month_totals(session: ReadSession, scope: Scope, currency: Currency) -> list[MonthTotal]:
    """Return what all donors gave month by month."""
    query = gifts_in(scope).where(col(AllocationRow.currency) == currency).add_columns(*_MONTH, _MINOR, _DONORS)
    query = query.group_by(*_MONTH)
    return [
        MonthTotal(Month(int(year), int(on)), int(minor), int(donors))
        for year, on, minor, donors in session.execute(query)
    ]


def cohorts(session: ReadSession, scope: Scope, ever: Scope, currency: Currency) -> list[Cohort]:
    """Return how many donors gave in each month, by the year of their first gift in `ever`, in any currency."""
    began = (
        gifts_in(ever)
        .add_columns(standing_id().label("donor"), extract("year", func.min(col(PaymentRow.booked_on))).label("year"))
        .group_by(standing_id())
        .subquery()
    )
    gave = (
        gifts_in(scope)
        .where(col(AllocationRow.currency) == currency)
        .add_columns(standing_id().label("donor"), _MONTH[0].label("on_year"), _MONTH[1].label("on_month"))
        .distinct()
        .subquery()
    )
    key = (began.c.year, gave.c.on_year, gave.c.on_month)
    query = sql_select(*key, func.count()).join_from(gave, began, began.c.donor == gave.c.donor)
    return [
        Cohort(int(year), Month(int(on_year), int(on_month)), int(donors))
        for year, on_year, on_month, donors in session.execute(query.group_by(*key))
    ]
