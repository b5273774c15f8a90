"""What lines of statements disagree on: one id on two movements, a corrected line, one that stands twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from donations.core.statement import BANK_SCHEMES, BankId
from donations.identity.content import LineId, SeenLine, SeenStatement
from donations.identity.evidence import LineEvidence
from donations.identity.renumbering import renumbered


class FindingKind(StrEnum):
    """Stable codes."""

    CONFLICT = "conflict"
    """Two movements carry one id of the bank's, with another amount or day; they are kept apart."""
    CORRECTED = "corrected"
    """Two statements show one payment with other fields; the later made one counts."""
    REPEATED = "repeated"
    """A row stands twice in one statement, with one id of the bank's."""


class Finding(NamedTuple):
    """Two lines that disagree; a fact of both, whatever other statements there are."""

    kind: FindingKind
    line: LineId
    other: LineId


def findings(new: SeenStatement, statements: Iterable[SeenStatement]) -> list[Finding]:
    """Return what the new statement disagrees on with itself and with each of the others that touch its days."""
    found = [Finding(FindingKind.REPEATED, one.id, other.id) for one, other in _repeated(new)]
    for other in statements:
        if other.id != new.id:
            evidence = LineEvidence({new.id: new, other.id: other}, renumbered((new, other)), {})
            found += _between(new, other, evidence)
    return found


def _repeated(statement: SeenStatement) -> Iterator[tuple[SeenLine, SeenLine]]:
    """Yield rows that carry one id, day, amount and payer; a bank's rows of interest and its tax share only the id."""
    rows: defaultdict[object, list[SeenLine]] = defaultdict(list)
    for seen in statement.lines:
        for bank_id in seen.line.ids:
            if bank_id in statement.demoted and bank_id.scheme in BANK_SCHEMES:
                rows[bank_id, seen.bucket, seen.line.counterparty.account, seen.words].append(seen)
    yield from dict.fromkeys(pair for lines in rows.values() for pair in pairwise(lines))


def _between(new: SeenStatement, other: SeenStatement, evidence: LineEvidence) -> Iterator[Finding]:
    for one, seen in _sharing(new, other, evidence):
        if one.bucket != seen.bucket:
            yield Finding(FindingKind.CONFLICT, one.id, seen.id)
        elif not one.is_batch_total and not seen.is_batch_total and evidence.is_corrected(one, seen):
            yield Finding(FindingKind.CORRECTED, one.id, seen.id)


def _sharing(new: SeenStatement, other: SeenStatement, evidence: LineEvidence) -> Sequence[tuple[SeenLine, SeenLine]]:
    """Return the pairs of lines that carry one telling id."""
    lines_with: defaultdict[BankId, list[SeenLine]] = defaultdict(list)
    for seen in new.lines:
        for bank_id in _telling(seen, new):
            lines_with[bank_id].append(seen)
    pairs = {
        (one.id, seen.id): (one, seen)
        for seen in other.lines
        for bank_id in _telling(seen, other)
        if (new.id, other.id, bank_id.scheme) not in evidence.renumbered
        for one in lines_with.get(bank_id, ())
    }
    return list(pairs.values())


def _telling(seen: SeenLine, statement: SeenStatement) -> Iterator[BankId]:
    return (each for each in seen.line.ids if each.scheme in BANK_SCHEMES and each not in statement.demoted)
