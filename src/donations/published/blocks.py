"""Which months the public may see together: merged until nobody's gift can be told from any sum that is published.

A block of months stands if enough donors gave in it, if a donor who knows their own part still errs by `percent` about
any other (the p% rule, Eurostat's handbook on disclosure control), and if against every block before it enough donors'
giving changed and no change stands out. Blocks come out one late: what follows may have to be merged into them. At the
end of a year nothing of it is left behind unless even all of it together fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from math import gcd

from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId
from donations.core.language import N_
from donations.core.money import Minor
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode

DONORS_FLOOR, DONORS_CEILING = 10, 100
PERCENT_FLOOR, PERCENT_CEILING = 15, 50
CHANGED_MIN = 10
"""So many donors' giving changed at least between any two blocks, where anybody's did."""
CHANGE_PERCENT, CHANGE_PERCENT_FLOOR = 50, 25
"""All these changes but the two largest come to at least so much of the largest. See docs/adr/0032."""
_DONORS_STEP = 5

Given = Mapping[tuple[DonorId | None, AppealId | None], Minor]
"""Gifts less refunds, by donor and appeal; of a refund one or both may be unknown."""


class FoldReason(StrEnum):
    """Why months were not published by themselves; stable codes."""

    FEW_DONORS = "few_donors"
    DOMINATED = "dominated"
    FEW_CHANGED = "few_changed"
    """Since an earlier block too few donors' giving changed."""
    CHANGE_DOMINATED = "change_dominated"
    """One change since an earlier block would stand out."""
    YEAR_END = "year_end"


