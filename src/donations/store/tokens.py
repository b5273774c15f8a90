"""Rows of tokens, and requests that may be repeated: a key with what was asked and answered, kept for a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CursorResult, Engine, delete, update
from sqlmodel import col, select

from donations.store.host_key import is_hash_of, keyed_hash
from donations.store.keyed import Keyed
from donations.store.opening import note_unless_busy
from donations.store.sealing import is_sealed
from donations.store.session import ReadSession, WriteSession, next_ids
from donations.store.short_lived import closed, reopened
from donations.store.tables.access import ApiTokenRow, IdempotencyKeyRow

KEPT_FOR = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(minutes=10)
"""A request that was not answered by then died with its process. Its work and its answer are one transaction, so
nothing of it was kept, and the key is free again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRequest:
    """A request that came under a key before."""

    is_same: bool
    """Whether it is the one that is asked about."""
    status: int | None
    """None while it is being worked on."""
    answer: str


def begun(session: ReadSession, *, owner_id: int, key: str, request: str, now: datetime) -> EarlierRequest | None:
    """Return the request that an owner made under this key, compared with this one, unless it is forgotten."""
    row, connection = session.get(IdempotencyKeyRow, (owner_id, key)), session.connection()
    if row is None or now - row.begun_at >= (GIVEN_UP_AFTER if row.status is None else KEPT_FOR):
        return None
    answer = reopened(connection, row.answer, bound_to=_bound(owner_id, key))
    is_same = answer is not None and is_hash_of(connection, row.request_sha256, Keyed.REQUEST, request)
    return EarlierRequest(is_same=is_same, status=row.status, answer=answer or "")


def begin(session: WriteSession, *, owner_id: int, key: str, request: str, now: datetime) -> None:
    """Take the key for a request that is worked on from now on; what is older than a day is forgotten."""
    forgotten = col(IdempotencyKeyRow.begun_at) <= now - KEPT_FOR
    session.execute(delete(IdempotencyKeyRow).where(forgotten))
    release(session, owner_id=owner_id, key=key)
    digest = keyed_hash(session.connection(), Keyed.REQUEST, request)
    session.add(IdempotencyKeyRow(owner_id=owner_id, key=key, request_sha256=digest, begun_at=now))
    session.flush()


def keep_answer(session: WriteSession, *, owner_id: int, key: str, status: int, answer: str) -> None:
    """Keep the answer, sealed, in the transaction that does the work, so that both are there or neither."""
    row = session.get_one(IdempotencyKeyRow, (owner_id, key))
    row.status, row.answer = status, closed(session.connection(), answer, bound_to=_bound(owner_id, key))
    session.add(row)
    session.flush()


def close_answers(session: WriteSession) -> None:
    """Seal what programs were answered while the books were not sealed."""
    connection = session.connection()
    for row in session.exec(select(IdempotencyKeyRow)).all():
        if row.answer and not is_sealed(row.answer):
            row.answer = closed(connection, row.answer, bound_to=_bound(row.owner_id, row.key))
            session.add(row)
    session.flush()


def _bound(owner_id: int, key: str) -> str:
    return f"answer {owner_id} {key}"


def release(session: WriteSession, *, owner_id: int, key: str) -> None:
    """Let the key be used again: nothing came of the request."""
    session.execute(
        delete(IdempotencyKeyRow).where(col(IdempotencyKeyRow.owner_id) == owner_id, col(IdempotencyKeyRow.key) == key)
    )


def add_token(
    session: WriteSession,
    *,
    owner_id: int,
    name: str,
    secret_sha256: str,
    scopes: Iterable[str],
    made_at: datetime,
    expires_at: datetime,
) -> ApiTokenRow:
    """Keep a new token."""
    row = ApiTokenRow(
        id=next(next_ids(session, ApiTokenRow)),
        owner_id=owner_id,
        name=name,
        secret_sha256=secret_sha256,
        scopes=" ".join(sorted(scopes)),
        made_at=made_at,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return row


def token_with_id(session: ReadSession, token_id: int) -> ApiTokenRow | None:
    """Return the token of this number, whatever its state."""
    return session.get(ApiTokenRow, token_id)


def tokens(session: ReadSession, *, owner_id: int | None = None) -> list[ApiTokenRow]:
    """Return the tokens of an owner, or all, the newest first; expired and revoked ones too."""
    query = select(ApiTokenRow).order_by(col(ApiTokenRow.id).desc())
    return list(session.exec(query if owner_id is None else query.where(ApiTokenRow.owner_id == owner_id)))


def revoke_token(session: WriteSession, row: ApiTokenRow, *, at: datetime) -> None:
    """Let a token open nothing any more."""
    row.revoked_at = at
    session.add(row)
    session.flush()


def revoke_tokens_of(session: WriteSession, owner_id: int, *, at: datetime) -> bool:
    """Let no token of an owner open anything any more, and say whether one still did."""
    good = (col(ApiTokenRow.owner_id) == owner_id, col(ApiTokenRow.revoked_at).is_(None))
    done = session.execute(update(ApiTokenRow).where(*good).values(revoked_at=at))
    return isinstance(done, CursorResult) and done.rowcount > 0


def mark_used(engine: Engine, token_id: int, *, on: date) -> None:
    """Keep the day on which a token was used last, where the books are not being written to just now."""
    note_unless_busy(engine, update(ApiTokenRow).where(col(ApiTokenRow.id) == token_id).values(last_used_on=on))
