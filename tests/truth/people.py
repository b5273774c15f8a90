"""Who there is: people with and without codes, joint accounts, married names, companies, suppliers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from tests.truth.check_digits import estonian_iban, iban, personal_code, registry_code
from tests.truth.values import Person
from tests.truth.words import COMPANIES, GIVEN, SUPPLIERS, SURNAMES

BANKS = ("10", "22", "77", "42", "17")


@dataclass(slots=True)
class Crowd:
    """People in the making; numbers never repeat."""

    random: Random
    people: list[Person] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def account(self, country: str = "EE") -> str:
        """Return a new account number."""
        number = self.random.randrange(10**8, 10**10)
        if country == "EE":
            made = estonian_iban(self.random.choice(BANKS), number)
        elif country == "LV":
            made = iban("LV", f"HABA{number:013}")
        else:
            length = {"LT": 16, "BE": 12, "DE": 18, "FI": 14, "LU": 16, "IE": 14}[country]
            made = iban(country, ("AIBK" if country == "IE" else "") + f"{number:0{length}}")
        return self.account(country) if made in self.taken else self._took(made)

    def _took(self, made: str) -> str:
        self.taken.add(made)
        return made

    def person(self, **more: object) -> Person:
        """Add a person, with a code two times in three; `more` are fields."""
        made = Person(
            key=len(self.people),
            names=(self._name(),),
            ibans=(self.account(),),
            code=self._code() if self.random.random() < 0.66 else "",
        )
        made = replace(made, **more)  # type: ignore[arg-type]
        self.people.append(made)
        return made

    def _name(self) -> str:
        used = {name for each in self.people for name in each.names}
        for _ in range(200):
            made = f"{self.random.choice(GIVEN)} {self.random.choice(SURNAMES)}"
            if made not in used:
                return made
        raise AssertionError

    def _code(self) -> str:
        year, month, day = self.random.randrange(40, 99), self.random.randrange(1, 13), self.random.randrange(1, 29)
        made = personal_code(
            f"{self.random.choice('34')}{year}{month:02}{day:02}{self.random.randrange(1000):03}",
        )
        return self._code() if made in self.taken else self._took(made)

    def married(self) -> Person:
        """Add somebody who takes another surname in between."""
        one = self.person()
        return self._changed(one, names=(one.names[0], f"{one.names[0].split()[0]} {self._other_surname(one)}"))

    def _other_surname(self, one: Person) -> str:
        used = {name for each in self.people for name in each.names}
        given = one.names[0].split()[0]
        return next(each for each in SURNAMES if f"{given} {each}" not in used)

    def couple(self) -> tuple[Person, Person]:
        """Add two people with one account."""
        one = self.person()
        return one, self.person(ibans=one.ibans)

    def namesakes(self) -> tuple[Person, Person]:
        """Add two people of one name, each with a bank account of their own."""
        one = self.person()
        return one, self.person(names=one.names)

    def with_two_accounts(self) -> Person:
        """Add somebody who pays now from here, now from there."""
        return self.person(ibans=(self.account(), self.account()))

    def foreigner(self) -> Person:
        """Add somebody whose bank is abroad and who has no Estonian code."""
        return self.person(ibans=(self.account(self.random.choice(("LV", "LT", "DE", "FI"))),), code="")

    def organisation(self, name: str | None = None, *, code: str | None = None, country: str = "EE") -> Person:
        """Add a company; its registry code begins with 1."""
        used = {each.names[0] for each in self.people}
        known = name or next((each for each in (*COMPANIES, *SUPPLIERS) if each not in used), COMPANIES[0])
        own = registry_code(f"1{self.random.randrange(10**6):06}") if code is None else code
        return self.person(names=(known,), ibans=(self.account(country),), code=own, is_organisation=True)

    def _changed(self, one: Person, **more: object) -> Person:
        self.people[one.key] = replace(one, **more)  # type: ignore[arg-type]
        return self.people[one.key]
