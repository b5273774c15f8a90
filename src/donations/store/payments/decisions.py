"""Why allocations are made: what a rule found is kept once however often it finds it, each word of a person alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from donations.core.payment import Allocation, AllocationId, Decision
from donations.store.appending import append
from donations.store.interning import decision_digest, intern
from donations.store.session import WriteSession, next_ids
from donations.store.tables import DecisionRow
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
