"""Which allocations belong to one answer, so that it can be taken back as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import col

from donations.core.payment import Allocation, AllocationId, PaymentId
from donations.store.given import in_force
from donations.store.ids import append, next_ids
from donations.store.session import ReadSession, WriteSession
from donations.store.tables import AllocationRow
from donations.store.tables.rules import AnswerPartRow, AnswerRow


class GivenAnswer(NamedTuple):
    """An answer of which something stands."""

    id: int
    payments: int
    purpose: str
    """Of its first part."""
    donor_id: int | None


def keep(session: WriteSession, appended: Iterable[Allocation], *, by: str, at: datetime) -> int:
    """Keep which allocations an answer appended, and return its number."""
    answer_id = next(next_ids(session, AnswerRow))
    append(session, AnswerRow, [{"id": answer_id, "given_by": by, "given_at": at}])
    append(session, AnswerPartRow, [{"allocation_id": row.id, "answer_id": answer_id} for row in appended])
    return answer_id


def keep_instead(session: WriteSession, instead: Mapping[AllocationId, AllocationId]) -> None:
    """Let new allocations belong to the answers of those that they stand for again."""
    old = set(instead.values())
    query = select(col(AnswerPartRow.allocation_id), col(AnswerPartRow.answer_id))
    known = query.where(col(AnswerPartRow.allocation_id).in_(old))
    answers = {row.allocation_id: row.answer_id for row in session.execute(known)}
    rows = [
        {"allocation_id": new, "answer_id": answers[before]} for new, before in instead.items() if before in answers
    ]
    append(session, AnswerPartRow, rows)


def parts_of(session: ReadSession, answer_id: int) -> dict[PaymentId, set[AllocationId]]:
    """Return the allocations of an answer by payment; none where there is no such answer."""
    query = (
        select(col(AllocationRow.payment_id), col(AllocationRow.id))
        .join(AnswerPartRow, col(AnswerPartRow.allocation_id) == col(AllocationRow.id))
        .where(col(AnswerPartRow.answer_id) == answer_id)
    )
    found: defaultdict[PaymentId, set[AllocationId]] = defaultdict(set)
    for payment, allocation in session.execute(query):
        found[PaymentId(payment)].add(AllocationId(allocation))
    return dict(found)


def last_standing(session: ReadSession, *, by: str, since: datetime) -> int | None:
    """Return a person's last answer of which something stands; None where there is none since a time."""
    query = (
        select(func.max(col(AnswerRow.id)))
        .join(AnswerPartRow, col(AnswerPartRow.answer_id) == col(AnswerRow.id))
        .join(AllocationRow, col(AllocationRow.id) == col(AnswerPartRow.allocation_id))
        .where(col(AnswerRow.given_by) == by, col(AnswerRow.given_at) >= since, in_force())
    )
    last: int | None = session.scalar(query)
    return last


def given(session: ReadSession, answer_id: int) -> GivenAnswer | None:
    """Return an answer, or None where nothing of it stands any more."""
    query = (
        select(func.count(col(AllocationRow.payment_id).distinct()), func.min(col(AllocationRow.id)))
        .join(AnswerPartRow, col(AnswerPartRow.allocation_id) == col(AllocationRow.id))
        .where(col(AnswerPartRow.answer_id) == answer_id, in_force())
    )
    payments, first = session.execute(query).one()
    row = None if first is None else session.get(AllocationRow, first)
    return None if row is None else GivenAnswer(answer_id, payments, row.purpose, row.donor_id)
