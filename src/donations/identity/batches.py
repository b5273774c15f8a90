"""Entries of several payments: which lines show only their total, and which of two splits counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from donations.identity.evidence import Evidence
from donations.identity.seen import LineId, SeenLine, SeenStatement, StatementId

Group = list[SeenLine]


@dataclass(frozen=True, slots=True)
class Batches:
    """The batch entries of some statements: their totals and their parts."""

    evidence: Evidence
    parts: dict[LineId, tuple[SeenLine, ...]] = field(default_factory=dict)
    """By the total."""
    totalled: set[tuple[StatementId, LineId]] = field(default_factory=set)
    """Statements that show a batch as its total, with the batch: none of their other lines is a part of it."""

    @classmethod
    def of(cls, statements: Iterable[SeenStatement], evidence: Evidence) -> Batches:
        """Return the batches of these statements."""
        parts: defaultdict[LineId, list[SeenLine]] = defaultdict(list)
        for statement in statements:
            for seen in statement.lines:
                if seen.batch is not None:
                    parts[seen.batch].append(seen)
        return cls(evidence, {total: tuple(lines) for total, lines in parts.items()})

    def weight(self, one: SeenLine, other: SeenLine) -> int | None:
        """Return how much speaks for one payment, or for one entry; None where something contradicts it."""
        for part, seen in ((one, other), (other, one)):
            if part.batch is not None and (seen.statement, part.batch) in self.totalled:
                return None
        weight = self.evidence.weight(one, other)
        if weight is None or one.is_batch_total == other.is_batch_total:
            return weight
        total, line = (one, other) if one.is_batch_total else (other, one)
        return weight if self._may_total(total, line) else None

    def _may_total(self, total: SeenLine, line: SeenLine) -> bool:
        """Whether a line may stand for a whole batch: it has the entry's id or names no payer.

        And its statement does not show the parts itself. A line that names a payer is that payer's.
        """
        party = line.line.counterparty
        names_nobody = not (party.name or party.account or party.code)
        return (names_nobody or self.evidence.share_bank_id(total, line)) and not self._shows_parts(line, total)

    def _shows_parts(self, line: SeenLine, total: SeenLine) -> bool:
        """Whether the statement of a line has lines of its own for all parts of a batch."""
        wanted = Counter(part.bucket for part in self.parts.get(total.id, ()))
        others = self.evidence.statements[line.statement].on(line.line.booked_on)
        shown = Counter(each.bucket for each in others if each.id != line.id and self._is_a_part(each, total))
        return bool(wanted) and all(shown[bucket] >= count for bucket, count in wanted.items())

    def _is_a_part(self, line: SeenLine, total: SeenLine) -> bool:
        parts = self.parts.get(total.id, ())
        return any(p.bucket == line.bucket and self.evidence.weight(line, p) is not None for p in parts)

    def note_totals(self, groups: Iterable[Group]) -> None:
        """Remember which statements show which batches as their total."""
        for group in groups:
            batches = [seen for seen in group if seen.is_batch_total]
            self.totalled.update((s.statement, b.id) for b in batches for s in group if not s.is_batch_total)


@dataclass(frozen=True, slots=True)
class Entry:
    """One batch entry as all statements show it: the split that counts, and what shows the same entry otherwise."""

    parts: frozenset[LineId]
    """The lines that are its payments, of every statement that splits it so."""
    totals: tuple[SeenLine, ...]
    """Lines that show only the total."""
    losing: frozenset[LineId]
    """Parts of another split: they attest nothing, their total does."""
    losing_totals: tuple[SeenLine, ...]


def entries(groups: Sequence[Group], batches: Batches) -> list[Entry]:
    """Return the batch entries among the groups of lines."""
    group_of = {seen.id: at for at, group in enumerate(groups) for seen in group}
    return [
        _entry([seen for seen in group if seen.is_batch_total], group, batches, group_of)
        for group in groups
        if any(seen.is_batch_total for seen in group)
    ]


def _entry(
    totals: Sequence[SeenLine], group: Sequence[SeenLine], batches: Batches, group_of: Mapping[LineId, int]
) -> Entry:
    """One split counts: the one that names most payers, has most parts, or was made last."""
    counting = max(totals, key=lambda total: _fullness(batches.parts[total.id], batches.evidence, total))
    wanted = _places(batches.parts[counting.id], group_of)
    losing = [total for total in totals if _places(batches.parts[total.id], group_of) != wanted]
    winning = [total for total in totals if total not in losing]
    return Entry(
        parts=frozenset(part.id for total in winning for part in batches.parts[total.id]),
        totals=tuple(seen for seen in group if not seen.is_batch_total),
        losing=frozenset(part.id for total in losing for part in batches.parts[total.id]),
        losing_totals=tuple(losing),
    )


def _fullness(parts: Collection[SeenLine], evidence: Evidence, total: SeenLine) -> tuple[object, ...]:
    named = sum(part.iban is not None or bool(part.words) for part in parts)
    return (named, len(parts), evidence.statements[total.statement].made)


def _places(parts: Iterable[SeenLine], group_of: Mapping[LineId, int]) -> list[int]:
    return sorted(group_of[part.id] for part in parts if part.id in group_of)
