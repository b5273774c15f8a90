"""A public page over three years of a circle: published at each closing by the product's own plan, or by the old rule.

What the page shows is kept beside the truth about it, which is added up here from the circle's facts alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import lcm
from typing import Protocol

from tests.published.circles import DECEMBER, MONTHS, Circle
from tests.published.old_rule import old_parts, old_plan

from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId
from donations.published.appeals import DisclosedAppeals
from donations.published.blocks import BlockDraft, Rules, plan

Key = tuple[int | None, int]
"""Donor and appeal."""


PER_MONTH = lcm(*range(1, MONTHS + 1))
"""What cents a month are counted in, so that sums of any length compare in whole numbers."""
Changes = Mapping[int | None, int]
"""By how much donors' giving differs, in cents a month times `PER_MONTH`."""


@dataclass(frozen=True)
class Sum:
    """A figure that is shown of some months, and whose it is."""

    months: int
    cents: int
    whose: Mapping[int | None, int]

    def since(self, old: Sum) -> Changes:
        """Return whose giving changed since another sum, of perhaps another length."""
        ours, theirs = PER_MONTH // self.months, PER_MONTH // old.months
        found = {who: -cents * theirs for who, cents in old.whose.items()}
        for who, cents in self.whose.items():
            found[who] = found.get(who, 0) + cents * ours
        return {who: change for who, change in found.items() if change}


@dataclass(frozen=True)
class Shown(Sum):
    """A block."""

    first: int
    donors: int
    """As it is shown."""
    corrected: tuple[tuple[int | None, int], ...] = ()
    """What was corrected in it, donor by donor."""

    @property
    def last(self) -> int:
        """The last month, counted from 0."""
        return self.first + self.months - 1


@dataclass(frozen=True)
class Parts:
    """What was told by appeal, together, of some months."""

    months: int
    shown: frozenset[int]
    given: Mapping[Key, int]

    def of(self, appeals: frozenset[int], *, others: bool = False) -> Sum:
        """Return the sum of these appeals, or of all others."""
        whose: Counter[int | None] = Counter()
        for (donor, appeal), cents in self.given.items():
            if (appeal in appeals) is not others:
                whose[donor] += cents
        return Sum(self.months, sum(whose.values()), whose)


@dataclass
class Page:
    """Everything that was ever published."""

    circle: Circle
    blocks: list[Shown] = field(default_factory=list)
    parts: list[Parts] = field(default_factory=list)
    withheld: set[int] = field(default_factory=set)
    """Years of which the treasurer was told that something has to wait."""
    left: dict[int, Sum] = field(default_factory=dict)
    """Of each year what is in no block after its December: an annual report with the year's exact sum tells it."""
    euros: int = 0
    """What the books have in the end."""

    @property
    def pairs(self) -> Iterator[tuple[Shown, Shown]]:
        """Each block with each later one."""
        return combinations(self.blocks, 2)


class Publisher(Protocol):
    """Who decides what is published."""

    def publish(
        self, months: Sequence[tuple[int, Mapping[Key, int]]], corrections: Mapping[Key, int]
    ) -> tuple[list[tuple[list[int], int]], Sequence[int]]:
        """Return runs of months, each with the number of donors that is shown, and the years withheld."""

    def parts(self) -> list[tuple[frozenset[int], tuple[int, ...]]]:
        """Return what was told by appeal since it was asked last: the appeals, and of which blocks, counted from 0."""


