"""Allocations: appended, read with what they reverse, and held together where they are one answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import AppealId, DonorId
from donations.core.money import Amount, Currency
from donations.core.payment import Allocation, AllocationId, PaymentId, Purpose
from donations.store.appending import append
from donations.store.given import gifts, in_force
from donations.store.giving.streams import follow_gifts
from donations.store.kept_sums import renew_days_of
from donations.store.payments.decisions import decision_of, keep_decisions
from donations.store.session import ReadSession, WriteSession, in_runs, next_ids, table_of
from donations.store.tables import AllocationRow, DecisionRow
from donations.store.tables.rules import AnswerPartRow, AnswerRow


def append_allocations(session: WriteSession, allocations: Sequence[Allocation], *, at: datetime) -> None:
    """Append allocations; one that reverses is kept as negative minor units. Regular giving and sums follow."""
    decisions = keep_decisions(session, allocations)
    append(session, AllocationRow, (_row(each, decisions[each.id], at) for each in allocations))
    renew_days_of(session, {each.payment for each in allocations})
    follow_gifts(session, allocations)


def allocations_of(session: ReadSession, payments: Iterable[PaymentId]) -> dict[PaymentId, list[Allocation]]:
    """Return all allocations of these payments, reversed ones too, in the order they were made."""
    found: defaultdict[PaymentId, list[Allocation]] = defaultdict(list)
    for run in in_runs(sorted(set(payments))):
        for row in session.execute(allocations_query().where(col(AllocationRow.payment_id).in_(run))):
            found[PaymentId(row.payment_id)].append(allocation_of(row))
    return found


def gifts_again(session: ReadSession, refunds: Iterable[PaymentId]) -> set[PaymentId]:
    """Return the payments that are booked as gifts again, for one of these refunds came back with them."""
    query = sql_select(gifts.c.payment_id)
    return {
        PaymentId(each)
        for run in in_runs(sorted(set(refunds)))
        for each in session.scalars(query.where(gifts.c.returns_payment_id.in_(run)))
    }


def made_at(session: ReadSession, payments: Iterable[PaymentId]) -> dict[AllocationId, datetime]:
    """Return when each allocation of these payments was made, reversed ones too."""
    query = select(col(AllocationRow.id), col(AllocationRow.made_at))
    return {
        AllocationId(each): moment
        for run in in_runs(sorted(payments))
        for each, moment in session.execute(query.where(col(AllocationRow.payment_id).in_(run)))
    }


def allocations_query() -> Select[Any]:
    """Return the query of whole allocations in the order they were made, for callers to narrow."""
    said = (DecisionRow.rule, DecisionRow.person, DecisionRow.reason, DecisionRow.evidence)
    allocations = sql_select(table_of(AllocationRow), *map(col, said))
    with_decisions = allocations.join(DecisionRow, col(DecisionRow.id) == col(AllocationRow.decision_id))
    return with_decisions.order_by(col(AllocationRow.id))


def allocation_of(row: Any) -> Allocation:
    """Return the allocation that a row holds."""
    return Allocation(
        id=AllocationId(row.id),
        payment=PaymentId(row.payment_id),
        purpose=Purpose(row.purpose),
        amount=Amount(abs(row.minor), Currency(row.currency)),
        decision=decision_of(row),
        donor=None if row.donor_id is None else DonorId(row.donor_id),
        appeal=None if row.appeal_id is None else AppealId(row.appeal_id),
        reverses=None if row.reverses_id is None else AllocationId(row.reverses_id),
        returns=None if row.returns_payment_id is None else PaymentId(row.returns_payment_id),
    )


def _row(allocation: Allocation, decision: int, at: datetime) -> dict[str, Any]:
    return {
        "id": allocation.id,
        "payment_id": allocation.payment,
        "purpose": allocation.purpose.value,
        "minor": allocation.amount.minor if allocation.reverses is None else -allocation.amount.minor,
        "currency": allocation.amount.currency,
        "donor_id": allocation.donor,
        "appeal_id": allocation.appeal,
        "reverses_id": allocation.reverses,
        "returns_payment_id": allocation.returns,
        "decision_id": decision,
        "made_at": at,
    }


def last_allocation_id(session: ReadSession) -> int:
    """Return the number of the last allocation that was made; 0 before the first."""
    return session.scalar(select(func.max(AllocationRow.id))) or 0


class GivenAnswer(NamedTuple):
    """An answer of which something stands."""

    id: int
    payments: int
    payment_id: int
    """Of its first part, as what follows."""
    purpose: str
    donor_id: int | None


def keep_answer(session: WriteSession, appended: Iterable[Allocation], *, by: str, at: datetime) -> int:
    """Keep which allocations an answer appended, and return its number."""
    answer_id = next(next_ids(session, AnswerRow))
    append(session, AnswerRow, [{"id": answer_id, "given_by": by, "given_at": at}])
    append(session, AnswerPartRow, [{"allocation_id": row.id, "answer_id": answer_id} for row in appended])
    return answer_id


def keep_answer_instead(session: WriteSession, instead: Mapping[AllocationId, AllocationId]) -> None:
    """Let new allocations belong to the answers of those that they stand for again."""
    old = set(instead.values())
    query = sql_select(col(AnswerPartRow.allocation_id), col(AnswerPartRow.answer_id))
    known = query.where(col(AnswerPartRow.allocation_id).in_(old))
    answers = {row.allocation_id: row.answer_id for row in session.execute(known)}
    rows = [
        {"allocation_id": new, "answer_id": answers[before]} for new, before in instead.items() if before in answers
    ]
    append(session, AnswerPartRow, rows)


def parts_of_answer(session: ReadSession, answer_id: int) -> dict[PaymentId, set[AllocationId]]:
    """Return the allocations of an answer by payment; none where there is no such answer."""
    query = (
        sql_select(col(AllocationRow.payment_id), col(AllocationRow.id))
        .join(AnswerPartRow, col(AnswerPartRow.allocation_id) == col(AllocationRow.id))
        .where(col(AnswerPartRow.answer_id) == answer_id)
    )
    found: defaultdict[PaymentId, set[AllocationId]] = defaultdict(set)
    for payment, allocation in session.execute(query):
        found[PaymentId(payment)].add(AllocationId(allocation))
    return dict(found)


def last_answer_in_force(session: ReadSession, *, by: str, since: datetime) -> int | None:
    """Return a person's last answer of which something stands; None where there is none since a time."""
    query = (
        sql_select(func.max(col(AnswerRow.id)))
        .join(AnswerPartRow, col(AnswerPartRow.answer_id) == col(AnswerRow.id))
        .join(AllocationRow, col(AllocationRow.id) == col(AnswerPartRow.allocation_id))
        .where(col(AnswerRow.given_by) == by, col(AnswerRow.given_at) >= since, in_force())
    )
    last: int | None = session.scalar(query)
    return last


