"""What people decided of two lines: the same payment or not; kept by file and place, so that it outlives undoing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from donations.identity.seen import LineId, SeenStatement
from donations.store.ids import in_runs, next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables import PairDecisionRow


def place(statement: SeenStatement, line: LineId) -> str:
    """Name a line by its statement's digest and its place there: the same for every import of the same bytes."""
    return f"{statement.fingerprint}:{line - statement.lines[0].id}"


def decided_pairs(session: ReadSession, statements: Sequence[SeenStatement]) -> dict[frozenset[LineId], bool]:
    """Return the decisions on pairs of lines of these statements."""
    if session.exec(select(PairDecisionRow.id).limit(1)).first() is None:
        return {}
    line_at = {place(each, seen.id): seen.id for each in statements for seen in each.lines}
    found: dict[frozenset[LineId], bool] = {}
    for run in in_runs(sorted(line_at)):
        for row in session.exec(select(PairDecisionRow).where(col(PairDecisionRow.one).in_(run))):
            if row.other in line_at:
                found[frozenset((line_at[row.one], line_at[row.other]))] = row.same
    return found


def decide_pair(session: WriteSession, places: tuple[str, str], *, same: bool | None, at: datetime, by: str) -> None:
    """Keep a person's decision on two lines; None takes it back."""
    one, other = sorted(places)
    session.execute(delete(PairDecisionRow).where(col(PairDecisionRow.one) == one, col(PairDecisionRow.other) == other))
    if same is not None:
        row_id = next(next_ids(session, PairDecisionRow))
        session.add(PairDecisionRow(id=row_id, one=one, other=other, same=same, decided_by=by, decided_at=at))
    session.flush()
