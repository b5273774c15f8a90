"""Who attacks a public page: outsiders with pencil and paper, friends, Bayesians who learned from other circles.

They share no code with the product. What they claim is judged by the truth that a `Page` of the tests keeps.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log2
from random import Random
from typing import NamedTuple

from tests.published.circles import DECEMBER
from tests.published.page import PER_MONTH, Changes, Page, Shown, Sum


def is_open(changed: Changes, *, count: int = 10, percent: int) -> bool:
    """Whether fewer known donors than that changed, or the largest change is not covered by all but the two largest."""
    if not changed:
        return False
    known = [who for who in changed if who is not None]
    largest_first = sorted(changed, key=lambda who: -abs(changed[who]))
    cover = sum(abs(changed[who]) for who in largest_first[2:] if who is not None)
    return len(known) < count or cover * 100 < percent * abs(changed[largest_first[0]])


def open_steps(page: Page, *, percent: int) -> int:
    """Count the pairs of blocks whose difference does not hide everybody."""
    return sum(is_open(new.since(old), percent=percent) for old, new in page.pairs)


def open_parts(page: Page, *, percent: int) -> int:
    """Count the same of what two tellings by appeal both show: each appeal, and all others together."""
    found = 0
    for at, new in enumerate(page.parts):
        for old in page.parts[:at]:
            same = new.shown & old.shown
            cells = [(new.of(frozenset({each})), old.of(frozenset({each}))) for each in same]
            cells += [(new.of(same, others=True), old.of(same, others=True))] if same else []
            found += sum(is_open(one.since(other), percent=percent) for one, other in cells)
    return found


class Claims(NamedTuple):
    """How an attack went."""

    made: int
    right: int
    only_one: int
    """Right, and that donor was the only one who changed: the gift is given away."""


_LAGS = (1, 2, 12)
_UNHEARD_OF = 200_00


def outsider(pages: Iterable[Page]) -> Claims:
    """Claim that somebody's giving changed by exactly the difference of two sums of equal length.

    Where that is like a usual gift, and the number of donors that is shown differs by one the same way, or not at all.
    """
    made = right = only_one = 0
    for page in pages:
        for old, new in page.pairs:
            cents, donors = new.cents - old.cents, new.donors - old.donors
            if old.months != new.months or (new.first - old.first) // new.months not in _LAGS:
                continue
            if (
                not cents
                or abs(cents) > _UNHEARD_OF
                or cents % 500
                or not (donors == 0 or (donors, cents) in _like(cents))
            ):
                continue
            changed = new.since(old)
            is_right = cents * PER_MONTH // new.months in changed.values()
            made, right = made + 1, right + is_right
            only_one += is_right and len(changed) == 1
    return Claims(made, right, only_one)


def _like(cents: int) -> set[tuple[int, int]]:
    return {(1 if cents > 0 else -1, cents)}


def steps_of_one(page: Page) -> int:
    """Count the neighbours between which no more than one donor changed besides an insider, who knows that too."""
    return sum(0 < len(new.since(old)) <= 2 for old, new in pairwise(page.blocks))


def fewest_in_combinations(page: Page) -> int:
    """Return the least number of donors, if any, in second differences and in runs of two to four blocks."""
    found = {1_000_000}
    for old, middle, new in zip(page.blocks, page.blocks[1:], page.blocks[2:], strict=False):
        if old.months == middle.months == new.months:
            found.add(len(_together([old, new]).since(middle)))
    for length in (2, 3, 4):
        runs = [_together(page.blocks[at : at + length]) for at in range(len(page.blocks) - length + 1)]
        for at, run in enumerate(runs):
            found |= {len(run.since(old)) for old in runs[: max(0, at - length + 1)] if run.months == old.months}
    return min(found - {0})


def _together(blocks: Sequence[Sum]) -> Sum:
    whose: Counter[int | None] = Counter()
    for each in blocks:
        whose.update(each.whose)
    return Sum(sum(each.months for each in blocks), sum(whose.values()), whose)


def corrections_told(page: Page) -> int:
    """Count the differences in which nobody's giving changed but a donor's of whom something was corrected."""
    corrected = ((new, new.since(old)) for old, new in page.pairs if new.corrected)
    return sum(
        len(changed) == 1 and any(cents and who in changed for who, cents in new.corrected)
        for new, changed in corrected
    )


class Event(NamedTuple):
    """An amount that an attacker wants to know, and a difference that it is a part of."""

    kind: tuple[object, ...]
    """What is asked, and what is known without looking at the figures."""
    seen: int
    """The difference, in cents times `scale` months, less what the attacker knows of others."""
    answer: int
    """In cents."""
    factor: int
    """How often the answer is in it."""
    scale: int


Events = Callable[[Page], Iterator[Event]]


def largest(page: Page) -> Iterator[Event]:
    """Whose giving changed most between two neighbours of one length, by how much? Anybody may ask that."""
    for old, new in pairwise(page.blocks):
        changed = new.since(old)
        if changed and old.months == new.months:
            most = max(changed.values(), key=abs) * new.months // PER_MONTH
            kind = ("largest", _has_december(old), _has_december(new))
            yield Event(kind, new.cents - old.cents, most, 1, new.months)


def _has_december(block: Shown) -> bool:
    return any(month % 12 == DECEMBER for month in range(block.first, block.last + 1))


def friends(page: Page, *, known_percent: int = 0) -> Iterator[Event]:
    """A friend is known to have begun a standing order, or to have given once, in a known month; how much is asked.

    Of all others the attacker knows so many percent, to the cent.
    """
    random = Random(page.circle.size)
    times = Counter(each.donor for each in page.circle.gifts)
    moments = [("start", each) for each in page.circle.starts]
    moments += [("once", each) for each in page.circle.gifts if times[each.donor] == 1]
    for kind, moment in moments:
        new = next((each for each in page.blocks if each.first <= moment.month <= each.last), None)
        old = None if new is None else next((each for each in reversed(page.blocks) if each.last < new.first), None)
        if new is None or old is None or moment.donor in old.whose:
            continue
        scale, changed = old.months * new.months, new.since(old)
        others = sorted(who for who in changed if who is not None and who != moment.donor)
        known = random.sample(others, len(others) * known_percent // 100)
        seen = new.cents * old.months - old.cents * new.months
        seen -= sum(changed[who] * scale // PER_MONTH for who in known)
        given = new.last - moment.month + 1 if kind == "start" else 1
        yield Event((kind,), seen, moment.cents, given * old.months, max(old.months, new.months))


@dataclass
class Guessed:
    """How a learned attacker did, and one who always names what is most common, without looking at the figures."""

    asked: int = 0
    right: int = 0
    blind: int = 0
    sure: int = 0
    """Answers that the attacker thinks right with at least 80 %."""
    sure_right: int = 0
    sure_blind: int = 0

    @property
    def gain(self) -> float:
        """Points of a hundred by which looking is better than not looking."""
        return 100 * (self.right - self.blind) / max(1, self.asked)

    def __add__(self, other: Guessed) -> Guessed:
        """Return both together."""
        return Guessed(*(one + two for one, two in zip(vars(self).values(), vars(other).values(), strict=True)))


class Bayesian:
    """Learns from other circles how common each answer is, and how all else that changed adds up."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._answers = defaultdict[object, Counter[int]](Counter)
        self._others, self._spread = Counter[float](), Counter[int]()
        self._blind = dict[object, int]()
        for each in events:
            other = (each.seen - each.factor * each.answer) / each.scale
            self._answers[each.kind][each.answer] += 1
            self._others[other] += 1
            self._spread[_bin(other)] += 1

    def blind(self, event: Event) -> int:
        """Return the most common amount."""
        if event.kind not in self._blind:
            sizes = Counter[int]()
            for answer, count in self._answers[event.kind].items():
                sizes[abs(answer)] += count
            self._blind[event.kind] = max(sizes, key=lambda size: sizes[size], default=0)
        return self._blind[event.kind]

    def guess(self, event: Event) -> tuple[int, float]:
        """Return the likeliest amount, whether up or down, and how likely it is."""
        weights = defaultdict[int, float](float)
        for answer, count in self._answers[event.kind].most_common(60):
            weights[abs(answer)] += count * self._density(event, answer)
        weights[abs(event.seen) // event.factor] += self._density(event, event.seen / event.factor) / 2  # unheard of
        best = max(weights, key=lambda answer: weights[answer])
        return best, weights[best] / (sum(weights.values()) or 1)

    def _density(self, event: Event, answer: float) -> float:
        other = (event.seen - event.factor * answer) / event.scale
        at, number = _bin(other), self._others.total() or 1
        return 0.6 * self._others[other] / number + 0.4 * self._spread[at] / number / max(1, 2 ** (abs(at) / 3) / 4)


def _bin(other: float) -> int:
    size = round(3 * log2(1 + abs(other) / 500))
    return size if other >= 0 else -size


def learned(pages: Sequence[Page], events: Events) -> Guessed:
    """Let an attacker learn from every second circle and guess in the others."""
    bayesian, found = Bayesian(event for page in pages[::2] for event in events(page)), Guessed()
    for event in (event for page in pages[1::2] for event in events(page)):
        answer, chance = bayesian.guess(event)
        is_right, is_blind = answer == abs(event.answer), bayesian.blind(event) == abs(event.answer)
        is_sure = chance >= 0.8
        found += Guessed(1, is_right, is_blind, is_sure, is_sure and is_right, is_sure and is_blind)
    return found
