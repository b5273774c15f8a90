"""Which split of a batch entry counts, where statements show other parts of it, or list them as lines of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import permutations

from donations.identity.assignment import assign
from donations.identity.content import LineId, SeenLine, StatementId
from donations.identity.findings import LineEvidence

Group = list[SeenLine]
Lines = tuple[SeenLine, ...]


@dataclass(frozen=True, slots=True)
class CountedSplits:
    """What counts of all batch entries; a group is named by its place."""

    totals: defaultdict[int, Group] = field(default_factory=lambda: defaultdict(list))
    """By a payment's group, the totals of which it is a part that their own statement does not show."""
    losing: set[LineId] = field(default_factory=set)
    """Parts of splits that do not count: they attest nothing, their total does."""


def counted_splits(groups: Sequence[Group], parts: Mapping[LineId, Lines], evidence: LineEvidence) -> CountedSplits:
    """Say of each batch entry among the groups of lines which split counts; `parts` are given by their total.

    It is one that a list of lines shows, for nothing else would tell of those; else the one that names most payers, has
    most parts, or was made last. A part on which two splits agree is shown by both.
    """
    found = CountedSplits()
    if not parts:
        return found
    place = {seen.id: at for at, group in enumerate(groups) for seen in group}
    listed = _listed(groups, parts, evidence)

    def groups_of(lines: Lines) -> list[Group]:
        return [groups[place[line.id]] for line in lines if line.id in place]

    def fullness(split: tuple[SeenLine, Lines]) -> tuple[object, ...]:
        shown_by, lines = split
        is_listed = all(any(seen.batch is None for seen in group) for group in groups_of(lines))
        named = sum(line.iban is not None or bool(line.words) for line in lines)
        return (is_listed, named, len(lines), evidence.statements[shown_by.statement].made)

    for group in groups:
        totals = [seen for seen in group if seen.is_batch_total]
        if not totals:
            continue
        splits = [(total, parts[total.id]) for total in totals]
        entry_in = {seen.statement: seen.id for seen in group}
        splits += [
            (lines[-1], lines)
            for lines in (lines for total in totals for lines in listed[total.id])
            # What a statement shows beside the entry is no part of it.
            if all(s.batch == entry_in.get(s.statement, s.batch) for each in groups_of(lines) for s in each)
        ]
        wanted = {place[line.id] for line in max(splits, key=fullness)[1] if line.id in place}
        own = {total.id: {place.get(part.id) for part in parts[total.id]} for total in totals}
        for at in wanted:
            found.totals[at] += [seen for seen in group if at not in own.get(seen.id, ())]
        found.losing.update(part.id for each in totals for part in parts[each.id] if place.get(part.id) not in wanted)
    return found


def _listed(
    groups: Sequence[Group], parts: Mapping[LineId, Lines], evidence: LineEvidence
) -> defaultdict[LineId, list[Lines]]:
    """Return by the total of an entry how statements without entries split it otherwise.

    All that two statements show differently on a day are parts of one entry of the one, and as many lines of the other
    by the same payers that add up to the same.
    """
    found: defaultdict[LineId, list[Lines]] = defaultdict(list)
    shown_by = {seen.id: there for group in groups for there in [{each.statement for each in group}] for seen in group}
    days: defaultdict[date, defaultdict[StatementId, Group]] = defaultdict(lambda: defaultdict(list))
    for seen in (seen for group in groups for seen in group if not seen.is_batch_total):
        days[seen.line.booked_on][seen.statement].append(seen)
    for (one, shown), (other, lines) in (pair for day in days.values() for pair in permutations(day.items(), 2)):
        ours = [seen for seen in shown if other not in shown_by[seen.id]]
        theirs = [seen for seen in lines if one not in shown_by[seen.id]]
        entries = {seen.batch for seen in ours}
        total = entries.pop() if len(entries) == 1 else None
        if total is None or any(seen.batch is not None for seen in theirs):
            continue
        if other not in shown_by.get(total, ()) and _fit(ours, theirs, evidence):
            found[total].append((*(part for part in parts[total] if part not in ours), *theirs))
    return found


def _fit(ours: Sequence[SeenLine], theirs: Sequence[SeenLine], evidence: LineEvidence) -> bool:
    """Whether the lines add up to the same, each by a payer of the other side's."""
    sums = (sum(seen.line.money.signed_minor for seen in lines) for lines in (ours, theirs))
    if len(ours) != len(theirs) or len(set(sums)) > 1:
        return False
    return None not in assign([[_same_payer(one, other, evidence) for other in theirs] for one in ours])


def _same_payer(one: SeenLine, other: SeenLine, evidence: LineEvidence) -> int | None:
    is_same = one.iban == other.iban if one.iban and other.iban else bool(one.words & other.words)
    return 1 if is_same and evidence.weight(one, other) is not None else None
