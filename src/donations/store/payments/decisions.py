"""Why allocations are made: what a rule found is kept once however often it finds it, each word of a person alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from donations.core.money import Currency, Minor
from donations.core.payment import Allocation, AllocationId, Decision, PaymentId, Purpose
from donations.store.appending import append
from donations.store.interning import decision_digest, intern
from donations.store.session import ReadSession, WriteSession, next_ids
from donations.store.tables import AllocationRow, AttestationRow, DecisionRow, PaymentRow
from donations.store.tables.sealed import ciphers_of


def keep_decisions(session: WriteSession, allocations: Iterable[Allocation]) -> dict[AllocationId, int]:
    """Return the decision of each allocation."""
    ciphers = ciphers_of(session.get_bind().dialect)
    digests: dict[Decision, bytes] = {}
    by_rules: dict[AllocationId, bytes] = {}
    by_people: dict[AllocationId, Decision] = {}
    for each in allocations:
        decision = each.decision
        if decision.person is not None:
            by_people[each.id] = decision
            continue
        digest = digests.get(decision)
        if digest is None:
            digest = digests[decision] = decision_digest(
                ciphers, rule=decision.rule or "", reason=decision.reason, evidence=_written(decision)
            )
        by_rules[each.id] = digest
    rows = {digest: _row(decision) for decision, digest in digests.items()}
    ids = intern(session, DecisionRow, rows)
    numbers = dict(zip(by_people, next_ids(session, DecisionRow), strict=False))
    append(
        session,
        DecisionRow,
        ({"id": numbers[each], "digest": None, **_row(decision)} for each, decision in by_people.items()),
    )
    return {each: ids[digest] for each, digest in by_rules.items()} | numbers


def decision_of(row: Any) -> Decision:
    """Return the decision that a row with its columns holds."""
    evidence = tuple((name, value) for name, value in json.loads(row.evidence)) if row.evidence else ()
    return Decision(reason=row.reason, rule=row.rule, person=row.person, evidence=evidence)


def _row(decision: Decision) -> dict[str, str | None]:
    return {
        "rule": decision.rule,
        "person": decision.person,
        "reason": decision.reason,
        "evidence": _written(decision),
    }


def _written(decision: Decision) -> str:
    return json.dumps(decision.evidence) if decision.evidence else ""


class DecidedByHand(NamedTuple):
    """What a person said that money was for."""

    payment: PaymentId
    booked_on: date
    purpose: Purpose
    minor: Minor
    """Unsigned."""
    currency: Currency
    decision: Decision
    at: datetime
    is_taken_back: bool


def decided_by_hand(
    session: ReadSession, *, first_day: date, last_day: date, most: int | None = None
) -> list[DecidedByHand]:
    """Return what people decided of attested payments that were booked on these days, the newest first."""
    reversal = aliased(AllocationRow)
    row, said = AllocationRow, DecisionRow
    query = (
        select(
            *map(col, (row.payment_id, PaymentRow.booked_on, row.purpose, row.minor, row.currency, row.made_at)),
            *map(col, (said.rule, said.person, said.reason, said.evidence)),
            exists().where(col(reversal.reverses_id) == col(row.id)).label("is_taken_back"),
        )
        .join(said, col(said.id) == col(row.decision_id))
        .join(PaymentRow, col(PaymentRow.id) == col(row.payment_id))
        .where(col(said.person).is_not(None), col(row.reverses_id).is_(None))
        .where(col(PaymentRow.booked_on).between(first_day, last_day))
        .where(exists().where(col(AttestationRow.payment_id) == col(row.payment_id)))
        .order_by(col(row.id).desc())
        .limit(most)
    )
    return [
        DecidedByHand(
            payment=PaymentId(each.payment_id),
            booked_on=each.booked_on,
            purpose=Purpose(each.purpose),
            minor=each.minor,
            currency=Currency(each.currency),
            decision=decision_of(each),
            at=each.made_at,
            is_taken_back=each.is_taken_back,
        )
        for each in session.execute(query)
    ]
