"""Donors with what they gave: in a period, by month and by year, by the year of their first gift, and who is new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, extract, func, or_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from donations.core.calendar import Month
from donations.core.donor import ANONYMOUS, DonorId
from donations.core.money import Currency, Minor
from donations.core.name_order import NameOrder, name_order
from donations.store.given import GiftScope, gifts, given, is_gift
from donations.store.giving.gift_sums import DONORS
from donations.store.line_texts import line_texts
from donations.store.session import ReadSession
from donations.store.tables import AttestationRow, DonorRow
from donations.store.tables.sealed import as_mark

_DAY = timedelta(days=1)
_YEAR = 12
"""Months."""
_Standing = aliased(DonorRow)
_GIFTS = func.sum(case((is_gift, 1), else_=0))
_GIVEN = func.sum(case((is_gift, given.c.minor), else_=0))
_REFUNDED = func.sum(case((is_gift, 0), else_=-given.c.minor))


class DonorSum(NamedTuple):
    """What one donor gave in one currency; without donor the refunds of which nobody said whose gift they return."""

    donor_id: int | None
    name: str | None
    currency: Currency
    gifts: int
    given: Minor
    refunded: Minor
    first_day: date | None
    """Of the gifts."""
    last_day: date | None


def donor_sums(session: ReadSession, scope: GiftScope) -> list[DonorSum]:
    """Return what each donor gave and got back."""
    key = (col(_Standing.id), col(_Standing.name), given.c.currency)
    day = case((is_gift, given.c.booked_on))
    query = (
        sql_select(*key, _GIFTS, _GIVEN, _REFUNDED, func.min(day), func.max(day))
        .select_from(given)
        .outerjoin(_Standing, col(_Standing.id) == given.c.donor_id)
        .where(*scope.of(given))
        .group_by(*key)
    )
    return [
        DonorSum(donor, name, Currency(currency), int(number), int(minor), int(refunded), first, last)
        for donor, name, currency, number, minor, refunded, first, last in session.execute(query)
    ]


class YearSum(NamedTuple):
    """What one standing donor gave in one year and currency; None are refunds of which nobody said whose."""

    donor_id: DonorId | None
    name: str
    year: int
    currency: Currency
    gifts: int
    given: Minor
    refunded: Minor


def year_sums(session: ReadSession, scope: GiftScope) -> list[YearSum]:
    """Return gifts and refunds by donor, year and currency, in the order of names."""
    key = (col(_Standing.id), col(_Standing.name), given.c.year, given.c.currency)
    query = (
        sql_select(*key, _GIFTS, _GIVEN, _REFUNDED)
        .select_from(given)
        .outerjoin(_Standing, col(_Standing.id) == given.c.donor_id)
        .where(*scope.of(given))
        .group_by(*key)
    )
    rows = session.execute(query).all()
    return [
        YearSum(
            None if donor is None else DonorId(donor),
            name or "",
            int(year),
            Currency(currency),
            int(number),
            int(minor),
            int(refunded),
        )
        for donor, name, year, currency, number, minor, refunded in sorted(rows, key=_by_name)
    ]


def _by_name(row: Any) -> tuple[bool, NameOrder, int, int, str]:
    donor, name, year, currency, *_ = row
    return donor is None, name_order(name or ""), donor or 0, int(year), currency


class DonorTotal(NamedTuple):
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


_MINOR = func.sum(gifts.c.minor)
_MONTH = (gifts.c.year, gifts.c.month)


def count_givers(session: ReadSession, scope: GiftScope, currency: Currency) -> int:
    """Return how many donors `largest_givers` has in all."""
    return session.scalar(sql_select(DONORS).where(*scope.of(gifts), gifts.c.currency == currency)) or 0


def largest_givers(
    session: ReadSession, scope: GiftScope, currency: Currency, *, start: int, size: int
) -> list[DonorTotal]:
    """Return donors with what they gave in all, the largest first."""
    query = sql_select(gifts.c.donor_id, _MINOR).where(*scope.of(gifts), gifts.c.currency == currency)
    query = query.group_by(gifts.c.donor_id).order_by(_MINOR.desc(), gifts.c.donor_id).offset(start).limit(size)
    return [DonorTotal(DonorId(donor), int(minor)) for donor, minor in session.execute(query)]


def donor_months(session: ReadSession, scope: GiftScope, currency: Currency, donors: list[DonorId]) -> list[DonorMonth]:
    """Return what these donors, of one page, gave month by month."""
    key = (gifts.c.donor_id, *_MONTH)
    query = sql_select(*key, _MINOR).where(*scope.of(gifts), gifts.c.currency == currency, gifts.c.donor_id.in_(donors))
    return [
        DonorMonth(DonorId(donor), Month(int(year), int(on)), int(minor))
        for donor, year, on, minor in session.execute(query.group_by(*key))
    ]


def month_totals(session: ReadSession, scope: GiftScope, currency: Currency) -> list[MonthTotal]:
    """Return what all donors gave month by month."""
    query = sql_select(*_MONTH, _MINOR, DONORS).where(*scope.of(gifts), gifts.c.currency == currency)
    return [
        MonthTotal(Month(int(year), int(on)), int(minor), int(donors))
        for year, on, minor, donors in session.execute(query.group_by(*_MONTH))
    ]


class CohortMonth(NamedTuple):
    """How many of the donors who first gave in one year gave in one month."""

    year: int
    month: Month
    donors: int


def cohort_months(session: ReadSession, scope: GiftScope, ever: GiftScope, currency: Currency) -> list[CohortMonth]:
    """Return how many donors gave in each month, by the year of their first gift in `ever`, in any currency."""
    first_year = extract("year", func.min(gifts.c.booked_on)).label("year")
    began = sql_select(gifts.c.donor_id, first_year).where(*ever.of(gifts)).group_by(gifts.c.donor_id).subquery()
    here = (*scope.of(gifts), gifts.c.currency == currency)
    gave = sql_select(gifts.c.donor_id, *_MONTH).where(*here).distinct().subquery()
    key = (began.c.year, gave.c.year, gave.c.month)
    query = sql_select(*key, func.count()).join_from(gave, began, began.c.donor_id == gave.c.donor_id).group_by(*key)
    return [
        CohortMonth(int(year), Month(int(in_year), int(on)), int(donors))
        for year, in_year, on, donors in session.execute(query)
    ]


class MonthTurn(NamedTuple):
    """How many donors gave in one month, by when each had given before, and how many gave then for the last time."""

    month: Month
    new: int
    returned: int
    """Who had not given for more than twelve months."""
    stayed: int
    ended: int
    """Who gave nothing in the twelve months after."""


def month_turns(session: ReadSession, scope: GiftScope, currency: Currency) -> list[MonthTurn]:
    """Return each month of a scope in which somebody gave, in order; counted in the database, whatever the donors."""
    number = (gifts.c.year * _YEAR + gifts.c.month).label("number")
    here = (*scope.of(gifts), gifts.c.currency == currency)
    gave = sql_select(gifts.c.donor_id, number).where(*here).distinct().subquery()
    each = (gave.c.donor_id, gave.c.number)
    since = (gave.c.number - func.lag(gave.c.number).over(partition_by=each[0], order_by=each[1])).label("since")
    until = (func.lead(gave.c.number).over(partition_by=each[0], order_by=each[1]) - gave.c.number).label("until")
    turn = sql_select(gave.c.number, since, until).subquery()

    def count(which: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((which, 1), else_=0))

    query = sql_select(
        turn.c.number,
        count(turn.c.since.is_(None)),
        count(turn.c.since > _YEAR),
        count(turn.c.since <= _YEAR),
        count(func.coalesce(turn.c.until, _YEAR + 1) > _YEAR),
    )
    return [
        MonthTurn(Month((int(at) - 1) // _YEAR, (int(at) - 1) % _YEAR + 1), *map(int, counts))
        for at, *counts in session.execute(query.group_by(turn.c.number).order_by(turn.c.number))
    ]


class CohortYear(NamedTuple):
    """Of the donors who first gave in one year, how many gave in a year."""

    first_year: int
    year: int
    donors: int


def cohort_years(session: ReadSession) -> list[CohortYear]:
    """Return how many donors gave in each year, by the year of their very first gift."""
    key = (gifts.c.donor_id, gifts.c.year)
    gave = sql_select(*key).where(gifts.c.donor_id != ANONYMOUS).distinct().subquery()
    first = sql_select(gave.c.donor_id, func.min(gave.c.year).label("year")).group_by(gave.c.donor_id).subquery()
    by = (first.c.year, gave.c.year)
    query = sql_select(*by, func.count()).join_from(gave, first, first.c.donor_id == gave.c.donor_id)
    return [
        CohortYear(int(begin), int(year), int(donors))
        for begin, year, donors in session.execute(query.group_by(*by).order_by(*by))
    ]


class GivingYears(NamedTuple):
    """What one donor gave in one currency on the days of a scope."""

    donor: DonorId
    currency: Currency
    minor: Minor
    day: date
    """Of the first of these gifts."""
    before: date | None = None
    """Of the last gift before these days, in any currency; None where there is none, or where nobody asked."""


def arrivals(session: ReadSession, scope: GiftScope, *, last_day_before: date) -> list[GivingYears]:
    """Return the donors who gave on these days, but never before or not after `last_day_before`.

    Appeal and account narrow what they gave now; whether somebody is new depends on all gifts.
    """
    gave = _gave(scope).subquery()
    before = _gave_before(scope.first_day, gave.c.donor_id, func.max(_earlier.c.booked_on)).scalar_subquery()
    # Most gave lately: one walk over those days finds them, and their years of gifts before are never looked at.
    lately = GiftScope(first_day=last_day_before + _DAY, last_day=scope.first_day - _DAY)
    gave_lately = sql_select(gifts.c.donor_id).where(*lately.of(gifts))
    query = sql_select(gave, before).where(gave.c.donor_id.not_in(gave_lately))
    return _rows(session, query.order_by(gave.c.day, gave.c.donor_id))


def large_gifts(session: ReadSession, scope: GiftScope, thresholds: Mapping[Currency, Minor]) -> list[GivingYears]:
    """Return the donors with a gift of at least the threshold of its currency, who gave none as large before."""
    found: list[GivingYears] = []
    for currency, least in sorted(thresholds.items()):
        gave = _gave(scope).where(gifts.c.currency == currency, gifts.c.minor >= least).subquery()
        as_large = _gave_before(scope.first_day, gave.c.donor_id, _earlier.c.allocation_id).where(
            _earlier.c.currency == currency, _earlier.c.minor >= least
        )
        query = sql_select(gave).where(~as_large.exists()).order_by(gave.c.minor.desc(), gave.c.donor_id)
        found += _rows(session, query)
    return found


def from_other_accounts(session: ReadSession, scope: GiftScope) -> list[GivingYears]:
    """Return the donors with a gift from an account that they never gave from, who gave from another one before."""
    account = _payer(gifts.c.payment_id).label("account")
    gave = _gave(scope).add_columns(account).group_by(account).subquery()
    earlier = _gave_before(scope.first_day, gave.c.donor_id, _earlier.c.allocation_id)
    earlier_account = _payer(_earlier.c.payment_id)
    query = (
        sql_select(gave.c.donor_id, gave.c.currency, gave.c.minor, gave.c.day)
        .where(gave.c.account != "")
        # Most gave from the same account before: that is found at once, so it is asked first.
        .where(~earlier.where(earlier_account == gave.c.account).exists())
        .where(earlier.where(earlier_account != "", earlier_account != gave.c.account).exists())
    )
    return _rows(session, query.order_by(gave.c.day, gave.c.donor_id))


def _gave(scope: GiftScope) -> Select[Any]:
    key = (gifts.c.donor_id, gifts.c.currency)
    query = sql_select(*key, _MINOR.label("minor"), func.min(gifts.c.booked_on).label("day"))
    return query.where(*scope.of(gifts), gifts.c.donor_id != ANONYMOUS).group_by(*key)


def _rows(session: ReadSession, query: Select[Any]) -> list[GivingYears]:
    return [
        GivingYears(DonorId(donor), Currency(currency), int(minor), day, *before)
        for donor, currency, minor, day, *before in session.execute(query)
    ]


_earlier, _Behind = gifts.alias("earlier"), aliased(DonorRow)


def _gave_before(day: date, donor: ColumnElement[int], what: Any) -> Select[Any]:
    """Return something of the gifts that a standing donor gave before a day."""
    return (
        sql_select(what)
        .select_from(_Behind)
        .join(_earlier, _earlier.c.booked_for == col(_Behind.id))
        .where(or_(col(_Behind.id) == donor, col(_Behind.merged_into_id) == donor), _earlier.c.booked_on < day)
    )


def _payer(payment: Any) -> ScalarSelect[str]:
    """Return the mark of the account that a payment came from, by the attesting lines; empty where none has it."""
    mark: ColumnElement[str] = func.coalesce(func.max(as_mark(line_texts.c.account)), "")
    query = sql_select(mark).join(AttestationRow, col(AttestationRow.line_id) == line_texts.c.line_id)
    return query.where(col(AttestationRow.payment_id) == payment).scalar_subquery()
