"""What people decided of lines: the same payment, not the same, or left out; kept by file and place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import col, select

from donations.core.payment import PaymentId
from donations.identity.seen import LineId, SeenStatement
from donations.store.ids import next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables import ActiveFileRow, LeftOutLineRow, PairDecisionRow, StatementLineRow, StatementRow


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDecisions:
    """What people decided of the lines at hand."""

    pairs: dict[frozenset[LineId], bool]
    """Whether two lines are the same payment."""
    left_out: frozenset[LineId]
    """Lines that attest nothing."""


def place(statement: SeenStatement, line: LineId) -> str:
    """Name a line by its statement's digest and its place there: the same for every import of the same bytes."""
    return f"{statement.fingerprint}:{line - statement.lines[0].id}"


def line_decisions(session: ReadSession, statements: Sequence[SeenStatement]) -> LineDecisions:
    """Return the decisions on lines of these statements. There are few: a person made each of them."""
    pairs = session.exec(select(PairDecisionRow)).all()
    left_out = session.exec(select(col(LeftOutLineRow.place))).all()
    if not pairs and not left_out:
        return LineDecisions(pairs={}, left_out=frozenset())
    line_at = {place(each, seen.id): seen.id for each in statements for seen in each.lines}
    return LineDecisions(
        pairs={
            frozenset((line_at[row.one], line_at[row.other])): row.same
            for row in pairs
            if row.one in line_at and row.other in line_at
        },
        left_out=frozenset(line_at[each] for each in left_out if each in line_at),
    )


def decide_pairs(session: WriteSession, pairs: Iterable[tuple[str, str]], *, same: bool, at: datetime, by: str) -> None:
    """Keep a person's decision on pairs of places; a later one on the same pair counts."""
    ids = next_ids(session, PairDecisionRow)
    for one, other in (sorted(pair) for pair in pairs):
        session.execute(
            delete(PairDecisionRow).where(col(PairDecisionRow.one) == one, col(PairDecisionRow.other) == other)
        )
        row = PairDecisionRow(id=next(ids), one=one, other=other, same=same, decided_by=by, decided_at=at)
        session.add(row)
    session.flush()


def leave_out(
    session: WriteSession, payment: PaymentId, places: Iterable[str], *, reason: str, at: datetime, by: str
) -> None:
    """Keep that these lines, which attested a payment, attest nothing."""
    ids = next_ids(session, LeftOutLineRow)
    session.add_all(
        LeftOutLineRow(id=next(ids), place=each, payment_id=payment, reason=reason, decided_by=by, decided_at=at)
        for each in places
    )
    session.flush()


def left_out_lines(session: ReadSession) -> list[LeftOutLineRow]:
    """Return what is left out."""
    return list(session.exec(select(LeftOutLineRow).order_by(col(LeftOutLineRow.id))))


def left_out_ids(session: ReadSession) -> frozenset[int]:
    """Return the lines of active statements that are left out."""
    first = func.min(StatementLineRow.id)
    found: set[int] = set()
    for row in left_out_lines(session):
        fingerprint, _, at = row.place.rpartition(":")
        query = (
            select(first)
            .join(StatementRow, col(StatementRow.id) == col(StatementLineRow.statement_id))
            .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
            .where(StatementRow.fingerprint == fingerprint)
        )
        found.update(line + int(at) for line in session.exec(query) if line is not None)
    return frozenset(found)


def bring_back(session: WriteSession, row: LeftOutLineRow) -> None:
    """Let a line attest again."""
    session.delete(row)
    session.flush()
