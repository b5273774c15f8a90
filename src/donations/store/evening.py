"""How far the books are, in a few queries that cost little in large books, and what was done since a time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, false, func
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from donations.core.calendar import Month, Period
from donations.core.money import EUR, Currency, Minor
from donations.core.payment import Purpose
from donations.ledger.thread import KnownDays
from donations.store.given import gifts, in_force
from donations.store.kept_sums import open_payment
from donations.store.payments.questions import is_put_aside
from donations.store.session import ReadSession, in_runs
from donations.store.statements.brought import count_brought
from donations.store.statements.coverage import covered_days, first_named
from donations.store.statements.files import Ledger
from donations.store.tables import (
    AccountRow,
    ActiveFileRow,
    AllocationRow,
    DaysWithoutMovementRow,
    ImportedFileRow,
    PaymentRow,
)
from donations.store.tables.publishing import ClosingRow, PublicSnapshotRow, PublishedBlockRow, ReopeningRow
from donations.store.tables.rules import AnswerPartRow, AnswerRow


def known_days(session: ReadSession, month: Month) -> list[KnownDays]:
    """Return of each own account that is not ended which days are known, so that a month's can be looked for."""
    known = {account: list(runs) for account, runs in covered_days(session).runs.items()}
    for row in session.exec(select(DaysWithoutMovementRow)):
        known.setdefault(row.account_id, []).append((row.first_day, row.last_day))
    found = []
    for account in session.exec(select(AccountRow).where(col(AccountRow.ended_on).is_(None))):
        runs = sorted(known.get(account.id, ()))
        begin = account.opened_on
        if begin is None and (not runs or runs[0][0] > month.first_day):
            begin = first_named(session, Ledger(account_id=account.id, currency=EUR), account.number)
        found.append(KnownDays(begin=begin or (runs[0][0] if runs else None), runs=runs))
    return found


class Waiting(NamedTuple):
    """How many payments wait for an answer."""

    all: int
    due: int
    """Of one month."""


def count_waiting(session: ReadSession, month: Month | None, *, today: date) -> Waiting:
    """Return how many payments wait for an answer today, and how many of them are of a month."""
    opened = open_payment(session)
    is_due = false() if month is None else opened.c.day.between(month.first_day, month.last_day)
    query = sql_select(func.count(), func.count(case((is_due, 1)))).join_from(
        opened, PaymentRow, opened.c.payment_id == col(PaymentRow.id)
    )
    return Waiting(*session.execute(query.where(~is_put_aside(today))).one())


class Disclosed(NamedTuple):
    """What the public was told last."""

    last_day: date | None
    """Of the published months; None before the first."""
    at: datetime | None
    """When something was published last."""


def disclosed_last(session: ReadSession) -> Disclosed:
    """Return until when months are published, and when anything was."""
    until = sql_select(func.max(PublishedBlockRow.last_day)).scalar_subquery()
    newest = sql_select(until, func.max(PublicSnapshotRow.made_at))
    return Disclosed(*session.execute(newest).one())


def count_closings(session: ReadSession, *, until: datetime) -> int:
    """Return how many closings had been made at a moment, taken back since or not."""
    query = select(func.count()).select_from(ClosingRow).where(col(ClosingRow.closed_at) <= until.astimezone(UTC))
    return session.exec(query).one()


def first_closed_after(session: ReadSession, day: date | None) -> datetime | None:
    """Return when the first month behind a day was closed, None where none is; without a day of the first of all."""
    query = select(ClosingRow.closed_at).where(_is_closed()).order_by(col(ClosingRow.first_day)).limit(1)
    return session.exec(query if day is None else query.where(col(ClosingRow.first_day) > day)).first()


class FilesRead(NamedTuple):
    """What came in since a time and still counts."""

    files: int
    payments: int
    """That no earlier file shows."""


def files_since(session: ReadSession, since: datetime) -> FilesRead:
    """Return how many files were imported since a time, and how many payments they brought."""
    query = select(col(ImportedFileRow.id)).join(ActiveFileRow, col(ActiveFileRow.file_id) == col(ImportedFileRow.id))
    files = sorted(session.exec(query.where(col(ImportedFileRow.imported_at) >= since)))
    return FilesRead(len(files), count_brought(session, files))


class GiftsBooked(NamedTuple):
    """Gifts of payments that were none before."""

    gifts: int
    totals: tuple[tuple[Currency, Minor], ...]
    new_donors: int
    """Who had no gift before."""


def gifts_since(session: ReadSession, since: datetime) -> GiftsBooked:
    """Return the gifts that were booked since a time and stand."""
    older = col(AllocationRow.made_at) < since
    last = session.scalar(select(col(AllocationRow.id)).where(older).order_by(col(AllocationRow.id).desc()).limit(1))
    before = aliased(AllocationRow)
    was_gift = exists().where(
        col(before.payment_id) == gifts.c.payment_id, col(before.id) <= (last or 0), col(before.purpose) == Purpose.GIFT
    )
    is_new = and_(gifts.c.allocation_id > (last or 0), ~was_gift)
    sums = sql_select(gifts.c.currency, func.sum(gifts.c.minor), func.count(gifts.c.payment_id.distinct()))
    rows = session.execute(sums.where(is_new).group_by(gifts.c.currency).order_by(gifts.c.currency)).all()
    donors = sorted(session.scalars(sql_select(gifts.c.donor_id).where(is_new).distinct()))
    known = 0
    for run in in_runs(donors):
        gave = and_(gifts.c.donor_id.in_(run), gifts.c.allocation_id <= (last or 0))
        known += session.scalar(sql_select(func.count(gifts.c.donor_id.distinct())).where(gave)) or 0
    totals = tuple((Currency(currency), int(minor)) for currency, minor, _ in rows)
    return GiftsBooked(sum(count for _, _, count in rows), totals, len(donors) - known)


def answered_since(session: ReadSession, since: datetime) -> int:
    """Return how many payments people answered since a time, where the answer stands."""
    query = (
        sql_select(func.count(col(AllocationRow.payment_id).distinct()))
        .join(AnswerPartRow, col(AnswerPartRow.allocation_id) == col(AllocationRow.id))
        .join(AnswerRow, col(AnswerRow.id) == col(AnswerPartRow.answer_id))
        .where(col(AnswerRow.given_at) >= since, in_force())
    )
    return session.scalar(query) or 0


def closed_since(session: ReadSession, since: datetime) -> list[Month]:
    """Return the months that were closed since a time and are closed now, in order."""
    query = select(col(ClosingRow.first_day)).where(col(ClosingRow.closed_at) >= since, _is_closed())
    return [Month.of(day) for day in session.exec(query.order_by(col(ClosingRow.first_day)))]


def disclosed_since(session: ReadSession, since: datetime) -> Period | None:
    """Return from the first to the last day of the blocks that were published since a time; None of none."""
    days = sql_select(func.min(PublishedBlockRow.first_day), func.max(PublishedBlockRow.last_day))
    first_day, last_day = session.execute(days.where(col(PublishedBlockRow.published_at) >= since)).one()
    return None if first_day is None else Period(first_day, last_day)


def _is_closed() -> ColumnElement[bool]:
    return ~exists().where(col(ReopeningRow.closing_id) == col(ClosingRow.id))
