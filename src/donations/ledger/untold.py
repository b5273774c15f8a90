"""What was spent and no published block has told, with the corrections of all that was, and what the next one tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from donations.core.money import Minor
from donations.core.spending import CategoryId, Payee
from donations.ledger.blocks import Rules
from donations.ledger.published_spending import PublishedSpending, Share
from donations.ledger.spending import Fold, Paid, Seen, Spent, tell


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
class Untold:
    """The costs since spending is published, and what blocks told of them."""

    first_day: date
    """Of the days that the next block tells."""
    costs: tuple[Cost, ...]
    told: Mapping[CategoryId | None, Minor]
    people: frozenset[CategoryId]
    """The categories that pay people."""
    seen: Seen = field(default_factory=Seen)

    def until(self, last_day: date) -> tuple[Paid, ...]:
        """Return what the costs up to a day come to now, less everything that was told: so it corrects that too."""
        whole: Counter[CategoryId | None] = Counter({category: -minor for category, minor in self.told.items()})
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
            Paid(category=category, who=who, minor=minor, is_pay=is_pay)
            for (category, who, is_pay), minor in known.items()
        ]
        # Found to be pay, or none, after it was told: the one category tells of it what the other must not.
        is_pay_moved = any(minor and category in self.people for category, minor in whole.items())
        unnamed = [
            Paid(category=category, who=None, minor=minor, is_pay=category is None or is_pay_moved)
            for category, minor in whole.items()
        ]
        return tuple(each for each in (*named, *unnamed) if each.minor)

    def told_until(self, last_day: date, rules: Rules) -> Spent | Fold | None:
        """Return what a block that ends on a day tells, or why that waits; None where spending begins later."""
        return tell(self.until(last_day), rules, self._followed()) if last_day >= self.first_day else None

    def _followed(self) -> Seen:
        """Return what was seen, of organisations wherever they are now: a rent in a new category is the same rent."""
        moved = [each for each in self.costs if each.category is not None and not each.is_pay]

        def with_now(seen: frozenset[CategoryId]) -> frozenset[CategoryId]:
            return seen.union(each.category for each in moved if each.category is not None and each.was & seen)

        return Seen(shown=with_now(self.seen.shown), covering=with_now(self.seen.covering))

    def published(
        self, spent: Spent, last_day: date, *, names: Mapping[CategoryId, str], rules: Rules
    ) -> PublishedSpending:
        """Return what everybody sees of it."""
        return PublishedSpending(
            first_day=self.first_day,
            last_day=last_day,
            minor=rules.published_minor(spent.minor),
            categories=tuple(
                Share(names[each], rules.published_minor(spent.by_category[each])) for each in spent.shown
            ),
            rest=rules.published_minor(spent.rest),
        )

    def after(self, spent: Spent, last_day: date) -> Untold:
        """Return what is left once a block has told this."""
        told = Counter(self.told)
        told.update(spent.by_category)
        return replace(
            self,
            first_day=last_day + timedelta(days=1),
            costs=tuple(replace(each, late=0) if each.booked_on <= last_day else each for each in self.costs),
            told=told,
            seen=Seen(shown=self.seen.shown.union(spent.shown), covering=self.seen.covering.union(spent.covering)),
        )
