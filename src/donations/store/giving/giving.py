"""Keeps the projection of regular gifts: made again, in the same transaction, for every donor whose gifts change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import delete, func, or_, tuple_
from sqlalchemy import select as sql_select
from sqlmodel import col

from donations.core.allocation import Purpose
from donations.core.donor import ANONYMOUS, AppealId, DonorId
from donations.core.money import Currency
from donations.core.payment import PaymentId
from donations.ledger.rhythm import Gift, Regular, regular_gifts
from donations.store.donors.standing_donor import standing_id
from donations.store.ids import append, in_runs, table_of
from donations.store.session import ReadSession, WriteSession, as_reader, before_commit
from donations.store.tables import AllocationRow, DonorRow, PaymentRow
from donations.store.tables.giving import RegularGiftRow


def renew_regular_gifts(session: WriteSession, donors: Iterable[DonorId]) -> None:
    """Let it be judged anew, before this is committed, who of these donors gives regularly."""
    before_commit(session, _renew, donors)


def _renew(session: WriteSession, donors: Iterable[DonorId]) -> None:
    """Write what is different: mostly a gift more at the end of years of them."""
    table = table_of(RegularGiftRow)
    key = tuple_(*table.primary_key.columns)
    for run in in_runs(_with_standing(session, donors)):
        kept, wanted = _kept(as_reader(session), run), _rows(as_reader(session), run)
        for gone in in_runs([row[: len(table.primary_key)] for row in kept - wanted]):
            session.execute(delete(table).where(key.in_(gone)))
        append(session, RegularGiftRow, (dict(zip(table.c.keys(), row, strict=True)) for row in sorted(wanted - kept)))


def fill_regular_gifts(session: WriteSession) -> None:
    """Judge everybody, where nobody was judged yet: books that are older than the projection."""
    if session.scalar(sql_select(col(RegularGiftRow.donor_id)).limit(1)) is None:
        _renew(session, all_givers(as_reader(session)))


def all_givers(session: ReadSession) -> list[DonorId]:
    """Return every donor whom a gift was ever booked for."""
    query = sql_select(col(AllocationRow.donor_id)).where(col(AllocationRow.purpose) == Purpose.GIFT.value).distinct()
    return [DonorId(donor) for donor in session.scalars(query) if donor is not None]


def wrongly_judged(session: ReadSession) -> Iterator[DonorId]:
    """Return the donors for whom judging anew would write something else."""
    kept = session.scalars(sql_select(col(RegularGiftRow.donor_id)).distinct())
    for run in in_runs(_with_standing(session, {*all_givers(session), *map(DonorId, kept)})):
        different = _kept(session, run) ^ _rows(session, run)
        yield from sorted({DonorId(donor) for donor, *_ in different})


def _kept(session: ReadSession, donors: list[int]) -> set[tuple[Any, ...]]:
    """Return the rows of these donors as they are."""
    table = table_of(RegularGiftRow)
    return {tuple(row) for row in session.execute(sql_select(table).where(table.c.donor_id.in_(donors)))}


def _with_standing(session: ReadSession | WriteSession, donors: Iterable[DonorId]) -> list[int]:
    """Return these donors and those who stand for them: a merge empties the rows of one and adds to the other's."""
    found = set(donors)
    for run in in_runs(sorted(found)):
        found |= set(session.scalars(sql_select(standing_id()).where(col(DonorRow.id).in_(run))))
    return sorted(found - {ANONYMOUS})


def _rows(session: ReadSession, donors: list[int]) -> set[tuple[Any, ...]]:
    """Return the rows of these donors as they should be, with values in the order of the table's columns."""
    rows: set[tuple[Any, ...]] = set()
    for donor, gifts in gifts_of(session, donors):
        for stream, regular in enumerate(regular_gifts(gifts)):
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


def gifts_of(session: ReadSession, donors: list[int]) -> Iterator[tuple[DonorId, list[Gift]]]:
    """Return the gifts of each standing donor, one for each payment; what was reversed is taken off.

    A refund that came back lets an older gift stand again, and is no new one.
    """
    minor = func.sum(col(AllocationRow.minor))
    key = (
        *(standing_id(), col(PaymentRow.booked_on), col(PaymentRow.id)),
        *(col(AllocationRow.currency), col(PaymentRow.account_id)),
    )
    query = (
        sql_select(*key, minor, func.min(col(AllocationRow.appeal_id)))
        .join_from(AllocationRow, PaymentRow, col(PaymentRow.id) == col(AllocationRow.payment_id))
        .join(DonorRow, col(DonorRow.id) == col(AllocationRow.donor_id))
        .where(
            col(AllocationRow.purpose) == Purpose.GIFT.value,
            col(AllocationRow.returns_payment_id).is_(None),
            or_(col(DonorRow.id).in_(donors), col(DonorRow.merged_into_id).in_(donors)),
            standing_id().in_(donors),
        )
        .group_by(*key)
        .having(minor > 0)
        .order_by(*key)
    )
    for donor, rows in groupby(session.execute(query), key=itemgetter(0)):
        yield DonorId(donor), [_gift(*row) for _, *row in rows]


def _gift(day: date, payment: int, currency: str, account: int, minor: int, appeal: int) -> Gift:
    return Gift(
        payment=PaymentId(payment),
        day=day,
        minor=int(minor),
        currency=Currency(currency),
        appeal=AppealId(appeal),
        account_id=account,
    )