@dataclass
class Product:
    """The product's own rule."""

    rules: Rules = field(default_factory=Rules)
    drafts: list[BlockDraft] = field(default_factory=list)
    appeals: DisclosedAppeals = field(default_factory=DisclosedAppeals)
    _new: list[tuple[frozenset[int], tuple[int, ...]]] = field(default_factory=list)

    def publish(
        self, months: Sequence[tuple[int, Mapping[Key, int]]], corrections: Mapping[Key, int]
    ) -> tuple[list[tuple[list[int], int]], Sequence[int]]:
        """Ask the plan, as `acts/publishing.py` does."""
        closed = [(Month(2023 + at // 12, at % 12 + 1), _given(given)) for at, given in months]
        found = plan(closed, self.rules, corrections=_given(corrections), earlier=self.drafts)
        for draft in found.publish:
            self.drafts.append(draft)
            self.appeals, telling = self.appeals.after(len(self.drafts), draft, self.rules)
            if telling is not None:
                self._new.append((frozenset(telling.shown), tuple(each - 1 for each in telling.blocks)))
        runs = [[(month.year - 2023) * 12 + month.number - 1 for month in each.months] for each in found.publish]
        donors = [len(draft.donors) // 5 * 5 for draft in found.publish]
        return list(zip(runs, donors, strict=True)), [year - 2023 for year in found.withheld]

    def parts(self) -> list[tuple[frozenset[int], tuple[int, ...]]]:
        """Return it."""
        told, self._new = self._new, []
        return told


def _given(given: Mapping[Key, int]) -> dict[tuple[DonorId | None, AppealId | None], int]:
    return {(None if who is None else DonorId(who), AppealId(what)): cents for (who, what), cents in given.items()}


@dataclass
class OldRule:
    """The rule as it was."""

    count: int = 0
    _new: list[tuple[frozenset[int], tuple[int, ...]]] = field(default_factory=list)

    def publish(
        self, months: Sequence[tuple[int, Mapping[Key, int]]], corrections: Mapping[Key, int]
    ) -> tuple[list[tuple[list[int], int]], Sequence[int]]:
        """Ask the old rule; each month showed how many gave."""
        found, known, runs = old_plan(months, corrections), dict(months), []
        for at, run in enumerate(found.runs):
            given = Counter(corrections if not at else ())
            for month in run:
                given.update(known[month])
            if shown := old_parts(given):
                self._new.append((shown, (self.count,)))
            self.count += 1
            runs.append((run, sum(1 for who, cents in _by_donor(given).items() if who is not None and cents > 0)))
        return runs, found.withheld

    def parts(self) -> list[tuple[frozenset[int], tuple[int, ...]]]:
        """Return it."""
        told, self._new = self._new, []
        return told


def _by_donor(given: Mapping[Key, int]) -> Counter[int | None]:
    found: Counter[int | None] = Counter()
    for (donor, _), cents in given.items():
        found[donor] += cents
    return found


def published(circle: Circle, publisher: Publisher) -> Page:
    """Live through the circle's months and publish after each."""
    page, open_months = Page(circle), defaultdict[int, Counter[Key]](Counter)
    begin, corrections, told = 0, Counter[Key](), list[Counter[Key]]()
    for now in range(MONTHS):
        for fact in circle.facts[now]:
            into = corrections if fact.month < begin else open_months[fact.month]
            into[fact.donor, fact.appeal] += fact.cents
            page.euros += fact.cents
        months = [(at, _without_zeros(open_months[at])) for at in range(begin, now + 1)]
        runs, withheld = publisher.publish(months, _without_zeros(corrections))
        page.withheld.update(withheld)
        for run, donors in runs:
            given, corrected = Counter(corrections), tuple(_by_donor(corrections).items())
            for month in run:
                given.update(open_months.pop(month))
            corrections.clear()
            told.append(given)
            whose = _by_donor(given)
            page.blocks.append(Shown(len(run), sum(whose.values()), whose, run[0], donors, corrected))
            begin = run[-1] + 1
        for shown, numbers in publisher.parts():
            of = Counter[Key]()
            for number in numbers:
                of.update(told[number])
            page.parts.append(Parts(sum(page.blocks[number].months for number in numbers), shown, of))
        if now % 12 == DECEMBER and begin <= now:
            rest = Counter(corrections)
            for month in range(begin, now + 1):
                rest.update(open_months[month])
            whose = _by_donor(rest)
            page.left[now // 12] = Sum(now + 1 - begin, whose.total(), whose)
    return page


def _without_zeros(given: Mapping[Key, int]) -> dict[Key, int]:
    return {key: cents for key, cents in given.items() if cents}
