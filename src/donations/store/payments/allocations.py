"""Allocations: appended, and read with what they reverse."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from donations.core.donor import AppealId, DonorId
from donations.core.money import Amount, Currency
from donations.core.payment import Allocation, AllocationId, Decision, PaymentId, Purpose
from donations.store.given import gifts
from donations.store.giving.regular_gifts import renew_regular_gifts
from donations.store.ids import append, in_runs, table_of
from donations.store.session import ReadSession, WriteSession
from donations.store.tables import AllocationRow


def append_allocations(session: WriteSession, allocations: Sequence[Allocation], *, at: datetime) -> None:
    """Append allocations; one that reverses is kept as negative minor units. Who gives regularly is judged anew."""
    append(session, AllocationRow, (_row(each, at) for each in allocations))
    gifts = (each for each in allocations if each.purpose is Purpose.GIFT)
    renew_regular_gifts(session, {each.donor for each in gifts if each.donor is not None})


def allocations_of(session: ReadSession, payments: Iterable[PaymentId]) -> dict[PaymentId, list[Allocation]]:
    """Return all allocations of these payments, reversed ones too, in the order they were made."""
    found: defaultdict[PaymentId, list[Allocation]] = defaultdict(list)
    for run in in_runs(sorted(set(payments))):
        table = table_of(AllocationRow)
        query = sql_select(table).where(table.c.payment_id.in_(run)).order_by(table.c.id)
        for row in session.execute(query):
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


def allocation_of(row: Any) -> Allocation:
    """Return the allocation that a row holds."""
    return Allocation(
        id=AllocationId(row.id),
        payment=PaymentId(row.payment_id),
        purpose=Purpose(row.purpose),
        amount=Amount(abs(row.minor), Currency(row.currency)),
        decision=Decision(
            reason=row.reason,
            rule=row.rule,
            person=row.person,
            evidence=tuple((name, value) for name, value in json.loads(row.evidence)) if row.evidence else (),
        ),
        donor=None if row.donor_id is None else DonorId(row.donor_id),
        appeal=None if row.appeal_id is None else AppealId(row.appeal_id),
        reverses=None if row.reverses_id is None else AllocationId(row.reverses_id),
        returns=None if row.returns_payment_id is None else PaymentId(row.returns_payment_id),
    )


def _row(allocation: Allocation, at: datetime) -> dict[str, Any]:
    decision = allocation.decision
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
        "rule": decision.rule,
        "person": decision.person,
        "reason": decision.reason,
        "evidence": json.dumps(decision.evidence) if decision.evidence else "",
        "made_at": at,
    }


def last_allocation_id(session: ReadSession) -> int:
    """Return the number of the last allocation that was made; 0 before the first."""
    return session.scalar(select(func.max(AllocationRow.id))) or 0
