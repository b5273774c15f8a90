"""Payments in a list, the newest first, a page by its place: no page costs more because others stand before it.

Days on which nothing moved that is wanted are passed over by the sums that are kept of days.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, or_, tuple_
from sqlalchemy import select as sql_select
from sqlmodel import col, exists

from donations.core.donor import DonorId
from donations.core.money import Currency, Minor
from donations.core.payment import Allocation, Payment, PaymentId, Purpose
from donations.ledger.booking import live, unallocated
from donations.store.donors import people
from donations.store.given import parts
from donations.store.kept_sums import day_sum, is_open
from donations.store.payments.allocations import allocations_of
from donations.store.payments.payments import is_attested
from donations.store.payments.shown import shown_payments, unnamed_payers
from donations.store.payments.written import having, payments_with
from donations.store.session import ReadSession, in_runs
from donations.store.tables import PaymentRow

_FEW_WORDINGS = 1_000
"""Payments of so many are looked up; where more say what is sought, it is met soon on the way through the days."""
_AHEAD = 4
"""How many times what lacks is looked at next, and more each time."""
_MANY = 5_000
_DAYS_MAX = 1_000
_PLACE = (col(PaymentRow.booked_on), col(PaymentRow.id))


class ListedKind(StrEnum):
    """Which payments are listed: all, one purpose, or those with money that has none."""

    ALL = "all"
    GIFT = Purpose.GIFT
    REFUND = Purpose.REFUND
    TRANSFER = Purpose.TRANSFER
    INCOME = Purpose.INCOME
    COST = Purpose.COST
    UNALLOCATED = "unallocated"

    @property
    def kept_as(self) -> str | None:
        """What sums of days call it; None is all of them."""
        if self is ListedKind.ALL:
            return None
        return "" if self is ListedKind.UNALLOCATED else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which payments a list is about; every condition narrows, None is all."""

    first_day: date | None = None
    last_day: date | None = None
    account_id: int | None = None
    currency: str | None = None
    shown: ListedKind = ListedKind.ALL
    is_in: bool | None = None
    appeal_id: int | None = None
    least: Minor | None = None
    """Unsigned, as `most`."""
    most: Minor | None = None
    wordings: frozenset[int] | None = None
    """A line says one of these."""
    only: frozenset[PaymentId] | None = None

    @property
    def is_summed(self) -> bool:
        """Whether the sums of days know what it comes to."""
        return (self.least, self.most, self.wordings, self.only) == (None, None, None, None)


class Place(NamedTuple):
    """Where a payment stands in the list."""

    day: date
    payment: PaymentId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPayment:
    """One payment with what stands of its allocations."""

    payment: Payment
    allocations: tuple[tuple[Allocation, str], ...]
    """Each with the donor's name, empty where there is none."""
    unallocated: Minor
    donor: DonorId | None
    """Whose it is, where it is one donor's alone."""

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.payment.booked_on, self.payment.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPage:
    """A part of the list, the newest first."""

    payments: Sequence[ListedPayment]
    newer: Place | None
    """The first of the page, where newer ones are before it."""
    older: Place | None
    """The last of the page, where older ones follow."""


def page_of_payments(
    session: ReadSession,
    choice: Choice,
    *,
    size: int,
    behind: Place | None = None,
    before: Place | None = None,
    is_last: bool = False,
) -> PaymentPage:
    """Return the newest payments; those next `behind` a place, or `before` it; or the last page, the oldest."""
    is_back = is_last or before is not None
    since = before if is_back else behind
    found = list(islice(places(session, choice, since=since, is_back=is_back, size=size), size + 1))
    has_more, here = len(found) > size, found[:size]
    if is_back:
        here.reverse()
        if before is not None and not has_more:  # what is left before it is less than a page: then the first one whole
            return page_of_payments(session, choice, size=size)
    elif behind is not None and not here:
        return page_of_payments(session, choice, size=size, is_last=True)
    has_newer, has_older = (has_more, not is_last) if is_back else (behind is not None, has_more)
    return PaymentPage(
        payments=listed(session, [each.payment for each in here]),
        newer=here[0] if here and has_newer else None,
        older=here[-1] if here and has_older else None,
    )


def listed(session: ReadSession, ids: Sequence[PaymentId]) -> list[ListedPayment]:
    """Return payments as they may be shown, in this order."""
    payments = {payment.id: payment for payment in shown_payments(session, ids)}
    standing = {each: live(rows) for each, rows in allocations_of(session, ids).items()}
    named = [row.donor for rows in standing.values() for row in rows if row.donor is not None]
    donors = people.donors(session, named)
    return [
        ListedPayment(
            payment=payments[each],
            allocations=tuple(
                (row, donors[row.donor].name if row.donor in donors else "") for row in standing.get(each, ())
            ),
            unallocated=unallocated(payments[each], standing.get(each, ())),
            donor=_only({donors[row.donor].id for row in standing.get(each, ()) if row.donor in donors}),
        )
        for each in ids
    ]


def _only(donors: set[DonorId]) -> DonorId | None:
    return donors.pop() if len(donors) == 1 else None


class MovedSum(NamedTuple):
    """What the payments of a list come to in one currency; signed, for a refund goes out."""

    currency: Currency
    money_in: Minor
    money_out: Minor


def sums_of(session: ReadSession, choice: Choice) -> list[MovedSum]:
    """Return what all of a list comes to, of what is for the purpose alone; nothing where no sums are kept of it."""
    if not choice.is_summed:
        return []
    sums = day_sum(session).c
    query = sql_select(
        sums.currency,
        func.sum(case((sums.is_in, sums.minor), else_=0)),
        func.sum(case((sums.is_in, 0), else_=sums.minor)),
    )
    query = query.where(*_of_days(session, choice)).group_by(sums.currency).order_by(sums.currency)
    return [MovedSum(Currency(currency), int(inward), int(out)) for currency, inward, out in session.execute(query)]


