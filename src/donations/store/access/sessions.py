"""Browsers that are signed in: found by the digest of their cookie, ended by deleting their row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, Engine, delete, update
from sqlmodel import col, select

from donations.store.in_passing import note_in_passing
from donations.store.session import ReadSession, WriteSession
from donations.store.tables.access import PersonRow, SessionRow


def add_session(session: WriteSession, row: SessionRow) -> None:
    """Let a browser in."""
    session.add(row)
    session.flush()


def session_with(
    session: ReadSession, digest: str, *, made_after: datetime, seen_after: datetime
) -> tuple[SessionRow, PersonRow] | None:
    """Return a session that is neither too old nor too idle, with its person."""
    query = (
        select(SessionRow, PersonRow)
        .join(PersonRow, col(PersonRow.id) == col(SessionRow.person_id))
        .where(
            SessionRow.digest == digest,
            col(SessionRow.made_at) > made_after,
            col(SessionRow.seen_at) > seen_after,
        )
    )
    found = session.exec(query).first()
    return None if found is None else (found[0], found[1])


def sessions_of(
    session: ReadSession, person_id: int, *, made_after: datetime, seen_after: datetime
) -> Sequence[SessionRow]:
    """Return where a person is signed in, the one seen last first."""
    query = select(SessionRow).where(
        SessionRow.person_id == person_id,
        col(SessionRow.is_complete),
        col(SessionRow.made_at) > made_after,
        col(SessionRow.seen_at) > seen_after,
    )
    return session.exec(query.order_by(col(SessionRow.seen_at).desc(), col(SessionRow.digest))).all()


def end_session_of(session: WriteSession, person_id: int, digest: str) -> bool:
    """End one of the sessions of a person, and say whether it was one."""
    mine = (col(SessionRow.digest) == digest, col(SessionRow.person_id) == person_id)
    done = session.execute(delete(SessionRow).where(*mine))
    return isinstance(done, CursorResult) and done.rowcount == 1


def end_sessions_of(session: WriteSession, person_id: int) -> None:
    """Sign a person out everywhere."""
    session.execute(delete(SessionRow).where(col(SessionRow.person_id) == person_id))


def drop_sessions_made_before(session: WriteSession, moment: datetime) -> None:
    """Forget sessions that expired."""
    session.execute(delete(SessionRow).where(col(SessionRow.made_at) <= moment))


def touch(engine: Engine, digest: str, *, now: datetime) -> None:
    """Note that a session is used; where the books are being written to, not now: no page waits for an import."""
    note_in_passing(engine, update(SessionRow).where(col(SessionRow.digest) == digest).values(seen_at=now))
