"""How far the books are, for the bar of the evening on every page: a few queries that cost little in large books."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import case, false, func
from sqlalchemy import select as sql_select
from sqlmodel import col, exists, select

from donations.core.calendar import Month
from donations.ledger.thread import KnownUntil
from donations.store.kept_sums import open_payment
from donations.store.payments.questions import is_put_aside
from donations.store.session import ReadSession
from donations.store.tables import AccountRow, ActiveFileRow, PaymentRow, StatementRow
from donations.store.tables.publishing import ClosingRow, PublicSnapshotRow, PublishedBlockRow, ReopeningRow


def known_until(session: ReadSession) -> list[KnownUntil]:
    """Return of each own account that is not ended how far its statements go."""
    last = (
        select(col(StatementRow.account_id), func.max(StatementRow.last_day).label("day"))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .group_by(col(StatementRow.account_id))
        .subquery()
    )
    query = (
        sql_select(col(AccountRow.opened_on), last.c.day)
        .outerjoin(last, last.c.account_id == col(AccountRow.id))
        .where(col(AccountRow.ended_on).is_(None))
    )
    return [KnownUntil(opened=opened, last_day=day) for opened, day in session.execute(query)]


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


def first_closed_after(session: ReadSession, day: date | None) -> datetime | None:
    """Return when the first month behind a day was closed, None where none is; without a day of the first of all."""
    query = (
        select(ClosingRow.closed_at)
        .where(~exists().where(col(ReopeningRow.closing_id) == col(ClosingRow.id)))
        .order_by(col(ClosingRow.first_day))
        .limit(1)
    )
    return session.exec(query if day is None else query.where(col(ClosingRow.first_day) > day)).first()
