"""What was given on some days, added up by the database: by month, appeal and amount, with how many donors gave it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, case, extract, func
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.allocation import Purpose
from donations.core.donor import AppealId, DonorId
from donations.core.money import Currency, Minor
from donations.core.month import Month
from donations.store.donors.standing_donor import standing_id
from donations.store.ids import in_runs
from donations.store.payments.allocations import stands
from donations.store.session import ReadSession
from donations.store.tables import AllocationRow, DonorRow, PaymentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which gifts are meant: those booked on these days; None is every appeal and every own account."""

    first_day: date
    last_day: date
    appeal_id: AppealId | None = None
    account_id: int | None = None


class GiftSum(NamedTuple):
    """A sum of gifts in one currency."""

    currency: Currency
    minor: Minor
    gifts: int


class MonthSum(NamedTuple):
    """What was given to one appeal in one month."""

    month: Month
    appeal: AppealId
    sum: GiftSum


class Givers(NamedTuple):
    """How many donors gave in one currency; who gave in several months counts once."""

    currency: Currency
    donors: int


class MonthGivers(NamedTuple):
    """How many donors gave to one appeal in one month."""

    month: Month
    appeal: AppealId
    givers: Givers


class AmountSum(NamedTuple):
    """How often one amount was given."""

    currency: Currency
    minor: Minor
    gifts: int


def gifts_in(scope: Scope) -> Select[()]:
    """Return the standing gifts of a scope, joined with payment and donor, to add columns and groups to."""
    return _booked(scope).join(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id)).where(stands())


def _booked(scope: Scope) -> Select[()]:
    """Return every allocation to a gift; a reversal is negative, so sums come out as if neither were there."""
    query = (
        sql_select()
        .select_from(PaymentRow)
        .join(AllocationRow, col(AllocationRow.payment_id) == col(PaymentRow.id))
        .where(col(PaymentRow.booked_on).between(scope.first_day, scope.last_day))
        .where(col(AllocationRow.purpose) == Purpose.GIFT.value)
    )
    if scope.appeal_id is not None:
        query = query.where(col(AllocationRow.appeal_id) == scope.appeal_id)
    if scope.account_id is not None:
        query = query.where(col(PaymentRow.account_id) == scope.account_id)
    return query


_CURRENCY = col(AllocationRow.currency)
_MONTH = (extract("year", col(PaymentRow.booked_on)), extract("month", col(PaymentRow.booked_on)))
_APPEAL = col(AllocationRow.appeal_id)
_COUNT = func.sum(case((col(AllocationRow.minor) > 0, 1), else_=-1))
_SUMMED = (_CURRENCY, func.sum(col(AllocationRow.minor)), _COUNT)


def sums(session: ReadSession, scope: Scope) -> list[GiftSum]:
    """Return what was given, by currency."""
    query = _booked(scope).add_columns(*_SUMMED).group_by(_CURRENCY).having(_COUNT > 0)
    return [_sum(*row) for row in session.execute(query)]


def sums_of_donors(session: ReadSession, scope: Scope, donors: Collection[DonorId]) -> list[GiftSum]:
    """Return what these donors gave, by currency."""
    minor: Counter[Currency] = Counter()
    gifts: Counter[Currency] = Counter()
    for run in in_runs(sorted(donors)):
        query = gifts_in(scope).add_columns(*_SUMMED).where(standing_id().in_(run)).group_by(_CURRENCY)
        for each in (_sum(*row) for row in session.execute(query)):
            minor[each.currency] += each.minor
            gifts[each.currency] += each.gifts
    return [GiftSum(currency, minor[currency], gifts[currency]) for currency in minor]


def month_sums(session: ReadSession, scope: Scope) -> list[MonthSum]:
    """Return what was given to each appeal in each month, by currency."""
    key = (*_MONTH, _APPEAL, _CURRENCY)
    query = _booked(scope).add_columns(*key[:3], *_SUMMED).group_by(*key).having(_COUNT > 0).order_by(*key)
    return [
        MonthSum(Month(int(year), int(on)), AppealId(appeal), _sum(*row))
        for year, on, appeal, *row in session.execute(query)
    ]


def givers(session: ReadSession, scope: Scope) -> list[Givers]:
    """Return how many donors gave, by currency."""
    query = gifts_in(scope).add_columns(_CURRENCY, func.count(standing_id().distinct())).group_by(_CURRENCY)
    return [Givers(Currency(currency), int(donors)) for currency, donors in session.execute(query)]


def month_givers(session: ReadSession, scope: Scope) -> list[MonthGivers]:
    """Return how many donors gave to each appeal in each month, by currency."""
    key = (*_MONTH, _APPEAL, _CURRENCY)
    query = gifts_in(scope).add_columns(*key, func.count(standing_id().distinct())).group_by(*key)
    return [
        MonthGivers(Month(int(year), int(on)), AppealId(appeal), Givers(Currency(currency), int(donors)))
        for year, on, appeal, currency, donors in session.execute(query)
    ]


def amount_sums(session: ReadSession, scope: Scope) -> list[AmountSum]:
    """Return how often each amount was given, the smallest first."""
    minor = func.abs(col(AllocationRow.minor))
    query = _booked(scope).add_columns(_CURRENCY, minor, _COUNT).group_by(_CURRENCY, minor).having(_COUNT > 0)
    return [
        AmountSum(Currency(currency), int(amount), int(gifts))
        for currency, amount, gifts in session.execute(query.order_by(_CURRENCY, minor))
    ]


def givers_by_band(session: ReadSession, scope: Scope, currency: Currency, edges: Sequence[Minor]) -> dict[Minor, int]:
    """Return how many donors gave amounts from each of the ascending edges up to the next."""
    minor = col(AllocationRow.minor)
    band = case(*((minor >= edge, edge) for edge in reversed(edges)), else_=edges[0])
    query = (
        gifts_in(scope)
        .where(col(AllocationRow.currency) == currency)
        .add_columns(band, func.count(standing_id().distinct()))
    )
    return {int(edge): int(donors) for edge, donors in session.execute(query.group_by(band))}


def _sum(currency: str, minor: int, gifts: int) -> GiftSum:
    return GiftSum(Currency(currency), int(minor), int(gifts))
