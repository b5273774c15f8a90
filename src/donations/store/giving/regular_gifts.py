"""Regular gifts: kept as a projection that is made again when gifts change, its turns, and what is due.

It is made in the same transaction, for every donor whose gifts change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, extract, func, tuple_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from donations.core.calendar import Month
from donations.core.donor import ANONYMOUS, AppealId, DonorId
from donations.core.money import Currency, Minor
from donations.core.payment import PaymentId, Purpose
from donations.ledger.rhythm import DatedGift, Every, Regular, RhythmEvent, regular_gifts
from donations.store.appending import append
from donations.store.donors.surviving import all_behind, surviving_id
from donations.store.given import GiftScope, entries, gifts
from donations.store.session import ReadSession, WriteSession, as_reader, before_commit, in_runs, table_of
from donations.store.tables import DonorRow
from donations.store.tables.donors import RegularGiftRow

NOTABLE = (RhythmEvent.BEGAN, RhythmEvent.RAISED, RhythmEvent.LOWERED, RhythmEvent.NOT_COME, RhythmEvent.RESUMED)


def renew_regular_gifts(session: WriteSession, donors: Iterable[DonorId]) -> None:
    """Let it be judged anew, before this is committed, who of these donors gives regularly."""
    before_commit(session, _renew, donors)


def _renew(session: WriteSession, donors: Iterable[DonorId]) -> None:
    """Write what is different: mostly a gift more at the end of years of them."""
    table = table_of(RegularGiftRow)
    key = tuple_(*table.primary_key.columns)
    for run in in_runs(_with_surviving(session, donors)):
        kept, wanted = _kept(as_reader(session), run), _rows(as_reader(session), run)
        for gone in in_runs([row[: len(table.primary_key)] for row in kept - wanted]):
            session.execute(delete(table).where(key.in_(gone)))
        append(session, RegularGiftRow, (dict(zip(table.c.keys(), row, strict=True)) for row in sorted(wanted - kept)))


def fill_regular_gifts(session: WriteSession) -> None:
    """Judge everybody anew: books that are older than the projection, or than how it is made."""
    _renew(session, all_givers(as_reader(session)))


def all_givers(session: ReadSession) -> list[DonorId]:
    """Return every donor whom a gift was ever booked for."""
    query = sql_select(entries.c.booked_for).where(entries.c.purpose == Purpose.GIFT.value).distinct()
    return list(map(DonorId, session.scalars(query)))


def wrongly_judged(session: ReadSession) -> Iterator[DonorId]:
    """Return the donors for whom judging anew would write something else."""
    kept = session.scalars(sql_select(col(RegularGiftRow.donor_id)).distinct())
    for run in in_runs(_with_surviving(session, {*all_givers(session), *map(DonorId, kept)})):
        different = _kept(session, run) ^ _rows(session, run)
        yield from sorted({DonorId(donor) for donor, *_ in different})


def _kept(session: ReadSession, donors: list[int]) -> set[tuple[Any, ...]]:
    """Return the rows of these donors as they are."""
    table = table_of(RegularGiftRow)
    return {tuple(row) for row in session.execute(sql_select(table).where(table.c.donor_id.in_(donors)))}


def _with_surviving(session: ReadSession | WriteSession, donors: Iterable[DonorId]) -> list[int]:
    """Return these donors and those who stand for them: a merge empties the rows of one and adds to the other's."""
    found = set(donors)
    for run in in_runs(sorted(found)):
        found |= set(session.scalars(sql_select(surviving_id()).where(col(DonorRow.id).in_(run))))
    return sorted(found - {ANONYMOUS})


def _rows(session: ReadSession, donors: list[int]) -> set[tuple[Any, ...]]:
    """Return the rows of these donors as they should be, with values in the order of the table's columns."""
    rows: set[tuple[Any, ...]] = set()
    for donor, given in gifts_of(session, donors):
        for stream, regular in enumerate(regular_gifts(given)):
            rows.update(_beats(donor, stream, regular))
    return rows