def gifts_answered(session: ReadSession, *, size: int) -> dict[PaymentId, AppealId]:
    """Return the payments that people's newest answers call gifts, each with its appeal."""
    query = (
        sql_select(col(AllocationRow.payment_id), col(AllocationRow.appeal_id))
        .join(AnswerPartRow, col(AnswerPartRow.allocation_id) == col(AllocationRow.id))
        .where(col(AllocationRow.purpose) == Purpose.GIFT.value, in_force())
        .order_by(col(AnswerPartRow.allocation_id).desc())
        .limit(size)
    )
    return {PaymentId(payment): AppealId(appeal) for payment, appeal in session.execute(query) if appeal is not None}


def answer_with_id(session: ReadSession, answer_id: int) -> GivenAnswer | None:
    """Return an answer, or None where nothing of it stands any more."""
    query = (
        sql_select(func.count(col(AllocationRow.payment_id).distinct()), func.min(col(AllocationRow.id)))
        .join(AnswerPartRow, col(AnswerPartRow.allocation_id) == col(AllocationRow.id))
        .where(col(AnswerPartRow.answer_id) == answer_id, in_force())
    )
    payments, first = session.execute(query).one()
    row = None if first is None else session.get(AllocationRow, first)
    return None if row is None else GivenAnswer(answer_id, payments, row.payment_id, row.purpose, row.donor_id)
