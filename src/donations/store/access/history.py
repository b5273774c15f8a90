"""What happened to accounts: attempts to sign in, and changes of passwords, roles and second factors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, update
from sqlmodel import col, select

from donations.store.ids import next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables.access import SignInEventRow


def add_event(session: WriteSession, row: SignInEventRow) -> int:
    """Write an event down and return its id, which the writer counts."""
    row.id = next(next_ids(session, SignInEventRow))
    session.add(row)
    session.flush()
    return row.id


def rename_event(session: WriteSession, event_id: int, *, kind: str) -> None:
    """Say how an attempt came out."""
    session.execute(update(SignInEventRow).where(col(SignInEventRow.id) == event_id).values(kind=kind))


def failures_since(
    session: ReadSession,
    *,
    person_id: int | None,
    name_bucket: int | None,
    failures: Sequence[str],
    amends: Sequence[str],
) -> tuple[int, datetime | None]:
    """Count the failed attempts on an account since it was last amended, and return when the last one was."""
    account = _account(person_id, name_bucket)
    amended = select(func.coalesce(func.max(SignInEventRow.id), 0)).where(account, col(SignInEventRow.kind).in_(amends))
    query = select(func.count(), func.max(SignInEventRow.at)).where(
        account,
        col(SignInEventRow.kind).in_(failures),
        col(SignInEventRow.id) > amended.scalar_subquery(),
    )
    number, last = session.execute(query).one()
    return int(number), last


def _account(person_id: int | None, name_bucket: int | None) -> ColumnElement[bool]:
    if person_id is not None:
        return col(SignInEventRow.person_id) == person_id
    return col(SignInEventRow.name_bucket) == name_bucket


def failures_from(session: ReadSession, address: str, *, after: datetime, failures: Sequence[str]) -> int:
    """Count the failed attempts from an address, on whatever account."""
    query = select(func.count()).where(
        col(SignInEventRow.address) == address,
        col(SignInEventRow.at) > after,
        col(SignInEventRow.kind).in_(failures),
    )
    return int(session.execute(query).scalar_one())


def events_of(session: ReadSession, person_id: int, *, limit: int) -> Sequence[SignInEventRow]:
    """Return what happened to an account, the newest first."""
    query = select(SignInEventRow).where(SignInEventRow.person_id == person_id)
    return session.exec(query.order_by(col(SignInEventRow.id).desc()).limit(limit)).all()


def drop_events_before(session: WriteSession, moment: datetime) -> None:
    """Forget what is long ago: it holds addresses of people."""
    session.execute(delete(SignInEventRow).where(col(SignInEventRow.at) < moment))


def drop_event(session: WriteSession, event_id: int) -> None:
    """Forget an attempt that turned out right and is nothing to tell."""
    session.execute(delete(SignInEventRow).where(col(SignInEventRow.id) == event_id))
