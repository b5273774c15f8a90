"""The rule of publishing as it was before differences were tested: kept so that attacks on it must go on succeeding.

A block stood by itself if ten gave and the sum less the two largest was a quarter of the largest; nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

Given = Mapping[tuple[int | None, int], int]
_DECEMBER = 11


@dataclass
class OldPlan:
    """Runs of months to be published, by their numbers, and the years whose last months have to wait."""

    runs: list[list[int]] = field(default_factory=list)
    withheld: list[int] = field(default_factory=list)


def stands(given: Given) -> bool:
    """Whether these gifts could be shown as one sum."""
    sums: Counter[int | None] = Counter()
    for (donor, _), cents in given.items():
        sums[donor] += cents
    sizes = sorted((abs(cents) for cents in sums.values() if cents), reverse=True)
    givers = sum(1 for donor, cents in sums.items() if donor is not None and cents > 0)
    return givers >= 10 and (sum(sums.values()) - sum(sizes[:2])) * 4 >= sizes[0]


def old_plan(months: Sequence[tuple[int, Given]], corrections: Given) -> OldPlan:
    """Return what the old rule published of these months."""
    plan, pending, current, given = OldPlan(), list[int](), list[int](), Counter(corrections)
    held: Counter[tuple[int | None, int]] = Counter()
    for month, gifts in months:
        current.append(month)
        given.update(gifts)
        if stands(given):
            plan.runs += [pending] if pending else []
            pending, held, current, given = current, given, [], Counter()
        if month % 12 == _DECEMBER:
            held.update(given)
            if (pending or current) and stands(held):
                plan.runs.append(pending + current)
                pending, current, given = [], [], Counter()
            else:
                plan.withheld.append(month // 12)
                pending, current, given = [], pending + current, Counter(held)
            held = Counter()
    return plan


def old_parts(given: Given) -> frozenset[int]:
    """Return the appeals that the old rule showed by themselves."""
    by_appeal: dict[int, dict[tuple[int | None, int], int]] = {}
    for key, cents in given.items():
        by_appeal.setdefault(key[1], {})[key] = cents
    largest = sorted(by_appeal, key=lambda appeal: (-sum(by_appeal[appeal].values()), appeal))
    shown = [appeal for appeal in largest if stands(by_appeal[appeal])]
    while shown and not _rest_stands(given, shown):
        shown.pop()
    return frozenset() if len(shown) == 1 and len(by_appeal) == 1 else frozenset(shown)


def _rest_stands(given: Given, shown: Collection[int]) -> bool:
    rest = {key: cents for key, cents in given.items() if key[1] not in shown}
    return not any(rest.values()) or stands(rest)
