"""Invented circles of donors, month by month: standing orders, churn, raises, Decembers, late gifts, refunds, mistakes.

Nothing here knows the product. A circle is what happened; a fact is known from the closing of some month on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, product
from random import Random
from typing import NamedTuple

MONTHS = 36
STANDING, CHURN = (50, 80, 95), (1, 2, 5)
GENERAL, MEADOW = 1, 2
_ORDERS = (5, 10, 10, 15, 20, 20, 25, 30, 50, 50, 100)
_ROUND = (5, 10, 20, 25, 30, 50, 50, 100, 100, 200)
DECEMBER = 11


class Fact(NamedTuple):
    """Cents that came into the books, or left them."""

    known: int
    """At the closing of which month; months count from 0."""
    month: int
    """In which it was booked at the bank."""
    donor: int | None
    appeal: int
    cents: int


class Moment(NamedTuple):
    """Something that a friend of a donor knows: that it happened in this month."""

    donor: int
    month: int
    cents: int


@dataclass
class Circle:
    """What happened in three years."""

    size: int
    facts: dict[int, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    """By the month at whose closing they are known."""
    starts: list[Moment] = field(default_factory=list)
    """First months of standing orders."""
    gifts: list[Moment] = field(default_factory=list)
    """Of those who give now and then."""


@dataclass
class _Donor:
    id: int
    order: int | None
    """Euros a month; None: gives now and then."""
    often: float
    usual: float
    appeal: int
    owes: int = 0


class _Living:
    """Makes one circle up."""

    def __init__(self, size: int, standing: int, churn: int, seed: object, *, is_heavy: bool) -> None:
        self.random = Random(f"{size} {standing} {churn} {seed} {is_heavy}")
        self.circle, self.standing, self.churn, self.is_heavy = Circle(size), standing, churn, is_heavy
        self.ids = count(1)
        self.donors = [self._joins(None) for _ in range(size)]

    def live(self) -> Circle:
        for month in range(MONTHS):
            for at, donor in enumerate(self.donors):
                if month and self.random.random() * 100 < self.churn:
                    donor = self.donors[at] = self._joins(month)  # noqa: PLW2901 - another one in their place
                self._gives(donor, month)
            if self.random.random() < 0.15:
                self._corrects(month)
        return self.circle

    def _joins(self, month: int | None) -> _Donor:
        random, order = self.random, None
        if random.random() * 100 < self.standing:
            order = min(int(5 * random.paretovariate(0.9)), 1_000) if self.is_heavy else random.choice(_ORDERS)
        usual = 5 * random.paretovariate(0.9) if self.is_heavy else random.lognormvariate(3.4, 0.9)
        appeal = MEADOW if random.random() < 0.3 else GENERAL
        donor = _Donor(next(self.ids), order, random.uniform(0.05, 0.35), usual, appeal)
        if order is not None and month is not None:
            self.circle.starts.append(Moment(donor.id, month, order * 100))
        return donor

    def _gives(self, donor: _Donor, month: int) -> None:
        random, is_december = self.random, month % 12 == DECEMBER
        if donor.order is None:
            if random.random() < donor.often * (3 if is_december else 1):
                euros = self._now_and_then(donor.usual)
                self.circle.gifts.append(Moment(donor.id, month, euros * 100))
                self._book(month, donor, euros)
            return
        if random.random() < 0.01:
            donor.order += random.choice((5, 5, 10))
        if random.random() < 0.01:  # the account was empty; half of them make up for it
            donor.owes = donor.order if random.random() < 0.5 else 0
            return
        self._book(month, donor, donor.order + donor.owes)
        donor.owes = 0
        if is_december and random.random() < 0.1:
            self._book(month, donor, random.choice(_ROUND))

    def _now_and_then(self, usual: float) -> int:
        euros = usual * self.random.uniform(0.5, 2) if self.is_heavy else usual * self.random.lognormvariate(0, 0.6)
        if self.random.random() < 0.75:
            euros = min(_ROUND, key=lambda each: abs(each - euros)) if euros < 200 else euros // 100 * 100
        return max(2, min(int(euros), 5_000))

    def _book(self, month: int, donor: _Donor, euros: int) -> None:
        self.circle.facts[month].append(Fact(month, month, donor.id, donor.appeal, euros * 100))

    def _corrects(self, month: int) -> None:
        """A gift comes late, goes back (to nobody known, in a third), or is found to be another's."""
        random, own = self.random, self.circle.facts[month]
        gifts = [at for at, fact in enumerate(own) if fact.known == fact.month == month and fact.cents > 0]
        if not gifts:
            return
        at, later = random.choice(gifts), month + random.randrange(1, 4)
        fact = own[at]
        match random.randrange(3):
            case 0:
                own.pop(at)
                self.circle.facts[later].append(fact._replace(known=later))
            case 1:
                who = None if random.random() < 0.33 else fact.donor
                self.circle.facts[later].append(Fact(later, min(later, MONTHS - 1), who, fact.appeal, -fact.cents))
            case _:
                other = random.choice(self.donors).id
                taken = fact._replace(known=later, cents=-fact.cents)
                self.circle.facts[later] += [taken, fact._replace(known=later, donor=other)]


def circles(size: int, each: int, *, is_heavy: bool = False) -> Iterator[Circle]:
    """Yield so many circles of each of nine kinds: of a hundred donors some give by standing order, some leave a month.

    `is_heavy`: amounts are Pareto's, so that few give most.
    """
    for standing, churn, seed in product(STANDING, CHURN, range(each)):
        yield _Living(size, standing, churn, seed, is_heavy=is_heavy).live()
