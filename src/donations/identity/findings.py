"""What speaks for and against two lines being one payment, and what lines of statements disagree on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from donations.core.statement import BANK_SCHEMES, BankId, IdScheme
from donations.identity.content import LineId, SeenLine, SeenStatement, StatementId, begins_alike
from donations.identity.renumbering import Renumbered, is_apart, renumbered

SAME_DECIDED = 1_000_000_000
SAME_BANK_ID = 1_000_000
SAME_END_TO_END = 50_000
SAME_IBAN = 10_000
SAME_REFERENCE = 1_000
SAME_TEXT_START = 100
SAME_NAME = 20
COMMON_NAME_WORD = 10
NOTHING_AGAINST = 1

_TELLING_LENGTH = 8
"""An id that long does not agree by chance with an id of another scheme."""


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """Compares lines in the light of their statements and of what people decided."""

    statements: Mapping[StatementId, SeenStatement]
    renumbered: Renumbered
    decided: Mapping[frozenset[LineId], bool]
    """Pairs that a person called the same (True) or not the same (False)."""
    _apart: dict[tuple[StatementId, StatementId, date], bool] = field(default_factory=dict)

    def weight(self, one: SeenLine, other: SeenLine) -> int | None:
        """Return how much speaks for one payment, or None where something contradicts it.

        An id of the bank's that both know decides, whatever else differs: the bank corrected it.
        """
        decided = self.decided.get(frozenset((one.id, other.id))) if self.decided else None
        if decided is not None:
            return SAME_DECIDED if decided else None
        if self._is_apart(one, other):
            return None
        agreed, contradicted = self._ids(one, other)
        content, differs = _content(one, other)
        if agreed < SAME_BANK_ID and (contradicted or differs):
            return None
        return NOTHING_AGAINST + agreed + content

    def is_corrected(self, one: SeenLine, other: SeenLine) -> bool:
        """Whether both carry one telling id of the bank's, and their contents contradict all the same."""
        return self.share_bank_id(one, other) and _content(one, other)[1]

    def share_bank_id(self, one: SeenLine, other: SeenLine) -> bool:
        """Whether both carry one telling id of the bank's."""
        return self._ids(one, other)[0] >= SAME_BANK_ID

    def _ids(self, one: SeenLine, other: SeenLine) -> tuple[int, bool]:
        """Return what the ids weigh that agree, and whether others contradict."""
        ids_one, ids_other = self.statements[one.statement].ids_of(one), self.statements[other.statement].ids_of(other)
        agreed, contradicted = 0, False
        for scheme in ids_one.keys() & ids_other.keys():
            if (one.statement, other.statement, scheme) in self.renumbered:
                continue
            if ids_one[scheme] & ids_other[scheme]:
                agreed += SAME_BANK_ID if scheme in BANK_SCHEMES else SAME_END_TO_END
            else:
                # What the payer numbers is written otherwise by format and by download: differing says nothing.
                contradicted |= scheme in BANK_SCHEMES
        if agreed < SAME_BANK_ID and _share_long_id(ids_one, ids_other):
            agreed += SAME_BANK_ID
        return agreed, contradicted

    def _is_apart(self, one: SeenLine, other: SeenLine) -> bool:
        key = (one.statement, other.statement, one.line.booked_on)
        if key not in self._apart:
            pair = self.statements[one.statement], self.statements[other.statement]
            self._apart[key] = is_apart(*pair, one.line.booked_on)
        return self._apart[key]


def _share_long_id(ids_one: Mapping[IdScheme, frozenset[str]], ids_other: Mapping[IdScheme, frozenset[str]]) -> bool:
    """Whether an id agrees across schemes, as where a bank's CSV archive id begins its XML entry reference."""
    values_one = {value.partition("-")[0] for scheme in ids_one.keys() & BANK_SCHEMES for value in ids_one[scheme]}
    values_other = {v.partition("-")[0] for scheme in ids_other.keys() & BANK_SCHEMES for v in ids_other[scheme]}
    return any(len(value) >= _TELLING_LENGTH for value in values_one & values_other)


def _content(one: SeenLine, other: SeenLine) -> tuple[int, bool]:
    """Return what the content weighs that agrees, and whether some of it contradicts."""
    weight, differs = 0, False
    if one.iban and other.iban:
        weight, differs = (weight + SAME_IBAN, differs) if one.iban == other.iban else (weight, True)
    if one.line.reference and other.line.reference:
        is_same = one.line.reference == other.line.reference
        weight, differs = (weight + SAME_REFERENCE, differs) if is_same else (weight, True)
    words_one, words_other = one.words, other.words
    if words_one and words_other:
        if words_one & words_other:
            weight += SAME_NAME if words_one == words_other else COMMON_NAME_WORD
        elif not one.iban and not other.iban:
            differs = True
    if one.line.text and other.line.text and begins_alike(one.line.text, other.line.text):
        weight += SAME_TEXT_START
    return weight, differs


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
