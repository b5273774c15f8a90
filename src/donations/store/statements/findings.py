"""What statements disagree on, kept until an import is undone, and notices, kept with their import."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import delete, or_
from sqlalchemy import select as sql_select
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from donations.core.payment import PaymentId
from donations.core.problem import Problem, ProblemCode
from donations.identity.content import StatementId, end_of
from donations.identity.findings import Finding, FindingKind
from donations.identity.stated import NotInStatement
from donations.identity.witnesses import REDATED_WITHIN, Witness
from donations.store.appending import append
from donations.store.session import ReadSession, WriteSession, in_runs, next_ids, once
from donations.store.statements.coverage import ledger_proof, ledgers
from donations.store.statements.pairs import parted_lines
from donations.store.tables import (
    AttestationRow,
    FindingRow,
    PaymentNotInStatementRow,
    PaymentRow,
    StatementLineRow,
    StatementRow,
)
from donations.store.tables.rules import ImportNoticeRow


def add_notices(session: WriteSession, file_id: int, notices: Sequence[Problem]) -> None:
    """Keep what was worth saying about an import."""
    ids = next_ids(session, ImportNoticeRow)
    append(
        session,
        ImportNoticeRow,
        (
            {
                "id": next(ids),
                "file_id": file_id,
                "code": each.code.value,
                "line": each.line,
                "filled": json.dumps(each.values, ensure_ascii=False),
            }
            for each in notices
        ),
    )


def notices_of(session: ReadSession, file_id: int) -> tuple[Problem, ...]:
    """Return what was said when the file was imported."""
    rows = session.exec(
        select(ImportNoticeRow).where(ImportNoticeRow.file_id == file_id).order_by(col(ImportNoticeRow.id))
    )
    return tuple(
        Problem(ProblemCode(row.code), row.line, tuple((name, value) for name, value in json.loads(row.filled)))
        for row in rows
    )


class Disagreement(StrEnum):
    """What statements disagree on; stable codes."""

    CONFLICT = "conflict"
    """Two payments carry one id of the bank's, with another amount or day."""
    ORPHAN = "orphan"
    """A statement that covers the day wholly does not show the payment."""
    REPEATED = "repeated"
    """One row of one statement stands there twice, with one id of the bank's: perhaps one payment."""
    CORRECTED = "corrected"
    """The bank corrected the payment: its statements show it with another payer or reference."""
    SPLIT = "split"
    """Two statements split the payment's batch entry differently; the other split does not count."""

    @property
    def asks(self) -> bool:
        """Whether a person must look: the books may count too much or too little."""
        return self in {Disagreement.CONFLICT, Disagreement.ORPHAN, Disagreement.REPEATED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreed:
    """One thing that statements disagree on."""

    kind: Disagreement
    payment: PaymentId
    booked_on: date
    other: PaymentId | None = None
    """The other payment; of an orphan one of that statement alone with its amount, at most three days away."""
    statement: StatementId | None = None
    """Which does not show an orphan."""


def add_findings(session: WriteSession, found: Sequence[Finding]) -> None:
    """Keep what lines of a new statement disagree on."""
    ids = next_ids(session, FindingRow)
    rows = ({"id": next(ids), "kind": each.kind, "line_id": each.line, "other_id": each.other} for each in found)
    append(session, FindingRow, rows)


def drop_findings(session: WriteSession, file_id: int) -> None:
    """Forget what an import that no longer counts had to do with."""
    lines = (
        sql_select(col(StatementLineRow.id))
        .join(StatementRow, col(StatementRow.id) == col(StatementLineRow.statement_id))
        .where(col(StatementRow.file_id) == file_id)
    )
    session.execute(
        delete(FindingRow).where(or_(col(FindingRow.line_id).in_(lines), col(FindingRow.other_id).in_(lines)))
    )


def disagreements(session: ReadSession) -> list[Disagreed]:
    """Return what statements disagree on now, by day; what a person decided is no disagreement any more."""
    return once(session, _disagreements)


def _disagreements(session: ReadSession) -> list[Disagreed]:
    found = [*disagreed_lines(session), *_orphans(session), *_splits(session)]
    return sorted(found, key=lambda each: (not each.kind.asks, each.booked_on, each.payment, each.kind))


def questions_between(session: ReadSession) -> list[Disagreed]:
    """Return the disagreements that a person must look at."""
    return [each for each in disagreements(session) if each.kind.asks]


def parted_payments(session: ReadSession) -> frozenset[frozenset[PaymentId]]:
    """Return the pairs of payments of which a person said that they are two."""
    lines = parted_lines(session)
    named = sorted({line for pair in lines for line in pair})
    of_line: dict[int, PaymentId] = {}
    for run in in_runs(named):
        query = sql_select(col(AttestationRow.line_id), col(AttestationRow.payment_id))
        for line, payment in session.execute(query.where(col(AttestationRow.line_id).in_(run))):
            of_line[line] = PaymentId(payment)
    pairs = (frozenset(of_line[line] for line in pair if line in of_line) for pair in lines)
    return frozenset(pair for pair in pairs if len(pair) > 1)


def disagreed_lines(session: ReadSession) -> Iterator[Disagreed]:
    """Yield what lines of payments disagree on, as it was seen when they were imported."""
    other_line, booked = aliased(AttestationRow), col(PaymentRow.booked_on)
    query = (
        sql_select(*(col(FindingRow.kind), col(AttestationRow.payment_id), col(other_line.payment_id), booked))
        .join(AttestationRow, col(AttestationRow.line_id) == col(FindingRow.line_id))
        .join(other_line, col(other_line.line_id) == col(FindingRow.other_id))
        .join(PaymentRow, col(PaymentRow.id) == col(AttestationRow.payment_id))
        .order_by(col(FindingRow.id))
    )
    rows = session.execute(query).all()
    parted = parted_payments(session) if rows else frozenset()
    seen: set[object] = set()
    for kind, payment, other_payment, day in rows:
        is_one = payment == other_payment
        key = kind, *sorted((payment, other_payment))
        if key in seen or is_one != (kind == FindingKind.CORRECTED) or frozenset((payment, other_payment)) in parted:
            continue
        seen.add(key)
        yield Disagreed(
            kind=Disagreement(kind),
            payment=PaymentId(payment),
            booked_on=day,
            other=None if is_one else PaymentId(other_payment),
        )


def _orphans(session: ReadSession) -> Iterator[Disagreed]:
    if not session.execute(sql_select(exists().select_from(PaymentNotInStatementRow))).scalar():
        return
    seen: set[PaymentId] = set()
    parted = parted_payments(session)
    for ledger in ledgers(session):
        # What the newest statement does not show comes first: of a payment with another date it shows the other.
        for witness in sorted(ledger_proof(session, ledger).witnesses, key=_made, reverse=True):
            for missed in witness.missed:
                if missed.payment not in seen:
                    other = _redated(session, missed, witness.stated.id)
                    # Of two that may be one, each is the other's: they are one question.
                    seen |= {missed.payment} if other is None else {missed.payment, other}
                    yield Disagreed(
                        kind=Disagreement.ORPHAN,
                        payment=missed.payment,
                        booked_on=missed.day,
                        other=None if frozenset((missed.payment, other)) in parted else other,
                        statement=witness.stated.id,
                    )


def _made(witness: Witness) -> datetime:
    return witness.stated.provenance.made_at or end_of(witness.stated.last_day)


def _redated(session: ReadSession, orphan: NotInStatement, statement: StatementId) -> PaymentId | None:
    """Return a payment of the amount, near, that this statement alone shows: perhaps the orphan with a new date."""
    lines = aliased(StatementLineRow)
    elsewhere = (
        exists()
        .where(col(AttestationRow.payment_id) == col(PaymentRow.id))
        .where(col(AttestationRow.line_id) == col(lines.id), col(lines.statement_id) != statement)
    )
    own = aliased(AttestationRow)
    orphan_row = session.get_one(PaymentRow, orphan.payment)
    query = (
        sql_select(col(PaymentRow.id))
        .join(own, col(own.payment_id) == col(PaymentRow.id))
        .join(StatementLineRow, col(StatementLineRow.id) == col(own.line_id))
        .where(
            col(StatementLineRow.statement_id) == statement,
            col(PaymentRow.account_id) == orphan_row.account_id,
            col(PaymentRow.currency) == orphan_row.currency,
            col(PaymentRow.minor) == orphan.minor,
            col(PaymentRow.booked_on).between(orphan.day - REDATED_WITHIN, orphan.day + REDATED_WITHIN),
            col(PaymentRow.booked_on) != orphan.day,
            ~elsewhere,
        )
        .order_by(col(PaymentRow.id))
    )
    found = session.scalars(query).first()
    return None if found is None else PaymentId(found)


def _splits(session: ReadSession) -> Iterator[Disagreed]:
    """Find the totals of batches that attest payments of another split."""
    totals = sql_select(col(StatementLineRow.id)).where(col(StatementLineRow.is_total))
    query = (
        sql_select(col(AttestationRow.payment_id), col(PaymentRow.booked_on))
        .join(PaymentRow, col(PaymentRow.id) == col(AttestationRow.payment_id))
        .where(col(AttestationRow.line_id).in_(totals))  # joined, all lines would be looked at
        .distinct()
    )
    for payment, day in session.execute(query):
        yield Disagreed(kind=Disagreement.SPLIT, payment=PaymentId(payment), booked_on=day)
