"""Turns in regular giving: whose regular gift began, was raised or lowered, was missed or resumed, and what is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, extract, func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col

from donations.core.donor import DonorId
from donations.core.money import Currency, Minor
from donations.core.month import Month
from donations.ledger.rhythm import Every, Turn
from donations.store.giving.gift_sums import Scope
from donations.store.session import ReadSession
from donations.store.tables.giving import RegularGiftRow

NOTABLE = (Turn.BEGAN, Turn.RAISED, Turn.LOWERED, Turn.NOT_COME, Turn.RESUMED)


class TurnOf(NamedTuple):
    """A turn in the regular giving of one donor."""

    donor: DonorId
    turn: Turn
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


def turns(session: ReadSession, scope: Scope) -> list[TurnOf]:
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
        TurnOf(DonorId(donor), Turn(turn), Every(every), due, day, Currency(currency), minor, usual, account, earlier)
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


def due_sums(session: ReadSession, scope: Scope) -> list[DueSum]:
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


def open_sums(session: ReadSession, scope: Scope) -> list[OpenSum]:
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


def _in(scope: Scope) -> Iterator[ColumnElement[bool]]:
    if scope.appeal_id is not None:
        yield col(RegularGiftRow.appeal_id) == scope.appeal_id
    if scope.account_id is not None:
        yield col(RegularGiftRow.account_id) == scope.account_id
