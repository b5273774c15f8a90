"""The rows of tokens: added, found, marked as used or revoked; what makes a token good is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import CursorResult, Engine, update
from sqlmodel import col, select

from donations.store.ids import next_ids
from donations.store.in_passing import note_in_passing
from donations.store.session import ReadSession, WriteSession
from donations.store.tables.api import ApiTokenRow


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
    note_in_passing(engine, update(ApiTokenRow).where(col(ApiTokenRow.id) == token_id).values(last_used_on=on))
