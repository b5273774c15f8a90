"""Movements in the making: what people and the association do, one theme of real life after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from tests.truth.people import Crowd
from tests.truth.values import Kind, Meaning, Movement, OwnAccount, Party, Person, Purpose
from tests.truth.words import COSTS, GIFTS, SUPPLIERS

AMOUNTS = (500, 1000, 1000, 1000, 1500, 2000, 2000, 2500, 3000, 5000, 777)
"""Few, so that payments of one day and amount are frequent."""


@dataclass(slots=True)
class Making:
    """Movements of a world in the making."""

    random: Random
    crowd: Crowd
    accounts: tuple[OwnAccount, ...]
    first_day: date
    last_day: date
    organisation: str
    code: str
    made: list[Movement] = field(default_factory=list)
    batches: int = 0

    @property
    def seen(self) -> list[OwnAccount]:
        """Own accounts of which statements are downloaded."""
        return [each for each in self.accounts if not each.is_silent]

    def some_day(self, *, before_end: int = 0) -> date:
        """Return a day of the period, at least so many days before its end."""
        days = max(0, (self.last_day - self.first_day).days - before_end)
        return self.first_day + timedelta(days=self.random.randint(0, days))

    def moment(self, day: date, half: str = "") -> datetime:
        """Return a moment of a day or of its `morning` or `evening`; instant payments come late too."""
        begin, end = {"morning": (6, 12), "evening": (13, 23)}.get(half, (6, 23))
        return datetime.combine(day, time(self.random.randrange(begin, end), self.random.randrange(60)))

    def amount(self) -> int:
        """Return an amount of a gift."""
        return self.random.choice(AMOUNTS)

    def home(self) -> OwnAccount:
        """Return the account where most gifts go."""
        return self.seen[0] if self.random.random() < 0.7 else self.random.choice(self.seen)

    def add(self, day: date, minor: int, party: Party, text: str, meaning: Meaning, **more: object) -> Movement:
        """Add a movement; `more` are fields."""
        fields: dict[str, object] = {
            "account": self.home().iban,
            "currency": "EUR",
            "at": self.moment(day),
        } | more
        one = Movement(
            key=len(self.made),
            minor=minor,
            party=party,
            text=text,
            meaning=meaning,
            **fields,  # type: ignore[arg-type]
        )
        self.made.append(one)
        return one

    def gift(
        self, who: Person, day: date, minor: int | None = None, text: str | None = None, **more: object
    ) -> Movement:
        """Add a gift beyond doubt."""
        said = self.random.choice(GIFTS) if text is None else text
        meaning = Meaning(purpose=Purpose.GIFT, giver=who.key)
        return self.add(day, minor or self.amount(), self.party(who, day), said, meaning, **more)

    def party(self, who: Person, day: date) -> Party:
        """Return a person as the bank knows them on a day: the later name in the second half of the period."""
        half = self.first_day + (self.last_day - self.first_day) / 2
        return Party(
            name=who.names[-1] if day >= half else who.names[0], iban=self.random.choice(who.ibans), code=who.code
        )

    def supplier(self) -> Person:
        """Return a company that we pay."""
        known = [each for each in self.crowd.people if each.names[0] in SUPPLIERS]
        return self.random.choice(known) if known else self.crowd.organisation(self.random.choice(SUPPLIERS))

    def cost(self, day: date, minor: int, text: str | None = None, **more: object) -> Movement:
        """Add money out that is no refund."""
        to = self.supplier()
        said = self.random.choice(COSTS) if text is None else text
        return self.add(day, -minor, self.party(to, day), said, Meaning(purpose=Purpose.COST), **more)

    def bank_own(self, day: date, minor: int, kind: Kind, text: str, **more: object) -> Movement:
        """Add what the bank itself books: fees, interest and the tax on it."""
        meaning = Meaning(purpose=Purpose.COST if minor < 0 else Purpose.INCOME)
        return self.add(day, minor, Party(), text, meaning, kind=kind, **more)


def everyday(making: Making) -> None:
    """Gifts of a few people, costs, and what the bank takes."""
    people = [making.crowd.person() for _ in range(making.random.randint(2, 4))]
    for _ in range(making.random.randint(3, 9)):
        making.gift(making.random.choice(people), making.some_day())
    for _ in range(making.random.randint(0, 2)):
        making.cost(making.some_day(), making.random.choice((4200, 12_000, 1999)))
    if making.random.random() < 0.5:
        making.bank_own(making.last_day, -150, Kind.FEE, "Kuutasu")
