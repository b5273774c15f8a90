"""What people decided of lines: the same payment, not the same, or left out; kept by file and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from donations.core.payment import PaymentId
from donations.identity.content import LineId, SeenStatement
from donations.identity.stated import LeftOut
from donations.store.session import ReadSession, WriteSession, next_ids
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


def parted_lines(session: ReadSession) -> frozenset[frozenset[LineId]]:
    """Return the pairs of lines of active statements of which a person said that they are two payments."""
    rows = session.exec(select(PairDecisionRow).where(~col(PairDecisionRow.same))).all()
    lines = {each: line.id for row in rows for each in (row.one, row.other) for line in _lines_at(session, each)}
    return frozenset(
        frozenset((LineId(lines[row.one]), LineId(lines[row.other])))
        for row in rows
        if row.one in lines and row.other in lines
    )


def decide_pairs(session: WriteSession, pairs: Iterable[tuple[str, str]], *, same: bool, at: datetime, by: str) -> None:
    """Keep a person's decision on pairs of places; a later one on the same pair counts."""
    ids = next_ids(session, PairDecisionRow)
    for pair in pairs:
        row = _decided(session, pair)
        if row is None:
            one, other = sorted(pair)
            row = PairDecisionRow(id=next(ids), one=one, other=other, same=same, decided_by=by, decided_at=at)
            session.add(row)
        row.same, row.decided_by, row.decided_at = same, by, at
    session.flush()


def undecide_pairs(session: WriteSession, pairs: Iterable[tuple[str, str]]) -> int:
    """Forget what was decided on pairs of places; return how many there were."""
    rows = [row for pair in pairs if (row := _decided(session, pair)) is not None]
    for row in rows:
        session.delete(row)
    session.flush()
    return len(rows)


def _decided(session: WriteSession, pair: tuple[str, str]) -> PairDecisionRow | None:
    one, other = sorted(pair)
    return session.exec(
        select(PairDecisionRow).where(PairDecisionRow.one == one, PairDecisionRow.other == other)
    ).first()


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
    return frozenset(row.id for row in _rows_left_out(session))


def lines_left_out(session: ReadSession) -> Mapping[int, list[LeftOut]]:
    """Return the lines that are left out, by their statement."""
    found: defaultdict[int, list[LeftOut]] = defaultdict(list)
    for row in _rows_left_out(session):
        found[row.statement_id].append(LeftOut(row.booked_on, row.minor))
    return found


def _rows_left_out(session: ReadSession) -> Iterator[StatementLineRow]:
    for left in left_out_lines(session):
        yield from _lines_at(session, left.place)


def _lines_at(session: ReadSession, named: str) -> Iterator[StatementLineRow]:
    """Yield the line of an active statement that a place names; none where its import does not count."""
    fingerprint, _, at = named.rpartition(":")
    query = (
        select(func.min(StatementLineRow.id))
        .join(StatementRow, col(StatementRow.id) == col(StatementLineRow.statement_id))
        .join(ActiveFileRow, col(ActiveFileRow.file_id) == col(StatementRow.file_id))
        .where(StatementRow.fingerprint == fingerprint)
    )
    for line in session.exec(query):
        if line is not None:
            yield session.get_one(StatementLineRow, line + int(at))


def bring_back(session: WriteSession, row: LeftOutLineRow) -> None:
    """Let a line attest again."""
    session.delete(row)
    session.flush()