def places(
    session: ReadSession, choice: Choice, *, since: Place | None = None, is_back: bool = False, size: int = _MANY
) -> Iterator[Place]:
    """Yield the places of the list behind one, or, backwards, before it; `size` is about how many are wanted."""
    wordings = choice.wordings
    if wordings is None:
        yield from _among(session, choice, since, is_back=is_back, size=size)
        return
    if len(wordings) <= _FEW_WORDINGS:
        found = payments_with(session, wordings)
        found -= unnamed_payers(session, found).keys()
        only = frozenset(found if choice.only is None else choice.only & found)
        yield from _among(session, replace(choice, only=only), since, is_back=is_back, size=size)
        return
    here = _among(session, choice, since, is_back=is_back, size=size)
    while run := list(islice(here, _MANY)):
        said = having(session, [each.payment for each in run], wordings)
        said -= unnamed_payers(session, said).keys()
        yield from (each for each in run if each.payment in said)


def _among(session: ReadSession, choice: Choice, since: Place | None, *, is_back: bool, size: int) -> Iterator[Place]:
    if choice.only is None:
        yield from _walk(session, choice, since, is_back=is_back, size=size)
        return
    query = sql_select(*_PLACE).where(*_conditions(session, choice), *_from(since, is_back=is_back))
    rows = (
        row for run in in_runs(sorted(choice.only)) for row in session.execute(query.where(col(PaymentRow.id).in_(run)))
    )
    yield from sorted((Place(*row) for row in rows), reverse=not is_back)


def _walk(session: ReadSession, choice: Choice, since: Place | None, *, is_back: bool, size: int) -> Iterator[Place]:
    """Walk from day to day, always over so many at once as should have what is wanted, and more where they had not."""
    query = sql_select(*_PLACE).where(*_conditions(session, choice), *_from(since, is_back=is_back))
    query = query.order_by(*(each if is_back else each.desc() for each in _PLACE))
    days = iter(_days(session, choice, since, is_back=is_back))
    while run := list(_days_of(days, size)):
        yield from (Place(*row) for row in session.execute(query.where(col(PaymentRow.booked_on).in_(run))))
        size = min(size * _AHEAD, _MANY)


def _days_of(days: Iterator[tuple[date, int]], size: int) -> Iterator[date]:
    """Take days until they have so many parts of payments, and not more than a statement can name."""
    for day, number in islice(days, _DAYS_MAX):
        yield day
        size -= number
        if size < 0:
            return


def _days(session: ReadSession, choice: Choice, since: Place | None, *, is_back: bool) -> list[tuple[date, int]]:
    """Return the days on which something moved that may be wanted, with how many parts it has."""
    sums = day_sum(session).c
    query = sql_select(sums.day, func.sum(sums.parts)).where(*_of_days(session, choice)).group_by(sums.day)
    if since is not None:
        query = query.where(sums.day >= since.day if is_back else sums.day <= since.day)
    return [(day, int(n)) for day, n in session.execute(query.order_by(sums.day if is_back else sums.day.desc()))]


def _of_days(session: ReadSession, choice: Choice) -> Iterator[ColumnElement[bool]]:
    sums = day_sum(session).c
    if choice.first_day is not None:
        yield sums.day >= choice.first_day
    if choice.last_day is not None:
        yield sums.day <= choice.last_day
    if choice.account_id is not None:
        yield sums.account_id == choice.account_id
    if choice.currency is not None:
        yield sums.currency == choice.currency
    if choice.is_in is not None:
        yield sums.is_in == choice.is_in
    if choice.shown.kept_as is not None:
        yield sums.purpose == choice.shown.kept_as
    if choice.appeal_id is not None:
        yield sums.appeal_id == choice.appeal_id


def _from(since: Place | None, *, is_back: bool) -> Iterator[ColumnElement[bool]]:
    if since is not None:
        yield tuple_(*_PLACE) > tuple_(*since) if is_back else tuple_(*_PLACE) < tuple_(*since)


def _conditions(session: ReadSession, choice: Choice) -> Iterator[ColumnElement[bool]]:
    yield is_attested()
    if choice.first_day is not None:
        yield col(PaymentRow.booked_on) >= choice.first_day
    if choice.last_day is not None:
        yield col(PaymentRow.booked_on) <= choice.last_day
    if choice.account_id is not None:
        yield col(PaymentRow.account_id) == choice.account_id
    if choice.currency is not None:
        yield col(PaymentRow.currency) == choice.currency
    if choice.is_in is not None:
        yield col(PaymentRow.minor) > 0 if choice.is_in else col(PaymentRow.minor) < 0
    if choice.least is not None:
        yield or_(col(PaymentRow.minor) >= choice.least, col(PaymentRow.minor) <= -choice.least)
    if choice.most is not None:
        yield col(PaymentRow.minor).between(-choice.most, choice.most)
    of_part = []
    if choice.appeal_id is not None:
        of_part.append(parts.c.appeal_id == choice.appeal_id)
    if choice.shown is ListedKind.UNALLOCATED:
        yield is_open(session)
    elif choice.shown is not ListedKind.ALL:
        of_part.append(parts.c.purpose == choice.shown.value)
    if of_part:
        yield exists().where(parts.c.payment_id == col(PaymentRow.id), *of_part)
