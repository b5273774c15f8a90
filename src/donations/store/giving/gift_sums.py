"""Gifts on some days, added up by the database (by month, appeal, amount) and by how many donors, and one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Subquery, case, extract, false, func, tuple_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId, Purpose
from donations.ledger.figures import AppealMonth
from donations.store.donors.surviving import donors_behind
from donations.store.given import GiftScope, entries, gifts, given
from donations.store.kept_sums import day_sum
from donations.store.session import ReadSession, in_runs
from donations.store.tables import AppealRow, DonorRow

_AT_ONCE = 1_000


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


class AppealSum(NamedTuple):
    """The gifts to one appeal in one currency."""

    appeal: AppealId
    name: str
    currency: Currency
    minor: Minor
    gifts: int
    donors: int
    """Distinct."""


DONORS = func.count(gifts.c.donor_id.distinct())
_SUMMED = (gifts.c.currency, func.sum(gifts.c.minor), func.count())
_MONTH = (gifts.c.year, gifts.c.month)


def sums(session: ReadSession, scope: GiftScope) -> list[GiftSum]:
    """Return what was given, by currency."""
    kept = day_sum(session).c
    query = sql_select(kept.currency, func.sum(kept.minor), func.sum(kept.parts)).where(*_kept(kept, scope))
    return [_sum(*row) for row in session.execute(query.group_by(kept.currency).order_by(kept.currency))]


def _kept(kept: Any, scope: GiftScope) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that sums of days are of gifts within the scope."""
    yield kept.purpose == Purpose.GIFT.value
    yield kept.day.between(scope.first_day, scope.last_day)
    if scope.appeal_id is not None:
        yield kept.appeal_id == scope.appeal_id
    if scope.account_id is not None:
        yield kept.account_id == scope.account_id


def sums_of_donors(session: ReadSession, scope: GiftScope, donors: Collection[DonorId]) -> list[GiftSum]:
    """Return what these donors gave, by currency."""
    minor: Counter[Currency] = Counter()
    number: Counter[Currency] = Counter()
    for run in in_runs(sorted(donors)):
        query = sql_select(*_SUMMED).where(*scope.of(gifts), gifts.c.donor_id.in_(run)).group_by(gifts.c.currency)
        for each in (_sum(*row) for row in session.execute(query)):
            minor[each.currency] += each.minor
            number[each.currency] += each.gifts
    return [GiftSum(currency, minor[currency], number[currency]) for currency in minor]


def month_sums(session: ReadSession, scope: GiftScope) -> list[MonthSum]:
    """Return what was given to each appeal in each month, by currency."""
    kept = day_sum(session).c
    key = (extract("year", kept.day), extract("month", kept.day), kept.appeal_id, kept.currency)
    query = sql_select(*key, func.sum(kept.minor), func.sum(kept.parts)).where(*_kept(kept, scope))
    return [
        MonthSum(Month(int(year), int(on)), AppealId(appeal), _sum(*row))
        for year, on, appeal, *row in session.execute(query.group_by(*key).order_by(*key))
    ]


def givers(session: ReadSession, scope: GiftScope) -> list[Givers]:
    """Return how many donors gave, by currency."""
    query = sql_select(gifts.c.currency, DONORS).where(*scope.of(gifts)).group_by(gifts.c.currency)
    return [Givers(Currency(currency), int(donors)) for currency, donors in session.execute(query)]


def month_givers(session: ReadSession, scope: GiftScope) -> list[MonthGivers]:
    """Return how many donors gave to each appeal in each month, by currency."""
    key = (*_MONTH, gifts.c.appeal_id, gifts.c.currency)
    query = sql_select(*key, DONORS).where(*scope.of(gifts)).group_by(*key)
    return [
        MonthGivers(Month(int(year), int(on)), AppealId(appeal), Givers(Currency(currency), int(donors)))
        for year, on, appeal, currency, donors in session.execute(query)
    ]


def amount_sums(session: ReadSession, scope: GiftScope) -> list[AmountSum]:
    """Return how often each amount was given, the smallest first."""
    key = (gifts.c.currency, gifts.c.minor)
    query = sql_select(*key, func.count()).where(*scope.of(gifts)).group_by(*key).order_by(*key)
    return [
        AmountSum(Currency(currency), int(minor), int(number)) for currency, minor, number in session.execute(query)
    ]


def givers_by_band(
    session: ReadSession, scope: GiftScope, currency: Currency, edges: Sequence[Minor]
) -> dict[Minor, int]:
    """Return how many donors gave amounts from each of the ascending edges up to the next."""
    band = case(*((gifts.c.minor >= edge, edge) for edge in reversed(edges)), else_=edges[0])
    query = sql_select(band, DONORS).where(*scope.of(gifts), gifts.c.currency == currency).group_by(band)
    return {int(edge): int(donors) for edge, donors in session.execute(query)}


def appeal_sums(session: ReadSession, scope: GiftScope) -> list[AppealSum]:
    """Return the gifts by appeal and currency, in the order in which appeals were made."""
    key = (gifts.c.appeal_id, col(AppealRow.name), gifts.c.currency)
    query = (
        sql_select(*key, *_SUMMED[1:], DONORS)
        .join(AppealRow, col(AppealRow.id) == gifts.c.appeal_id)
        .where(*scope.of(gifts))
        .group_by(*key)
        .order_by(*key)
    )
    return [
        AppealSum(AppealId(appeal), name, Currency(currency), int(minor), int(number), int(donors))
        for appeal, name, currency, minor, number, donors in session.execute(query)
    ]


