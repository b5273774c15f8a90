"""What statements disagree on: one id on two movements, and payments that a covering statement does not show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from donations.core.payment import PaymentId
from donations.core.statement import BANK_SCHEMES, BankId
from donations.identity.evidence import Evidence
from donations.identity.renumbering import renumbered
from donations.identity.seen import LineId, SeenLine, SeenStatement, StatementId
from donations.identity.settling import Known

REDATED_WITHIN = timedelta(days=3)
"""How far apart a payment and a line may lie to be proposed as the same payment with another date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two payments carry one id of the bank's, with another amount or day; they are kept apart."""

    payment: PaymentId
    other: PaymentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A payment falls on a day inside a statement that does not show it."""

    payment: PaymentId
    statement: StatementId
    redated: PaymentId | None
    """A payment of that statement alone with the same amount, at most three days away: perhaps the same."""


Finding = Conflict | Orphan


def findings(new: SeenStatement, statements: Sequence[SeenStatement], payments: Sequence[Known]) -> list[Finding]:
    """Return what the new statement and the others disagree on.

    `statements` are those that touch its days, itself among them; `payments` all of those days and three around.
    """
    others = [each for each in statements if each.id != new.id]
    if not others:
        return []
    seen = {line.id: line for statement in statements for line in statement.lines}
    payment_of = {line: payment.id for payment in payments for line in payment.lines}
    evidence = Evidence({each.id: each for each in statements}, renumbered(statements), {})
    found: list[Finding] = [
        Conflict(payment=payment_of[one.id], other=payment_of[other.id])
        for one, other in _one_id_twice(new, others, evidence)
        if one.id in payment_of and other.id in payment_of and payment_of[one.id] != payment_of[other.id]
    ]
    for statement in (new, *others):
        concerned = payments if statement is new else [p for p in payments if _attested_by(p, new, seen)]
        found += _orphans(statement, concerned, payments, seen, evidence)
    return list(dict.fromkeys(found))


def _one_id_twice(
    new: SeenStatement, others: Iterable[SeenStatement], evidence: Evidence
) -> Iterable[tuple[SeenLine, SeenLine]]:
    lines_with: defaultdict[BankId, list[SeenLine]] = defaultdict(list)
    for seen in new.lines:
        for bank_id in seen.line.ids:
            if bank_id.scheme in BANK_SCHEMES and bank_id not in new.demoted:
                lines_with[bank_id].append(seen)
    for other in others:
        for seen in other.lines:
            for bank_id in seen.line.ids:
                if bank_id in other.demoted or (new.id, other.id, bank_id.scheme) in evidence.renumbered:
                    continue
                yield from ((one, seen) for one in lines_with.get(bank_id, ()) if one.bucket != seen.bucket)


def _attested_by(payment: Known, statement: SeenStatement, seen: Mapping[LineId, SeenLine]) -> bool:
    return any(line in seen and seen[line].statement == statement.id for line in payment.lines)


def _orphans(
    statement: SeenStatement,
    concerned: Iterable[Known],
    payments: Sequence[Known],
    seen: Mapping[LineId, SeenLine],
    evidence: Evidence,
) -> Iterable[Orphan]:
    """A statement may begin and end inside a day, so only the days between its first and last are sure."""
    for payment in concerned:
        day = payment.bucket[0]
        if not statement.first_day < day < statement.last_day or not payment.lines:
            continue
        if not _attested_by(payment, statement, seen):
            near = [p for p in payments if _perhaps_redated(payment, p, statement, seen, evidence)]
            yield Orphan(
                payment=payment.id,
                statement=statement.id,
                redated=min((p.id for p in near), default=None),
            )


def _perhaps_redated(
    orphan: Known, candidate: Known, statement: SeenStatement, seen: Mapping[LineId, SeenLine], evidence: Evidence
) -> bool:
    day, minor = orphan.bucket
    other_day, other_minor = candidate.bucket
    if other_minor != minor or other_day == day or abs(other_day - day) > REDATED_WITHIN:
        return False
    lines = [seen[line] for line in candidate.lines if line in seen]
    if {line.statement for line in lines} != {statement.id}:
        return False
    return all(evidence.weight(seen[one], other) is not None for one in orphan.lines if one in seen for other in lines)
