"""What of the costs the public may see by category, what no block has told yet, and what the next one tells.

A category that pays organisations only may be shown. What may be somebody's pay is shown in sums of at least three
payees, of whom each errs by `percent` about anybody's pay (`published/blocks.py`); else it is folded into the rest, and
other categories with it until the rest stands. Where it never does, all of it waits. It is told once a year.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from donations.core.calendar import Month
from donations.core.money import Minor
from donations.core.spending import CategoryId, Payee
from donations.published.blocks import Rules
from donations.published.document import PublishedSpending, Share

PAYEES_MIN = 3
"""In a sum of two each knows the other's part: the least number that statistical offices publish (Eurostat's handbook
on disclosure control, the rule of three)."""


class Fold(StrEnum):
    """Why a category is not shown by itself, or why all of it waits; stable codes."""

    FEW_PAYEES = "few_payees"
    DOMINATED = "dominated"
    COVER = "cover"
    NO_CATEGORY = "no_category"
    NOTHING_SPENT = "nothing_spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpublishedSum:
    """What one payee was paid out of one category and no block has told; less than nothing where it came back."""

    category: CategoryId | None
    who: Payee | None
    """None: nobody can be named, as where what was told belongs to another category now."""
    minor: Minor
    is_pay: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a block tells; euro cents, exact."""

    by_category: Mapping[CategoryId | None, Minor]
    """All of it, shown or folded."""
    shown: tuple[CategoryId, ...]
    """The largest first."""
    folded: Mapping[CategoryId | None, Fold]
    covering: frozenset[CategoryId] = frozenset()
    """What hides others' pay, be it folded for its own sake too."""

    @property
    def minor(self) -> Minor:
        """The total."""
        return sum(self.by_category.values())

    @property
    def rest(self) -> Minor:
        """What is not shown by category."""
        return self.minor - sum(self.by_category[category] for category in self.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedBefore:
    """What blocks did with categories before: many sums are the same each month, so that who saw one knows the others.

    So what was ever shown cannot cover pay any more, and what ever covered pay is never shown.
    """

    shown: frozenset[CategoryId] = frozenset()
    covering: frozenset[CategoryId] = frozenset()


def against(paid: Iterable[UnpublishedSum], rules: Rules) -> Fold | None:
    """Return why what was paid may not be published as one sum, or None where it may.

    It has at least `PAYEES_MIN` payees, and whoever knows the part of any one of them errs by `percent` about anybody's
    pay. What organisations are paid hides pay, and is itself not hidden. What nobody can be named for counts as if it
    were the best paid one's, and what came back counts with its size.
    """
    sums: Counter[Payee] = Counter()
    unnamed: Counter[bool] = Counter()
    people: set[Payee] = set()
    for part in paid:
        if part.who is None:
            unnamed[part.is_pay] += part.minor
        else:
            sums[part.who] += part.minor
            people |= {part.who} if part.is_pay else set()
    sizes = {who: abs(minor) for who, minor in sums.items() if minor}
    best_paid = max(people & sizes.keys(), key=lambda who: sizes[who], default=None)
    pay = abs(unnamed[True]) + (0 if best_paid is None else sizes[best_paid])
    if not pay:
        return None
    if len(sizes) < PAYEES_MIN:
        return Fold.FEW_PAYEES
    known = max(abs(unnamed[False]), *(size for who, size in sizes.items() if who != best_paid))
    others = sums.total() + unnamed.total() - pay - known
    return Fold.DOMINATED if others * 100 < rules.percent * pay else None


def disclose(paid: Iterable[UnpublishedSum], rules: Rules, seen: PublishedBefore) -> Spent | Fold:
    """Return what may be told, or why all of it waits."""
    parts = tuple(paid)
    if not parts:
        return Fold.NOTHING_SPENT
    by_category: defaultdict[CategoryId | None, list[UnpublishedSum]] = defaultdict(list)
    for part in parts:
        by_category[part.category].append(part)
    sums = {category: sum(part.minor for part in own) for category, own in by_category.items()}
    largest_first = sorted(filter(None, by_category), key=lambda each: (-sums[each], each))
    reasons = {category: against(by_category[category], rules) for category in largest_first}
    could = [each for each in largest_first if reasons[each] is None and sums[each] and each not in seen.covering]
    shown = _uncovered(could, parts, rules, seen)
    if isinstance(shown, Fold):
        return Fold.NO_CATEGORY if None in by_category else shown
    folded: dict[CategoryId | None, Fold] = {None: Fold.NO_CATEGORY} if None in by_category else {}
    folded |= {each: reasons[each] or Fold.COVER for each in largest_first if each not in shown and sums[each]}
    return Spent(by_category=sums, shown=shown, folded=folded, covering=_covering(folded, parts, rules, seen))


def _covering(
    folded: Mapping[CategoryId | None, Fold], parts: Sequence[UnpublishedSum], rules: Rules, seen: PublishedBefore
) -> frozenset[CategoryId]:
    """Return without which of what is folded the pay in the others would not be hidden."""

    def is_needed(category: CategoryId) -> bool:
        others = folded.keys() - seen.shown - {category}
        return against((part for part in parts if part.category in others), rules) is not None

    return frozenset(
        each
        for each, why in folded.items()
        if each is not None and (why is Fold.COVER or (each not in seen.shown and is_needed(each)))
    )


def _uncovered(
    could: Sequence[CategoryId], parts: Sequence[UnpublishedSum], rules: Rules, seen: PublishedBefore
) -> tuple[CategoryId, ...] | Fold:
    """Return which of these are shown: of those that never were, the smallest are folded until the rest stands.

    None is folded needlessly. Why the rest fails, where it does whatever is folded. It has to stand for those too who
    know from other blocks what is in it of categories that were shown.
    """

    def fails_without(shown: Collection[CategoryId]) -> Fold | None:
        rest = [part for part in parts if part.category not in shown]
        unknown = (part for part in rest if part.category not in seen.shown)
        return against(rest, rules) or against(unknown, rules)

    shown = set(could)
    hidden: list[CategoryId] = []
    may_cover = [each for each in could if each not in seen.shown]
    while (why := fails_without(shown)) is not None:
        if not may_cover:
            return why
        hidden.append(may_cover.pop())
        shown.remove(hidden[-1])
    for category in reversed(hidden):
        if fails_without({*shown, category}) is None:
            shown.add(category)
    return tuple(each for each in could if each in shown)


def spending_disclosed_until(months: Iterable[Month]) -> date | None:
    """Return the day up to which a block of these months tells spending: the end of the last year that ends in it.

    None where none does: from the totals of single months one payee's change could be told (docs/adr/0032).
    """
    return max((month.last_day for month in months if month.ends_year), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What of one payment is a cost now; euro cents."""

    booked_on: date
    category: CategoryId | None
    who: Payee | None
    minor: Minor
    late: Minor
    """Of it, what the books did not know when its day was told."""
    is_pay: bool
    """Whether it may be somebody's pay: what has no category always may."""
    was: frozenset[CategoryId] = frozenset()
    """What it or its payee belonged to whenever blocks were published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpublished:
    """The costs since spending is published, and what blocks told of them."""

    first_day: date
    """Of the days that the next block tells."""
    costs: tuple[Cost, ...]
    disclosed: Mapping[CategoryId | None, Minor]
    people: frozenset[CategoryId]
    """The categories that pay people."""
    seen: PublishedBefore = field(default_factory=PublishedBefore)

    def until(self, last_day: date) -> tuple[UnpublishedSum, ...]:
        """Return what the costs up to a day come to now, less everything that was told: so it corrects that too."""
        whole: Counter[CategoryId | None] = Counter({category: -minor for category, minor in self.disclosed.items()})
        known: Counter[tuple[CategoryId | None, Payee, bool]] = Counter()
        for cost in self.costs:
            if cost.booked_on <= last_day:
                whole[cost.category] += cost.minor
                if cost.who is not None:
                    is_new = cost.booked_on >= self.first_day
                    known[cost.category, cost.who, cost.is_pay] += cost.minor if is_new else cost.late
        for (category, _, _), minor in known.items():
            whole[category] -= minor
        named = [
            UnpublishedSum(category=category, who=who, minor=minor, is_pay=is_pay)
            for (category, who, is_pay), minor in known.items()
        ]
        # Found to be pay, or none, after it was told: the one category tells of it what the other must not.
        is_pay_moved = any(minor and category in self.people for category, minor in whole.items())
        unnamed = [
            UnpublishedSum(category=category, who=None, minor=minor, is_pay=category is None or is_pay_moved)
            for category, minor in whole.items()
        ]
        return tuple(each for each in (*named, *unnamed) if each.minor)

    def disclosed_until(self, last_day: date, rules: Rules) -> Spent | Fold | None:
        """Return what a block that ends on a day tells, or why that waits; None where spending begins later."""
        return disclose(self.until(last_day), rules, self._followed()) if last_day >= self.first_day else None

    def _followed(self) -> PublishedBefore:
        """Return what was seen, of organisations wherever they are now: a rent in a new category is the same rent."""
        moved = [each for each in self.costs if each.category is not None and not each.is_pay]

        def with_now(seen: frozenset[CategoryId]) -> frozenset[CategoryId]:
            return seen.union(each.category for each in moved if each.category is not None and each.was & seen)

        return PublishedBefore(shown=with_now(self.seen.shown), covering=with_now(self.seen.covering))

    def published(self, spent: Spent, last_day: date, *, names: Mapping[CategoryId, str]) -> PublishedSpending:
        """Return what everybody sees of it."""
        return PublishedSpending(
            first_day=self.first_day,
            last_day=last_day,
            minor=spent.minor,
            categories=tuple(Share(names[each], spent.by_category[each]) for each in spent.shown),
            rest=spent.rest,
        )

    def after(self, spent: Spent, last_day: date) -> Unpublished:
        """Return what is left once a block has told this."""
        told = Counter(self.disclosed)
        told.update(spent.by_category)
        return replace(
            self,
            first_day=last_day + timedelta(days=1),
            costs=tuple(replace(each, late=0) if each.booked_on <= last_day else each for each in self.costs),
            disclosed=told,
            seen=PublishedBefore(
                shown=self.seen.shown.union(spent.shown), covering=self.seen.covering.union(spent.covering)
            ),
        )
