"""What donors gave year by year, and how many of those who began in one year gave in a later one."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import case, extract, func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from donations.core.allocation import Purpose
from donations.core.donor import ANONYMOUS, DonorId
from donations.core.money import Currency, Minor
from donations.store.donors.standing_donor import standing_id
from donations.store.payments.allocations import stands
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, DonorRow, PaymentRow

_Standing = aliased(DonorRow)
_IS_GIFT = col(AllocationRow.purpose) == Purpose.GIFT.value
_OF_DONORS = col(AllocationRow.purpose).in_((Purpose.GIFT.value, Purpose.REFUND.value))
_YEAR = extract("year", col(PaymentRow.booked_on))


class YearSum(NamedTuple):
    """What one standing donor gave in one year and currency; None are refunds of which nobody said whose."""

    donor_id: DonorId | None
    name: str
    year: int
    currency: Currency
    gifts: int
    given: Minor
    refunded: Minor


class Cohort(NamedTuple):
    """Of the donors who first gave in one year, how many gave in a year."""

    first_year: int
    year: int
    donors: int


def year_sums(session: ReadSession, *, first_day: date, last_day: date) -> list[YearSum]:
    """Return gifts and refunds booked on these days by donor, year and currency, in the order of names."""
    key = (col(_Standing.id), col(_Standing.name), _YEAR, col(AllocationRow.currency))
    minor = col(AllocationRow.minor)
    query = (
        sql_select(
            *key,
            func.sum(case((_IS_GIFT, 1), else_=0)),
            func.sum(case((_IS_GIFT, minor), else_=0)),
            func.sum(case((_IS_GIFT, 0), else_=minor)),
        )
        .select_from(AllocationRow)
        .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .outerjoin(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .outerjoin(_Standing, col(_Standing.id) == standing_id())
        .where(_OF_DONORS, stands(), col(PaymentRow.booked_on).between(first_day, last_day))
        .group_by(*key, col(_Standing.name_key))
        .order_by(col(_Standing.id).is_(None), col(_Standing.name_key), *key)
    )
    return [
        YearSum(
            None if donor is None else DonorId(donor),
            name or "",
            int(year),
            Currency(currency),
            int(gifts),
            int(given),
            int(refunded),
        )
        for donor, name, year, currency, gifts, given, refunded in session.execute(query)
    ]


def cohorts(session: ReadSession) -> list[Cohort]:
    """Return how many donors gave in each year, by the year of their very first gift."""
    gave = (
        sql_select(standing_id().label("donor"), _YEAR.label("year"))
        .select_from(AllocationRow)
        .join(PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .join(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .where(_IS_GIFT, stands(), standing_id() != ANONYMOUS)
        .distinct()
        .subquery()
    )
    first = sql_select(gave.c.donor, func.min(gave.c.year).label("year")).group_by(gave.c.donor).subquery()
    query = (
        sql_select(first.c.year, gave.c.year, func.count())
        .join(first, first.c.donor == gave.c.donor)
        .group_by(first.c.year, gave.c.year)
        .order_by(first.c.year, gave.c.year)
    )
    return [Cohort(int(begin), int(year), int(donors)) for begin, year, donors in session.execute(query)]