WHY_FOLDED = {
    FoldReason.FEW_DONORS: N_("too few donors for it to be shown by itself"),
    FoldReason.DOMINATED: N_("one gift would stand out of the sum"),
    FoldReason.FEW_CHANGED: N_("too like %(months)s: so few people’s giving changed that a gift could be told"),
    FoldReason.CHANGE_DOMINATED: N_("too like %(months)s: one person’s change would stand out of the difference"),
    FoldReason.YEAR_END: N_("joined with what remained at the end of the year"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBackRun:
    """Up to this month, a run of months could not be published by itself."""

    month: Month
    why: FoldReason
    like: tuple[Month, Month] | None = None
    """The first and the last month of the earlier block that it is too like."""


@dataclass(frozen=True, kw_only=True)
class BlockDraft:  # without slots: what is compared again and again is kept
    """Months in a row that are, or may become, one block; or what a part of their gifts comes to."""

    months: tuple[Month, ...]
    given: Given
    kept_back: tuple[KeptBackRun, ...] = ()
    """Why it is no shorter."""

    @property
    def minor(self) -> Minor:
        """The exact sum."""
        return sum(self.given.values())

    @property
    def donors(self) -> frozenset[DonorId]:
        """Who is known to have given more than was given back: a refund of nobody's, taken back, is nobody's gift."""
        return frozenset(donor for donor, minor in self.by_donor.items() if donor is not None and minor > 0)

    @cached_property
    def by_donor(self) -> dict[DonorId | None, Minor]:
        """What each donor gave in all, the largest first; who gave and got back the same is left out."""
        found: Counter[DonorId | None] = Counter()
        for (donor, _), minor in self.given.items():
            found[donor] += minor
        return {donor: minor for donor, minor in sorted(found.items(), key=lambda each: -abs(each[1])) if minor}

    @cached_property
    def _span(self) -> tuple[Minor, Minor]:
        """The least and the most of any donor, and of who gave nothing."""
        minors = (0, *self.by_donor.values())
        return min(minors), max(minors)

    def changes(self, earlier: BlockDraft) -> tuple[Minor, Iterator[tuple[DonorId | None, Minor]]]:
        """Return what no change exceeds, and by how much each donor's giving differs, month for month.

        In cents times the months of the longer one; donors whose giving is the same are left out.
        """
        common = gcd(len(self.months), len(earlier.months))
        ours, theirs = len(earlier.months) // common, len(self.months) // common
        (least, most), (least_then, most_then) = self._span, earlier._span
        bound = max(most * ours - least_then * theirs, most_then * theirs - least * ours)
        now, then = self.by_donor, earlier.by_donor
        both = ((donor, abs(minor * ours - then.get(donor, 0) * theirs)) for donor, minor in now.items())
        gone = ((donor, abs(minor) * theirs) for donor, minor in then.items() if donor not in now)
        return bound, (each for many in (both, gone) for each in many if each[1])

    def joined(self, other: BlockDraft) -> BlockDraft:
        """Return both as one."""
        return BlockDraft(
            months=self.months + other.months,
            given=together((self.given, other.given)),
            kept_back=self.kept_back + other.kept_back,
        )

    def kept_back_for(self, held: KeptBackRun) -> BlockDraft:
        """Return it with one more reason why its last month did not end it."""
        return replace(self, kept_back=(*self.kept_back, held))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How careful to be."""

    donors_min: int = 10
    percent: int = 25
    """By how much one donor errs at least about another."""
    change_percent: int = CHANGE_PERCENT

    def __post_init__(self) -> None:
        """Refuse rules outside of their bounds."""
        is_within = (
            DONORS_FLOOR <= self.donors_min <= DONORS_CEILING
            and PERCENT_FLOOR <= self.percent <= PERCENT_CEILING
            and self.change_percent >= CHANGE_PERCENT_FLOOR
        )
        if not is_within:
            raise Refusal(BooksCode.BAD_RULES)

    def against(self, draft: BlockDraft, earlier: Sequence[BlockDraft]) -> KeptBackRun | None:
        """Return why a block may not be published after all these, or None where it may; the newest fails first."""
        why = self.against_alone(draft)
        if why is not None:
            return KeptBackRun(month=draft.months[-1], why=why)
        for each in reversed(earlier):
            why = self.against_change(draft, each)
            if why is not None:
                return KeptBackRun(month=draft.months[-1], why=why, like=(each.months[0], each.months[-1]))
        return None

    def against_alone(self, draft: BlockDraft) -> FoldReason | None:
        """Return why these gifts may not be published as one sum, or None where they may.

        What was given back counts with its size, as if it were a gift to be hidden, and is off the sum: so whoever
        knows any one part of the sum errs by `percent` of any other.
        """
        if len(draft.donors) < self.donors_min:
            return FoldReason.FEW_DONORS
        sizes = [abs(minor) for minor in draft.by_donor.values()]
        others = draft.minor - sum(sizes[:2])
        return FoldReason.DOMINATED if others * 100 < self.percent * sizes[0] else None

    def against_change(self, draft: BlockDraft, earlier: BlockDraft) -> FoldReason | None:
        """Return why the difference to an earlier sum would tell too much, or None where it does not.

        Where nobody's giving changed, it tells of no gift. Of nobody known the size counts, but not as cover.
        """
        bound, changes = draft.changes(earlier)
        changed = total = largest = second = unknown = 0
        for donor, size in changes:
            if donor is None:
                unknown = size
                continue
            changed, total = changed + 1, total + size
            if size > second:
                largest, second = max(largest, size), min(largest, size)
            # The larger gifts come first: mostly a few of them say that it stands, whatever the others are.
            if changed >= CHANGED_MIN and (total - largest - second) * 100 >= self.change_percent * bound:
                return None
        if not changed and not unknown:
            return None
        if changed < CHANGED_MIN:
            return FoldReason.FEW_CHANGED
        is_covered = (total - largest - second) * 100 >= self.change_percent * max(largest, unknown)
        return None if is_covered else FoldReason.CHANGE_DOMINATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What may be published now, and what has to wait."""

    publish: tuple[BlockDraft, ...] = ()
    waiting: BlockDraft | None = None
    """Could be published by itself, but comes out one block late."""
    building: BlockDraft | None = None
    """Cannot be published by itself."""
    withheld: tuple[int, ...] = ()
    """Years whose last months could not be published even together, so that they wait for the next year's."""


def plan(
    months: Sequence[tuple[Month, Given]],
    rules: Rules,
    *,
    corrections: Given | None = None,
    earlier: Sequence[BlockDraft] = (),
) -> Plan:
    """Return the blocks that these closed months make, which follow in a row on those that are published.

    `earlier` is what every published block counted, the oldest first. `corrections` of published months are a part of
    the first block that comes out.
    """
    standing, withheld, is_pending = [*earlier], list[int](), False
    current = BlockDraft(months=(), given=corrections or {})
    for month, given in months:
        current = current.joined(BlockDraft(months=(month,), given=given))
        held = rules.against(current, standing)
        if held is None:
            standing.append(current)
            is_pending, current = True, _NOTHING
        else:
            current = current.kept_back_for(held)
        if month.ends_year:
            if current.months and is_pending:
                year_end = KeptBackRun(month=standing[-1].months[-1], why=FoldReason.YEAR_END)
                current = standing.pop().kept_back_for(year_end).joined(current)
                if rules.against(current, standing) is None:
                    standing.append(current)
                    current = _NOTHING
            withheld += [month.year] if current.months else []
            is_pending = False
    return Plan(
        publish=tuple(standing[len(earlier) : len(standing) - is_pending]),
        waiting=standing[-1] if is_pending else None,
        building=current if current.months else None,
        withheld=tuple(withheld),
    )


_NOTHING = BlockDraft(months=(), given={})


def at_least(donors: int) -> int:
    """Return a count as it is told, rounded down to fives: of exact ones, the difference of two would show a donor."""
    return donors // _DONORS_STEP * _DONORS_STEP


def together(many: Iterable[Given]) -> Given:
    """Return gifts added up."""
    found: Counter[tuple[DonorId | None, AppealId | None]] = Counter()
    for given in many:
        found.update(given)  # `+` would drop what is negative
    return found
