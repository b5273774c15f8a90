"""Which months the public may see together: merged until nobody's gift can be told from any sum that is published.

A block of months stands if enough donors gave in it, and if a donor who knows their own part still errs by `percent`
about any other (the p% rule, Eurostat's handbook on disclosure control). Blocks come out one late: what follows may
have to be merged into them. At the end of a year nothing of it is left behind unless even all of it together fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId
from donations.core.language import N_
from donations.core.money import Minor
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode

DONORS_FLOOR, DONORS_CEILING = 5, 100
PERCENT_FLOOR, PERCENT_CEILING = 15, 50
DONORS_STEP, MINOR_STEP = 5, 100_00
"""What counts and sums are rounded to, where they are."""

Given = Mapping[tuple[DonorId | None, AppealId | None], Minor]
"""Gifts less refunds, by donor and appeal; of a refund one or both may be unknown."""
_DECEMBER = 12


class FoldReason(StrEnum):
    """Why months were not published by themselves; stable codes."""

    FEW_DONORS = "few_donors"
    DOMINATED = "dominated"
    YEAR_END = "year_end"


WHY_FOLDED = {
    FoldReason.FEW_DONORS: N_("too few donors for it to be shown by itself"),
    FoldReason.DOMINATED: N_("one gift would stand out of the sum"),
    FoldReason.YEAR_END: N_("joined with what remained at the end of the year"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How careful to be."""

    donors_min: int = 10
    percent: int = 25
    """By how much one donor errs at least about another."""
    is_rounded: bool = False
    """Whether counts are published in steps of `DONORS_STEP` and sums in steps of `MINOR_STEP`."""

    def __post_init__(self) -> None:
        """Refuse rules outside of their bounds."""
        if not DONORS_FLOOR <= self.donors_min <= DONORS_CEILING:
            raise Refusal(BooksCode.BAD_RULES)
        if not PERCENT_FLOOR <= self.percent <= PERCENT_CEILING:
            raise Refusal(BooksCode.BAD_RULES)

    def against(self, given: Given) -> FoldReason | None:
        """Return why these gifts may not be published as one sum, or None where they may.

        What was given back counts with its size, as if it were a gift to be hidden, and is off the sum: so whoever
        knows any one part of the sum errs by `percent` of any other. Rounding is counted against us.
        """
        sums = of_donors(given)
        if len(_givers(sums)) < self.donors_min:
            return FoldReason.FEW_DONORS
        first, second = sorted((abs(minor) for minor in sums.values()), reverse=True)[:2]
        others = sum(sums.values()) - first - second - (MINOR_STEP // 2 if self.is_rounded else 0)
        return FoldReason.DOMINATED if others * 100 < self.percent * first else None

    def published_minor(self, minor: Minor) -> Minor:
        """Return a sum as it is published."""
        return _rounded(minor, MINOR_STEP) if self.is_rounded else minor

    def published_count(self, donors: int) -> int:
        """Return a count as it is published."""
        return _rounded(donors, DONORS_STEP) if self.is_rounded else donors


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRun:
    """Up to this month, a run of months could not be published by itself."""

    month: Month
    why: FoldReason


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockDraft:
    """Months in a row that are, or may become, one block."""

    months: tuple[Month, ...]
    given: Given
    held: tuple[HeldRun, ...] = ()
    """Why it is no shorter."""

    @property
    def minor(self) -> Minor:
        """The exact sum."""
        return sum(self.given.values())

    @property
    def donors(self) -> frozenset[DonorId]:
        """Who gave more than was given back."""
        return _givers(of_donors(self.given))

    def joined(self, other: BlockDraft) -> BlockDraft:
        """Return both as one."""
        return BlockDraft(
            months=self.months + other.months,
            given=together((self.given, other.given)),
            held=self.held + other.held,
        )

    def held_for(self, why: FoldReason) -> BlockDraft:
        """Return it with one more reason why its last month did not end it."""
        return replace(self, held=(*self.held, HeldRun(month=self.months[-1], why=why)))


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


def plan(months: Sequence[tuple[Month, Given]], rules: Rules, *, corrections: Given | None = None) -> Plan:
    """Return the blocks that these closed months make, which follow in a row on those that are published.

    `corrections` of published months are a part of the first block that comes out.
    """
    publish: list[BlockDraft] = []
    withheld: list[int] = []
    pending: BlockDraft | None = None
    current = BlockDraft(months=(), given=corrections or {})
    for month, given in months:
        current = current.joined(BlockDraft(months=(month,), given=given))
        why = rules.against(current.given)
        if why is not None:
            current = current.held_for(why)
        else:
            publish += [] if pending is None else [pending]
            pending, current = current, BlockDraft(months=(), given={})
        if month.number == _DECEMBER:
            pending, current = _year_end(pending, current, rules)
            if pending is not None:
                publish.append(pending)
                pending = None
            else:
                withheld.append(month.year)
    return Plan(
        publish=tuple(publish),
        waiting=pending,
        building=current if current.months else None,
        withheld=tuple(withheld),
    )


def _year_end(pending: BlockDraft | None, current: BlockDraft, rules: Rules) -> tuple[BlockDraft | None, BlockDraft]:
    """Return the year's last block, or None where it cannot be published, and what is left for the next year."""
    if current.months:
        pending = current if pending is None else pending.held_for(FoldReason.YEAR_END).joined(current)
    if pending is None or rules.against(pending.given) is not None:
        return None, pending or current
    return pending, BlockDraft(months=(), given={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a block was given for; nothing where it cannot be told apart."""

    appeals: tuple[tuple[AppealId, Minor], ...] = ()
    """The largest first."""
    rest: Minor = 0
    """Everything else."""


def parts(given: Given, rules: Rules) -> Parts:
    """Return the sums by appeal where each of them, and what remains, may be published by itself.

    Where the rest fails, the smallest appeals join it until it stands.
    """
    by_appeal: dict[AppealId | None, dict[tuple[DonorId | None, AppealId | None], Minor]] = {}
    for (donor, appeal), minor in given.items():
        by_appeal.setdefault(appeal, {})[donor, appeal] = minor
    sums = {appeal: sum(each.values()) for appeal, each in by_appeal.items()}
    shown = [
        (appeal, sums[appeal])
        for appeal in sorted(filter(None, by_appeal), key=lambda appeal: (-sums[appeal], appeal))
        if rules.against(by_appeal[appeal]) is None
    ]
    while shown:
        names = {appeal for appeal, _ in shown}
        rest = {key: minor for key, minor in given.items() if key[1] not in names}
        if not any(rest.values()) or rules.against(rest) is None:
            break
        shown.pop()
    else:
        return Parts()
    is_all_of_it = len(shown) == 1 and not any(rest.values())
    return Parts() if is_all_of_it else Parts(appeals=tuple(shown), rest=sum(rest.values()))


def of_donors(given: Given) -> Counter[DonorId | None]:
    """Return what each donor gave in all; who gave and got back the same is left out."""
    found: Counter[DonorId | None] = Counter()
    for (donor, _), minor in given.items():
        found[donor] += minor
    return Counter({donor: minor for donor, minor in found.items() if minor})


def _givers(sums: Mapping[DonorId | None, Minor]) -> frozenset[DonorId]:
    """Return who is known to have given: a refund without donor that is taken back is money, but nobody."""
    return frozenset(donor for donor, minor in sums.items() if donor is not None and minor > 0)


def together(many: Iterable[Given]) -> Given:
    """Return gifts added up."""
    found: Counter[tuple[DonorId | None, AppealId | None]] = Counter()
    for given in many:
        found.update(given)  # `+` would drop what is negative
    return found


def _rounded(number: int, step: int) -> int:
    return (2 * number + step) // (2 * step) * step
