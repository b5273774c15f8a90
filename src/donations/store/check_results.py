"""Keeps and reads what the last run of all checks found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete
from sqlmodel import col, select

from donations.store.session import ReadSession, WriteSession
from donations.store.tables.access import PersonRow
from donations.store.tables.checks import CheckResultRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRun:
    """The last run of all checks."""

    at: datetime
    by: str
    """Who asked for it; empty where nobody signs in."""
    found: Mapping[str, int]
    """How much does not hold, by the name of the check."""

    @property
    def broken(self) -> tuple[str, ...]:
        """The names of the checks that found something."""
        return tuple(name for name, found in self.found.items() if found)


def keep_results(session: WriteSession, found: Mapping[str, int], *, at: datetime, person_id: int | None) -> None:
    """Keep what a run found, in place of what the one before did."""
    session.execute(delete(CheckResultRow))
    session.add_all(
        CheckResultRow(name=name, found=count, checked_at=at.astimezone(UTC), person_id=person_id)
        for name, count in found.items()
    )
    session.flush()


def last_check_run(session: ReadSession) -> CheckRun | None:
    """Return what the last run found; None where there was none."""
    query = select(CheckResultRow, PersonRow.name).outerjoin(
        PersonRow, col(PersonRow.id) == col(CheckResultRow.person_id)
    )
    rows = session.exec(query).all()
    if not rows:
        return None
    first, by = rows[0]
    return CheckRun(at=first.checked_at, by=by or "", found={row.name: row.found for row, _ in rows})
