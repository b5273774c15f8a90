"""What running the association moves each month: rent, wages, fees, interest, grants, transfers between accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from random import Random

from donations.core.allocation import Purpose
from donations.core.money import Minor
from donations.core.month import Month
from donations.core.statement import LineKind
from donations.demo.months import working_day
from donations.demo.movement import Bank, Movement, OwnAccount, Party, Truth
from donations.demo.people import Registry

_COST, _INCOME = Truth(purpose=Purpose.COST), Truth(purpose=Purpose.INCOME)
_TRANSFER = Truth(purpose=Purpose.TRANSFER)
_ASKED = replace(_INCOME, is_plain=False)
MEMBERSHIP_FEE: Minor = 2000


class Running:
    """The association besides its gifts; `size` is 100 for one with 400 donors, and costs grow with it."""

    def __init__(self, owner: Party, accounts: Iterable[OwnAccount], registry: Registry, random: Random) -> None:
        self._owner = owner
        self._accounts = {account.bank: account for account in accounts}
        self._random = random
        self._landlord, self._host, self._printer, self._supplier = (registry.company() for _ in range(4))
        self._paid = [(registry.person(), part) for part in (640, 560, 400)]
        self._agent = replace(registry.company(), name="Makseagent Näidis AS")
        self._tax_office = Party(name="Näidismaksuamet", iban=registry.iban("10"), code=registry.registry_code("799"))
        self._fund = Party(name="Riiklik Näidisfond", iban=registry.iban("22"), code=registry.registry_code("799"))
        self._members = [registry.person() for _ in range(12)]

    def month(self, month: Month, *, size: int) -> Iterator[Movement]:
        """Yield everything of one month but gifts."""
        yield from self._costs(month, size=size)
        yield from self._bank_rows(month)
        yield from self._between_accounts(month, size=size)
        yield from self._other_income(month, size=size)

    def _costs(self, month: Month, *, size: int) -> Iterator[Movement]:
        def pays(day: int, minor: Minor, party: Party, text: str, *, reference: str = "") -> Movement:
            day_of_payment = working_day(month, day)
            return Movement(
                bank=Bank.LHV,
                day=day_of_payment,
                minor=-minor,
                party=party,
                text=text,
                reference=reference,
                truth=_COST,
            )

        named = f"{month.number:02d}/{month.year}"
        yield pays(5, 320 * size, self._landlord, f"Ruumi üür {named}", reference="47115")
        for person, part in self._paid:
            yield pays(10, part * size, person, f"Palk {named}")
        yield pays(10, 930 * size, self._tax_office, "Maksud")
        yield pays(15, 24 * size + self._random.randint(0, 900), self._host, f"Arve {month.year}{month.number:02d}17")
        for _ in range(self._random.randint(1, 4)):
            minor = self._random.randint(400, 9000)
            yield pays(self._random.randint(1, 28), minor, self._supplier, f"Arve {self._random.randint(1000, 99999)}")
        if month.number % 3 == 2:
            bill = pays(18, 160 * size, self._printer, f"Ajakirja trükk, arve {month.year}-{month.number}")
            if self._random.random() < 0.3:  # the bank finds no such account, the money comes back, and goes again
                yield bill
                yield replace(bill, day=working_day(month, 20), minor=-bill.minor, is_return=True, truth=_INCOME)
                bill = replace(bill, day=working_day(month, 22))
            yield bill
        card = pays(
            self._random.randint(1, 28), self._random.randint(300, 6000), Party(name="POSTKONTOR NÄIDIS"), "Margid"
        )
        yield replace(card, bank=Bank.SWEDBANK, kind=LineKind.CARD)

    def _bank_rows(self, month: Month) -> Iterator[Movement]:
        def row(bank: Bank, minor: Minor, kind: LineKind, text: str) -> Movement:
            truth = _INCOME if minor > 0 else _COST
            return Movement(bank=bank, day=month.last_day, minor=minor, kind=kind, text=text, truth=truth)

        yield row(Bank.LHV, -100, LineKind.FEE, "Konto kuutasu")
        yield row(Bank.SWEDBANK, -250, LineKind.FEE, "Teenustasu")
        yield row(Bank.SEB, -120, LineKind.FEE, "Kuutasu")
        if month.number % 3 == 0:
            interest = self._random.randint(2000, 4500)
            yield row(Bank.SEB, interest, LineKind.INTEREST, "Hoiuse intress")
            yield row(Bank.SEB, -interest * 22 // 100, LineKind.TAX, "Tulumaks intressilt")

    def _between_accounts(self, month: Month, *, size: int) -> Iterator[Movement]:
        yield from self._transfer(month, 20, Bank.LHV, Bank.SEB, 150 * size, "Säästukontole")
        if month.number % 3 == 1:
            yield from self._transfer(month, 21, Bank.SWEDBANK, Bank.LHV, 500 * size, "Annetused põhikontole")
        if month.number == 8:
            yield from self._transfer(month, 3, Bank.SEB, Bank.LHV, 800 * size, "Suvelaagriks")

    def _transfer(self, month: Month, day: int, one: Bank, other: Bank, minor: Minor, text: str) -> Iterator[Movement]:
        out = Movement(
            bank=one,
            day=working_day(month, day),
            minor=-minor,
            party=replace(self._owner, iban=self._accounts[other].iban),
            text=text,
            truth=_TRANSFER,
        )
        yield out
        yield replace(out, bank=other, minor=minor, party=replace(self._owner, iban=self._accounts[one].iban))

    def _other_income(self, month: Month, *, size: int) -> Iterator[Movement]:
        def comes(day: int, minor: Minor, party: Party, text: str, why: str) -> Movement:
            truth = replace(_ASKED, why=why)
            return Movement(
                bank=Bank.SWEDBANK, day=working_day(month, day), minor=minor, party=party, text=text, truth=truth
            )

        if month.number in {3, 9}:
            text = f"Tegevustoetus, leping {month.number * 11}/{month.year}"
            yield comes(19, 2500 * size, self._fund, text, "The grant of our contract.")
        if month.number in {6, 12}:
            minor = self._random.randint(90, 260) * size
            yield comes(16, minor, self._agent, f"Väljamakse {month.year}{month.number}", "Sold at the fair.")
        if month.number == 2:
            for member in self._members:
                yield comes(
                    self._random.randint(1, 28), MEMBERSHIP_FEE, member, f"Liikmemaks {month.year}", "Membership fee."
                )
