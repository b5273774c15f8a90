"""Regular gifts as they are read: the gifts that they are found in, their turns, and what is due."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, Table, and_, extract, func, literal, null, union_all
from sqlalchemy import select as sql_select

from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId
from donations.ledger.rhythm import DatedGift, Every, RhythmEvent
from donations.store.donors.surviving import all_behind
from donations.store.given import GiftScope, gifts
from donations.store.session import ReadSession, table_of
from donations.store.tables.derived import RegularDueRow, RegularGiftRow, RegularTurnRow

_GIFT, _TURN, _DUE = table_of(RegularGiftRow), table_of(RegularTurnRow), table_of(RegularDueRow)


def gifts_of(
    session: ReadSession, donors: Sequence[int], *, since: date | None = None
) -> Iterator[tuple[DonorId, list[DatedGift]]]:
    """Return the gifts of each standing donor, or those since a day, one for each payment.

    A refund that came back lets an older gift stand again, and is no new one.
    """
    bound = [] if since is None else [gifts.c.booked_on >= since]
    yield from _by_donor(session, gifts.c.booked_for.in_(all_behind(donors)), gifts.c.donor_id.in_(donors), *bound)


def gifts_in(session: ReadSession, payments: Collection[PaymentId]) -> Iterator[tuple[DonorId, list[DatedGift]]]:
    """Return what standing donors gave by these payments, as `gifts_of` does."""
    return _by_donor(session, gifts.c.payment_id.in_(payments))


def _by_donor(session: ReadSession, *which: ColumnElement[bool]) -> Iterator[tuple[DonorId, list[DatedGift]]]:
    key = (gifts.c.donor_id, gifts.c.booked_on, gifts.c.payment_id, gifts.c.currency, gifts.c.account_id)
    query = (
        sql_select(*key, func.sum(gifts.c.minor), func.min(gifts.c.appeal_id))
        .where(*which, gifts.c.returns_payment_id.is_(None))
        .group_by(*key)
        .order_by(*key)
    )
    for donor, rows in groupby(session.execute(query), key=itemgetter(0)):
        yield DonorId(donor), [_gift(*row) for _, *row in rows]


def _gift(day: date, payment: int, currency: str, account: int, minor: int, appeal: int) -> DatedGift:
    return DatedGift(PaymentId(payment), day, int(minor), Currency(currency), AppealId(appeal), account)


class RegularGiftEvent(NamedTuple):
    """A turn in the regular giving of one donor."""

    donor: DonorId
    turn: RhythmEvent
    every: Every
    due: date
    day: date
    """When the gift came; where none came, the last day on which it might have."""
    currency: Currency
    minor: Minor | None
    usual: Minor | None
    account_id: int
    due_before: date | None
    """When the first was due that did not come before this one; None where the gift before this one came."""


def regular_gift_events(session: ReadSession, scope: GiftScope) -> list[RegularGiftEvent]:
    """Return what is notable among the regular gifts of these days, in the order of their days."""
    turn, gift, missed = _TURN.c, _GIFT.c, _TURN.alias().c
    of_gift = and_(gift.donor_id == turn.donor_id, gift.stream == turn.stream)
    before = and_(
        missed.donor_id == turn.donor_id,
        missed.stream == turn.stream,
        missed.beat == turn.beat - 1,
        missed.turn == RhythmEvent.NOT_COME.value,
    )
    told = (
        sql_select(
            *(turn.donor_id, turn.stream, turn.turn, gift.every, turn.due, turn.day, gift.currency),
            *(turn.minor, turn.expected_minor, turn.account_id, missed.due.label("due_before")),
        )
        .select_from(_TURN.join(_GIFT, of_gift).outerjoin(missed.due.table, before))
        .where(turn.day.between(scope.first_day, scope.last_day), *_in(scope, _TURN))
    )
    # What is due next did not come so far.
    waiting = sql_select(
        *(gift.donor_id, gift.stream, literal(RhythmEvent.NOT_COME.value), gift.every, gift.due, gift.until),
        *(gift.currency, null(), gift.expected_minor, gift.account_id, null()),
    ).where(gift.until.between(scope.first_day, scope.last_day), *_in(scope, _GIFT))
    found = union_all(told, waiting).subquery().c
    query = sql_select(*found).order_by(found.day, found.donor_id, found.stream)
    return [
        RegularGiftEvent(
            DonorId(donor), RhythmEvent(turned), Every(every), due, day, Currency(currency), *said
        )  # the last columns are the last fields
        for donor, _, turned, every, due, day, currency, *said in session.execute(query)
    ]


class DueSum(NamedTuple):
    """Regular gifts that were due in one month: what was expected of them, and what came."""

    month: Month
    currency: Currency
    expected: Minor
    came: Minor
    gifts_expected: int
    gifts_came: int


def due_sums(session: ReadSession, scope: GiftScope) -> list[DueSum]:
    """Return what was expected of each month's regular gifts, and what came of it; of missed ones only the first."""
    due, gift = _DUE.c, _GIFT.c
    told = sql_select(
        *(due.due, due.currency, due.expected_minor, due.minor, due.gifts_expected, due.gifts_came)
    ).where(due.due.between(scope.first_day, scope.last_day), *_in(scope, _DUE))
    waiting = sql_select(*(gift.due, gift.currency, gift.expected_minor, literal(0), literal(1), literal(0))).where(
        gift.due.between(scope.first_day, scope.last_day), *_in(scope, _GIFT)
    )
    found = union_all(told, waiting).subquery().c
    month = (extract("year", found.due), extract("month", found.due))
    sums = (found.expected_minor, found.minor, found.gifts_expected, found.gifts_came)
    query = sql_select(*month, found.currency, *map(func.sum, sums)).group_by(*month, found.currency).order_by(*month)
    return [
        DueSum(Month(int(year), int(on)), Currency(currency), int(expected), int(came), int(many), int(arrived))
        for year, on, currency, expected, came, many, arrived in session.execute(query)
    ]


class OpenSum(NamedTuple):
    """Regular gifts that are due next on one day."""

    due: date
    every: Every
    account_id: int
    currency: Currency
    minor: Minor
    gifts: int


def open_sums(session: ReadSession, scope: GiftScope) -> list[OpenSum]:
    """Return the gifts that are due next, or were and did not come, by day."""
    gift = _GIFT.c
    key = (gift.due, gift.every, gift.account_id, gift.currency)
    query = (
        sql_select(*key, func.sum(gift.expected_minor), func.count())
        .where(gift.due.between(scope.first_day, scope.last_day), *_in(scope, _GIFT))
        .group_by(*key)
        .order_by(*key)
    )
    return [
        OpenSum(due, Every(every), account, Currency(currency), int(minor), int(many))
        for due, every, account, currency, minor, many in session.execute(query)
    ]


def _in(scope: GiftScope, kept: Table) -> Iterator[ColumnElement[bool]]:
    if scope.appeal_id is not None:
        yield kept.c.appeal_id == scope.appeal_id
    if scope.account_id is not None:
        yield kept.c.account_id == scope.account_id