def _beats(donor: DonorId, stream: int, regular: Regular) -> Iterator[tuple[Any, ...]]:
    gift = regular.gifts[0]
    for number, beat in enumerate(regular.beats):
        gift = beat.gift or gift
        came = (None, None) if beat.gift is None else (gift.minor, gift.payment)
        yield (
            *(donor, stream, number, number == len(regular.beats) - 1, int(regular.every)),
            *(beat.due, beat.day, beat.turn.value, gift.currency, beat.expected),
            *(*came, gift.account_id, gift.appeal),
        )


def gifts_of(session: ReadSession, donors: list[int]) -> Iterator[tuple[DonorId, list[DatedGift]]]:
    """Return the gifts of each standing donor, one for each payment.

    A refund that came back lets an older gift stand again, and is no new one.
    """
    key = (gifts.c.donor_id, gifts.c.booked_on, gifts.c.payment_id, gifts.c.currency, gifts.c.account_id)
    query = (
        sql_select(*key, func.sum(gifts.c.minor), func.min(gifts.c.appeal_id))
        .where(gifts.c.booked_for.in_(all_behind(donors)), gifts.c.donor_id.in_(donors))
        .where(gifts.c.returns_payment_id.is_(None))
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
    """When the gift before this one was due."""


def regular_gift_events(session: ReadSession, scope: GiftScope) -> list[RegularGiftEvent]:
    """Return what is notable among the regular gifts of these days, in the order of their days."""
    row, before = RegularGiftRow, aliased(RegularGiftRow)
    query = (
        sql_select(
            *(col(row.donor_id), col(row.turn), col(row.every), col(row.due), col(row.day), col(row.currency)),
            *(col(row.minor), col(row.expected_minor), col(row.account_id), col(before.due)),
        )
        .outerjoin(
            before,
            and_(
                col(before.donor_id) == col(row.donor_id),
                col(before.stream) == col(row.stream),
                col(before.beat) == col(row.beat) - 1,
            ),
        )
        .where(col(row.day).between(scope.first_day, scope.last_day), col(row.turn).in_([*NOTABLE]), *_in(scope))
        .order_by(col(row.day), col(row.donor_id), col(row.stream))
    )
    return [
        RegularGiftEvent(
            DonorId(donor),
            RhythmEvent(turn),
            Every(every),
            due,
            day,
            Currency(currency),
            minor,
            usual,
            account,
            earlier,
        )
        for donor, turn, every, due, day, currency, minor, usual, account, earlier in session.execute(query)
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
    row = RegularGiftRow
    month = (extract("year", col(row.due)), extract("month", col(row.due)))
    query = (
        sql_select(
            *(*month, col(row.currency), func.sum(col(row.expected_minor)), func.coalesce(func.sum(col(row.minor)), 0)),
            *(func.count(), func.count(col(row.minor))),
        )
        .where(col(row.due).between(scope.first_day, scope.last_day), col(row.expected_minor).is_not(None), *_in(scope))
        .group_by(*month, col(row.currency))
        .order_by(*month)
    )
    return [
        DueSum(Month(int(year), int(on)), Currency(currency), int(expected), int(came), int(gifts), int(arrived))
        for year, on, currency, expected, came, gifts, arrived in session.execute(query)
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
    row = RegularGiftRow
    key = (col(row.due), col(row.every), col(row.account_id), col(row.currency))
    query = (
        sql_select(*key, func.sum(col(row.expected_minor)), func.count())
        .where(col(row.is_last), col(row.due).between(scope.first_day, scope.last_day), *_in(scope))
        .group_by(*key)
        .order_by(*key)
    )
    return [
        OpenSum(due, Every(every), account, Currency(currency), int(minor), int(gifts))
        for due, every, account, currency, minor, gifts in session.execute(query)
    ]


def _in(scope: GiftScope) -> Iterator[ColumnElement[bool]]:
    if scope.appeal_id is not None:
        yield col(RegularGiftRow.appeal_id) == scope.appeal_id
    if scope.account_id is not None:
        yield col(RegularGiftRow.account_id) == scope.account_id
