"""Requests that may be repeated: a key with what was asked and answered, kept for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col

from donations.store.session import ReadSession, WriteSession
from donations.store.tables.api import IdempotencyKeyRow

KEPT_FOR = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(minutes=10)
"""A request that was not answered by then died with its process. Its work and its answer are one transaction, so
nothing of it was kept, and the key is free again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A request that came under a key before."""

    request_sha256: str
    status: int | None
    """None while it is being worked on."""
    answer: str


def begun(session: ReadSession, *, owner_id: int, key: str, now: datetime) -> Begun | None:
    """Return the request that an owner made under this key, unless it is forgotten."""
    row = session.get(IdempotencyKeyRow, (owner_id, key))
    if row is None or now - row.begun_at >= (GIVEN_UP_AFTER if row.status is None else KEPT_FOR):
        return None
    return Begun(request_sha256=row.request_sha256, status=row.status, answer=row.answer)


def begin(session: WriteSession, *, owner_id: int, key: str, request_sha256: str, now: datetime) -> None:
    """Take the key for a request that is worked on from now on; what is older than a day is forgotten."""
    forgotten = col(IdempotencyKeyRow.begun_at) <= now - KEPT_FOR
    session.execute(delete(IdempotencyKeyRow).where(forgotten))
    release(session, owner_id=owner_id, key=key)
    session.add(IdempotencyKeyRow(owner_id=owner_id, key=key, request_sha256=request_sha256, begun_at=now))
    session.flush()


def keep_answer(session: WriteSession, *, owner_id: int, key: str, status: int, answer: str) -> None:
    """Keep the answer in the transaction that does the work, so that both are there or neither."""
    row = session.get_one(IdempotencyKeyRow, (owner_id, key))
    row.status, row.answer = status, answer
    session.add(row)
    session.flush()


def release(session: WriteSession, *, owner_id: int, key: str) -> None:
    """Let the key be used again: nothing came of the request."""
    session.execute(
        delete(IdempotencyKeyRow).where(col(IdempotencyKeyRow.owner_id) == owner_id, col(IdempotencyKeyRow.key) == key)
    )
