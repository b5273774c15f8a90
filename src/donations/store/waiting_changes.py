"""Changes that wait for a second person: wished, then agreed to or withdrawn; what was wished is never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from donations.core.canonical import canonical
from donations.store.session import ReadSession, WriteSession, next_ids
from donations.store.tables.access import WaitingChangeRow


def open_changes(session: ReadSession) -> Sequence[WaitingChangeRow]:
    """Return what waits, the oldest first."""
    waits = select(WaitingChangeRow).where(col(WaitingChangeRow.ended_at).is_(None))
    return session.exec(waits.order_by(col(WaitingChangeRow.id))).all()


def change_with_id(session: ReadSession, change_id: int) -> WaitingChangeRow | None:
    """Return a change that waits, or waited."""
    return session.get(WaitingChangeRow, change_id)


def agreed_since(session: ReadSession, moment: datetime) -> Sequence[WaitingChangeRow]:
    """Return the changes that were agreed to after a moment."""
    agreed = select(WaitingChangeRow).where(col(WaitingChangeRow.is_agreed), col(WaitingChangeRow.ended_at) > moment)
    return session.exec(agreed).all()


def add_change(
    session: WriteSession, *, kind: str, wanted: Any, rests_on: Any, by: str, by_id: int | None, at: datetime
) -> WaitingChangeRow:
    """Let a change wait."""
    row = WaitingChangeRow(
        id=next(next_ids(session, WaitingChangeRow)),
        kind=kind,
        wanted=canonical(wanted),
        rests_on=canonical(rests_on),
        wished_by=by,
        wished_by_id=by_id,
        wished_at=at.astimezone(UTC),
    )
    session.add(row)
    session.flush()
    return row


def end_change(session: WriteSession, row: WaitingChangeRow, *, is_agreed: bool, by: str, at: datetime) -> None:
    """Let it wait no more."""
    row.is_agreed, row.ended_by, row.ended_at = is_agreed, by, at.astimezone(UTC)
    session.add(row)
    session.flush()