def kept_by_appeal(session: ReadSession, *, last_day: date) -> dict[tuple[int, Currency], Minor]:
    """Return what was given to each appeal until a day, less refunds of it, by appeal and currency."""
    key = (given.c.appeal_id, given.c.currency)
    query = sql_select(*key, func.sum(given.c.minor)).where(
        given.c.booked_on <= last_day, given.c.appeal_id.is_not(None)
    )
    return {(appeal, Currency(code)): int(minor) for appeal, code, minor in session.execute(query.group_by(*key))}


def appeal_months(session: ReadSession, scope: GiftScope) -> Iterator[tuple[Month, AppealMonth]]:
    """Return the gifts by month, appeal and currency."""
    key = (gifts.c.appeal_id, col(AppealRow.name), gifts.c.currency)
    query = (
        sql_select(*_MONTH, *key, *_SUMMED[1:], DONORS)
        .join(AppealRow, col(AppealRow.id) == gifts.c.appeal_id)
        .where(*scope.of(gifts))
        .group_by(*_MONTH, *key)
        .order_by(*key)
    )
    for year, number, appeal_id, name, currency, minor, count, donors in session.execute(query):
        yield (
            Month(int(year), int(number)),
            AppealMonth(
                appeal=AppealId(appeal_id),
                name=name,
                currency=Currency(currency),
                given=int(minor),
                gifts=int(count),
                donors=int(donors),
            ),
        )


def donors_by_month(session: ReadSession, scope: GiftScope) -> dict[Month, int]:
    """Return how many donors gave in each month."""
    query = sql_select(*_MONTH, DONORS).where(*scope.of(gifts)).group_by(*_MONTH)
    return {Month(int(year), int(number)): int(donors) for year, number, donors in session.execute(query)}


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftFilter:
    """Which gifts: those of a scope, and of these only the ones that fit all that is given."""

    scope: GiftScope
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


def lines_sum(session: ReadSession, which: GiftFilter) -> LinesSum:
    """Return what `gift_lines` has in all."""
    query = sql_select(func.coalesce(func.sum(gifts.c.minor), 0), func.count(), DONORS).where(*_fitting(which))
    return LinesSum(*map(int, session.execute(query).one()))


def gift_lines(session: ReadSession, which: GiftFilter, *, start: int, size: int) -> list[GiftLine]:
    """Return gifts in the order of their booking dates, the newest first."""
    query = (
        sql_select(gifts.c.payment_id, gifts.c.booked_on, gifts.c.donor_id, gifts.c.minor, gifts.c.appeal_id)
        .where(*_fitting(which))
        .order_by(gifts.c.booked_on.desc(), gifts.c.allocation_id.desc())
    )
    return [GiftLine(*row) for row in session.execute(query.offset(start).limit(size))]


def _fitting(which: GiftFilter) -> Iterator[ColumnElement[bool]]:
    yield from which.scope.of(gifts)
    yield gifts.c.currency == which.currency
    yield gifts.c.minor >= which.least
    if which.below is not None:
        yield gifts.c.minor < which.below
    if which.donor is not None:
        yield gifts.c.booked_for.in_(donors_behind(which.donor))


class GiftRow(NamedTuple):
    """One gift, with the names of donor and appeal."""

    booked_on: date
    donor_id: int
    donor: str
    appeal: str
    minor: Minor
    currency: Currency
    payment_id: int
    allocation_id: int


def gift_rows(
    session: ReadSession, *, first_day: date, last_day: date, after: int = 0, limit: int | None = None
) -> Iterator[GiftRow]:
    """Return the gifts with these booking dates, in the order of their days; not all are held at once.

    With `after`, the number of a gift's allocation, those that come after it: it may have been reversed meanwhile.
    """
    standing = aliased(DonorRow)
    query = (
        sql_select(
            *(gifts.c.booked_on, col(standing.id), col(standing.name), col(AppealRow.name)),
            *(gifts.c.minor, gifts.c.currency, gifts.c.payment_id, gifts.c.allocation_id),
        )
        .join(standing, col(standing.id) == gifts.c.donor_id)
        .join(AppealRow, col(AppealRow.id) == gifts.c.appeal_id)
        .where(gifts.c.booked_on.between(first_day, last_day))
        .order_by(*_place(gifts))
    )
    if after:
        last = session.execute(sql_select(*_place(entries)).where(entries.c.allocation_id == after)).first()
        query = query.where(false() if last is None else tuple_(*_place(gifts)) > tuple_(*last))
    found = session.execute(query.execution_options(yield_per=_AT_ONCE) if limit is None else query.limit(limit))
    return (GiftRow(*row) for row in found)


def _place(what: Subquery) -> tuple[ColumnElement[Any], ...]:
    return what.c.booked_on, what.c.payment_id, what.c.allocation_id


def _sum(currency: str, minor: int, number: int) -> GiftSum:
    return GiftSum(Currency(currency), int(minor), int(number))
