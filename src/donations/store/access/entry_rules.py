"""What the association asks of those who come in; rules are added, and the newest counts."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from donations.store.ids import next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables.access import EntryRuleRow


def newest_rule(session: ReadSession) -> EntryRuleRow | None:
    """Return the rule that counts; None where nobody ever made one."""
    return session.exec(select(EntryRuleRow).order_by(col(EntryRuleRow.id).desc()).limit(1)).first()


def add_rule(session: WriteSession, *, needs_second_step: bool, by: str, at: datetime) -> None:
    """Let another rule count from now on."""
    row = EntryRuleRow(
        id=next(next_ids(session, EntryRuleRow)), needs_second_step=needs_second_step, set_by=by, set_at=at
    )
    session.add(row)
    session.flush()
