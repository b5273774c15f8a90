"""What the files that are in the books show: which movements, by which lines, and where nobody can tell them apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import combinations

from tests.truth.values import GivenFile, Line, Movement, Statement, World

Bucket = tuple[str, str, date, int]
"""Account, currency, booking day, signed amount."""
Item = tuple[str, int]
"""`movement` with its key, or `batch` with the key of the batch."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One line of one file that shows something."""

    file: int
    statement: Statement
    line: Line
    entry: Line
    """The line itself, or the entry that it is a part of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How many payments a bucket may have."""

    truth: int
    least: int
    most: int


@dataclass
class Known:
    """What is known from the active files."""

    world: World
    files: Sequence[GivenFile]
    by_key: dict[int, Movement] = field(init=False)

    def __post_init__(self) -> None:
        self.by_key = {each.key: each for each in self.world.movements}

    @cached_property
    def statements(self) -> list[tuple[int, Statement]]:
        """Every statement, with the key of its file."""
        return [(file.key, each) for file in self.files for each in file.statements]

    @cached_property
    def sights(self) -> dict[Bucket, list[tuple[Item, Sight]]]:
        """What the files show, by bucket; totals of batches whose parts some file shows are no payments."""
        found: defaultdict[Bucket, list[tuple[Item, Sight]]] = defaultdict(list)
        for file, statement in self.statements:
            for entry in statement.lines:
                for leaf in entry.leaves:
                    item = self.item(leaf)
                    if item[0] == "batch" and item[1] in self.split_batches:
                        continue
                    bucket = (statement.account, statement.currency, leaf.day, leaf.minor)
                    found[bucket].append((item, Sight(file, statement, leaf, entry)))
        return dict(found)

    @cached_property
    def split_batches(self) -> set[int]:
        """Batches whose parts some file shows."""
        batches = (
            self.by_key[leaf.movements[0]].batch
            for _, statement in self.statements
            for leaf in statement.leaves
            if not leaf.is_total
        )
        return {each for each in batches if each is not None}

    @cached_property
    def disputed_batches(self) -> set[int]:
        """Batches of which some file shows other parts than are true."""
        found = set()
        for _, statement in self.statements:
            for leaf in statement.leaves:
                one = self.by_key[leaf.movements[0]]
                if not leaf.is_total and one.batch is not None and leaf.minor != one.minor:
                    found.add(one.batch)
        return found

    @cached_property
    def unlinked_totals(self) -> Counter[Bucket]:
        """Totals of batches whose parts only tables show: nothing says that these rows are its parts."""
        split_by_entry = {
            self.by_key[entry.movements[0]].batch
            for _, statement in self.statements
            for entry in statement.lines
            if entry.is_total and entry.leaves != (entry,)
        }
        found: dict[int, Bucket] = {}
        for _, statement in self.statements:
            for leaf in statement.leaves:
                batch = self.by_key[leaf.movements[0]].batch
                if leaf.is_total and batch is not None and batch in self.split_batches - split_by_entry:
                    found[batch] = (statement.account, statement.currency, leaf.day, leaf.minor)
        return Counter(found.values())

    def item(self, leaf: Line) -> Item:
        """Return what a line shows."""
        one = self.by_key[leaf.movements[0]]
        return ("batch", one.batch or 0) if leaf.is_total else ("movement", one.key)

    def is_disputed(self, bucket: Bucket) -> bool:
        """Whether a batch that two files split differently has a part here, or is so much in all."""
        return any(
            one.batch in self.disputed_batches
            for one in self.world.movements
            if one.batch is not None and (one.account, one.currency, one.day) == bucket[:3]
        )

    def amounts(self, bucket: Bucket) -> Amounts:
        """Return how many payments are true, and between which bounds nobody can tell."""
        shown = self.sights.get(bucket, [])
        items = {item for item, _ in shown}
        truth = len(items)
        by_statement = self._by_statement(shown)
        least = max((len(each) for each in by_statement.values()), default=0)
        return Amounts(
            truth=truth,
            least=least if self._is_ambiguous(by_statement, shown) else truth,
            most=truth + self._unlike_versions(shown) + self.unlinked_totals[bucket],
        )

    def _by_statement(self, shown: Iterable[tuple[Item, Sight]]) -> dict[int, set[Item]]:
        found: defaultdict[int, set[Item]] = defaultdict(set)
        for item, sight in shown:
            found[id(sight.statement)].add(item)
        return found

    def _is_ambiguous(self, by_statement: dict[int, set[Item]], shown: list[tuple[Item, Sight]]) -> bool:
        """Whether two statements each show something that the other does not, and nothing tells these apart."""
        for one, other in combinations(by_statement, 2):
            only_one, only_other = by_statement[one] - by_statement[other], by_statement[other] - by_statement[one]
            for first in (sight for item, sight in shown if item in only_one and id(sight.statement) == one):
                for second in (sight for item, sight in shown if item in only_other and id(sight.statement) == other):
                    if not self._told_apart(first, second):
                        return True
        return False

    def _told_apart(self, one: Sight, other: Sight) -> bool:
        if one.line.iban and other.line.iban:
            return one.line.iban != other.line.iban
        if self._ids_hold(one, other):
            return True
        mine, theirs = (set(each.line.name.casefold().split()) for each in (one, other))
        return bool(mine and theirs and not mine & theirs)

    def _ids_hold(self, one: Sight, other: Sight) -> bool:
        """Whether the two statements number what both show alike, so that different ids say something."""
        mine, theirs = (self._ids_of(each.statement) for each in (one, other))
        both = mine.keys() & theirs.keys()
        return any(mine[key] & theirs[key] for key in both) and not set(one.line.ids) & set(other.line.ids)

    def _ids_of(self, statement: Statement) -> dict[int, set[tuple[str, str]]]:
        return {leaf.movements[0]: set(leaf.ids) for leaf in statement.leaves if leaf.ids}

    def _unlike_versions(self, shown: list[tuple[Item, Sight]]) -> int:
        """Return for how many movements the bank changed the payer's account, and no id says that they are one."""
        found = 0
        for key in {item for item, _ in shown if item[0] == "movement"}:
            versions = [sight for item, sight in shown if item == key and sight.line.iban]
            accounts = {sight.line.iban for sight in versions}
            shares = all(
                set(one.line.ids) & set(other.line.ids)
                for one, other in combinations(versions, 2)
                if one.line.iban != other.line.iban
            )
            found += len(accounts) > 1 and not shares
        return found

    def sights_of(self, item: Item) -> list[Sight]:
        """Return all lines that show something."""
        return self._by_item.get(item, [])

    @cached_property
    def _by_item(self) -> dict[Item, list[Sight]]:
        found: defaultdict[Item, list[Sight]] = defaultdict(list)
        for shown in self.sights.values():
            for item, sight in shown:
                found[item].append(sight)
        return found

    @cached_property
    def buckets_of_moved(self) -> set[Bucket]:
        """Buckets of movements that stand on two days or are not shown any more by a later file."""
        changed = {each.movement: each for each in self.world.changes}
        return {
            bucket
            for bucket, shown in self.sights.items()
            for item, _ in shown
            if item[0] == "movement" and item[1] in changed and changed[item[1]].kind.value in {"moved", "vanished"}
        }
