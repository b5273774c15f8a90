"""From all lines of some days to payments: inside a bucket, one to one between statements; what is left over is new.

The result is a function of the set of statements: the order in which they were imported changes nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from donations.core.money import Minor
from donations.core.statement import BANK_SCHEMES
from donations.identity.assignment import assign
from donations.identity.content import LineId, SeenLine, SeenStatement, StatementId
from donations.identity.findings import SAME_BANK_ID, LineEvidence
from donations.identity.renumbering import renumbered
from donations.identity.splits import Group, counted_splits


@dataclass(frozen=True, slots=True)
class BatchEntries:
    """The batch entries of some statements: their totals and their parts."""

    evidence: LineEvidence
    parts: dict[LineId, tuple[SeenLine, ...]]
    """By the total."""
    moved: dict[LineId, tuple[date, Minor]]
    """By the total, when it was booked and its amount."""
    shown_as: dict[tuple[StatementId, LineId], LineId] = field(default_factory=dict)
    """By a statement and a batch of another, the line that shows this entry there: a part is of it or of none."""

    @classmethod
    def of(cls, statements: Iterable[SeenStatement], evidence: LineEvidence) -> BatchEntries:
        """Return the batches of these statements."""
        parts: defaultdict[LineId, list[SeenLine]] = defaultdict(list)
        moved: dict[LineId, tuple[date, Minor]] = {}
        for seen in (seen for statement in statements for seen in statement.lines):
            if seen.batch is not None:
                parts[seen.batch].append(seen)
            elif seen.is_batch_total:
                moved[seen.id] = seen.bucket
        return cls(evidence, {total: tuple(lines) for total, lines in parts.items()}, moved)

    def weight(self, one: SeenLine, other: SeenLine) -> int | None:
        """Return how much speaks for one payment, or for one entry; None where something contradicts it."""
        for part, seen in ((one, other), (other, one)):
            entry = self.shown_as.get((seen.statement, part.batch)) if part.batch is not None else None
            if entry is not None and seen.batch != entry:
                return None
        weight = self.evidence.weight(one, other)
        if one.batch is not None and other.batch is not None and self.moved[one.batch] != self.moved[other.batch]:
            # Parts of two entries: one payment only if the bank or a person says so.
            return None if weight is None or weight < SAME_BANK_ID else weight
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
        """Remember which statements show which batches of others, as a total or with a split of their own."""
        for group in groups:
            batches = [seen for seen in group if seen.is_batch_total]
            self.shown_as.update({(s.statement, b.id): s.id for b in batches for s in group if s.id != b.id})


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """The lines that attest one payment."""

    lines: tuple[SeenLine, ...]
    totals: tuple[SeenLine, ...] = ()
    """Lines that show only the total of a batch entry, or split it otherwise: they attest each of its parts."""


def clusters(
    statements: Sequence[SeenStatement],
    *,
    days: Collection[date] | None = None,
    decided: Mapping[frozenset[LineId], bool] | None = None,
    left_out: Collection[LineId] = (),
) -> list[Cluster]:
    """Return the payments that the statements attest on these days (default: all), in no particular order.

    The statements are of one account and currency, and are all those that touch the days. People `decided` of pairs
    whether they are the same payment, and of single lines that they are `left_out`.
    """
    evidence = LineEvidence(
        {statement.id: statement for statement in statements}, renumbered(statements), decided or {}
    )
    buckets: defaultdict[object, list[SeenLine]] = defaultdict(list)
    for statement in statements:
        for seen in statement.lines:
            if (days is None or seen.line.booked_on in days) and seen.id not in left_out:
                buckets[seen.bucket].append(seen)
    batches = BatchEntries.of(statements, evidence)
    for bucket in buckets.values():
        if any(seen.is_batch_total for seen in bucket):
            batches.note_totals(_in_bucket(bucket, batches))
    groups = [group for bucket in buckets.values() for group in _in_bucket(bucket, batches)]
    return _with_totals(groups, batches)


def _in_bucket(bucket: Sequence[SeenLine], batches: BatchEntries) -> list[Group]:
    if len({seen.statement for seen in bucket}) == 1:
        return [[seen] for seen in bucket]
    statements = batches.evidence.statements
    by_statement: defaultdict[StatementId, list[SeenLine]] = defaultdict(list)
    for seen in bucket:
        by_statement[seen.statement].append(seen)
    groups: list[Group] = []
    for statement in sorted(by_statement, key=lambda each: _rank(by_statement[each], statements[each])):
        lines = by_statement[statement]
        for seen, group in zip(lines, _partners(lines, groups, batches), strict=True):
            if group is None:
                groups.append([seen])
            else:
                group.append(seen)
    return groups


def _rank(lines: Sequence[SeenLine], statement: SeenStatement) -> tuple[int, int, int, str]:
    """Put the statements that tell most first, so that later ones are compared with what tells most."""
    return (
        -sum(seen.is_batch_total for seen in lines),
        -sum(len(seen.line.ids) for seen in lines),
        -sum(seen.iban is not None for seen in lines),
        statement.fingerprint,
    )


def _partners(lines: Sequence[SeenLine], groups: Sequence[Group], batches: BatchEntries) -> list[Group | None]:
    """Return for each line of one statement the group it joins."""
    result: list[Group | None] = [None] * len(lines)
    rows, columns = list(range(len(lines))), list(range(len(groups)))
    if not batches.evidence.decided:
        # What an id or the very same content tells is taken first: the rest is small enough for the exact search.
        for traits in (_id_traits, _content_traits):
            for row, column in _agreeing(lines, groups, rows, columns, traits, batches):
                result[row] = groups[column]
                rows.remove(row)
                columns.remove(column)
    weights = [[_weight(lines[row], groups[column], batches) for column in columns] for row in rows]
    for row, at in zip(rows, assign(weights), strict=True):
        if at is not None:
            result[row] = groups[columns[at]]
    return result


def _agreeing(
    lines: Sequence[SeenLine],
    groups: Sequence[Group],
    rows: Sequence[int],
    columns: Sequence[int],
    traits: Callable[[SeenLine, LineEvidence], Iterable[Hashable]],
    batches: BatchEntries,
) -> list[tuple[int, int]]:
    """Pair rows and columns that have a trait in common and nothing against them, each once, in order."""
    having: defaultdict[Hashable, list[int]] = defaultdict(list)
    for column in columns:
        members = (trait for member in groups[column] for trait in traits(member, batches.evidence))
        for trait in dict.fromkeys(members):
            having[trait].append(column)
    pairs: list[tuple[int, int]] = []
    taken: set[int] = set()
    for row in rows:
        for column in (column for trait in traits(lines[row], batches.evidence) for column in having[trait]):
            if column not in taken and _weight(lines[row], groups[column], batches) is not None:
                taken.add(column)
                pairs.append((row, column))
                break
    return pairs


def _id_traits(seen: SeenLine, evidence: LineEvidence) -> Iterable[Hashable]:
    ids = evidence.statements[seen.statement].ids_of(seen)
    return [(scheme, value) for scheme, values in ids.items() if scheme in BANK_SCHEMES for value in sorted(values)]


def _content_traits(seen: SeenLine, _: LineEvidence) -> Iterable[Hashable]:
    line = seen.line
    return [(seen.iban, line.reference, seen.words, line.text)] if seen.iban else []


def _weight(seen: SeenLine, group: Sequence[SeenLine], batches: BatchEntries) -> int | None:
    """Return how much speaks for a line being of a group: nothing of it may contradict the line.

    But of a line that the bank corrected, one of both contents is enough.
    """
    weights = [(member, batches.weight(seen, member)) for member in group]
    fitting = [member for member, weight in weights if weight is not None]
    for member, weight in weights:
        is_refused = batches.evidence.decided.get(frozenset((seen.id, member.id))) is False
        if weight is None and (is_refused or not any(batches.evidence.is_corrected(member, one) for one in fitting)):
            return None
    return max((weight for _, weight in weights if weight is not None), default=None)


def _with_totals(groups: Sequence[Group], batches: BatchEntries) -> list[Cluster]:
    """Let what shows only the total of a batch attest its parts, and one split of it count."""
    found = counted_splits(groups, batches.parts, batches.evidence)
    payments = (
        (at, [seen for seen in group if seen.id not in found.losing])
        for at, group in enumerate(groups)
        if not any(seen.is_batch_total for seen in group)
    )
    return [Cluster(tuple(group), tuple(found.totals[at])) for at, group in payments if group]
