"""How people give over the months, and what running the association moves besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from random import Random
from typing import Any, assert_never

from donations.core.calendar import Month
from donations.core.money import Minor
from donations.core.payment import Purpose
from donations.core.statement import LineKind
from donations.demo import people
from donations.demo.movement import (
    CAMPAIGN_MONTH,
    DECEMBER,
    GENERAL,
    MEADOW,
    NOBODY,
    Bank,
    Movement,
    OwnAccount,
    Party,
    Truth,
    working_day,
)
from donations.demo.people import Giver, Registry

STANDING_ORDER = "A standing order for us: asked once, and it is a gift."
"""Why a standing order without the keyword is a gift."""
_MONTHLY_EUROS = (5, 5, 5, 10, 10, 10, 10, 10, 15, 15, 20, 20, 20, 25, 25, 30, 50, 50, 100)
_SINGLE_EUROS = (5, 10, 10, 10, 15, 20, 20, 20, 25, 25, 30, 50, 50, 50, 100, 100, 200)
_COMPANY_EUROS = (50, 100, 100, 150, 200, 250, 500, 500, 1000)
_SEASON = {1: 0.7, 6: 0.7, 7: 0.5, 8: 0.7, 11: 1.4, DECEMBER: 5.0}
"""How many times as often as in an ordinary month people give."""


class _Event(Enum):
    """What may become of a standing order in a month; a move is to another bank."""

    NOTHING = "nothing"
    STOP = "stop"
    PAUSE = "pause"
    RAISE = "raise"
    LOWER = "lower"
    MOVE = "move"


_CHANCES = (954, 12, 6, 13, 5, 10)
"""In a thousand, in the order above."""


class _Oddity(Enum):
    """What may be odd about a single gift."""

    NOTHING = "nothing"
    TEXT = "text"
    AT_THE_COUNTER = "at the counter"
    FOR_ANOTHER = "for another"
    NAMELESS = "nameless"
    WITH_FEE = "with fee"


_ODDITIES = (925, 45, 10, 6, 3, 11)
"""In a thousand, in the order above."""
_FEE: Minor = 2000


@dataclass(slots=True)
class _Order:
    """A standing order as it is now; what is written never changes, whatever is wrong with it."""

    party: Party
    euros: int
    day: int
    written: people.Wording
    paused: int = 0
    is_stopped: bool = False


class StoryGivers:
    """Lets givers give through the months of a story."""

    def __init__(self, span: Sequence[Month], registry: Registry, random: Random) -> None:
        self._span, self._registry, self._random = span, registry, random
        self._orders = 0

    def of(self, giver: Giver) -> Iterator[Movement]:
        """Yield all that one giver gives, with a habit of their own."""
        habit = self._random.random()
        if habit < 0.05 and not giver.is_company:
            yield from self._couple(giver)
        elif habit < 0.38 and not giver.is_company:
            yield from self._standing_order(giver, self._span[self._start() :])
        elif habit < 0.85 or giver.is_company:
            yield from self._now_and_then(giver, self._span[self._start() :])
        else:
            month = self._random.choice(self._span)
            yield self._single(giver, month, self._any_bank())
        for month in self._span:
            if month.number == CAMPAIGN_MONTH and self._random.random() < 0.13:
                yield self._to_the_meadow(giver, month)

    def _start(self) -> int:
        """Return in which month somebody begins: nearly half gave before the story began."""
        return 0 if self._random.random() < 0.45 else self._random.randrange(len(self._span))

    def _any_bank(self) -> Bank:
        return self._random.choices((Bank.LHV, Bank.SWEDBANK, Bank.SEB), (80, 17, 3))[0]

    def _standing_order(self, giver: Giver, span: Sequence[Month]) -> Iterator[Movement]:
        written = people.plain(giver, self._random)
        self._orders += 1
        if self._orders % 60 == 5:  # one in sixty asks anew each month, until somebody makes it a rule
            written = people.Wording(text="Toetus", why=STANDING_ORDER)
        order = _Order(giver.party, self._random.choice(_MONTHLY_EUROS), self._random.randint(1, 28), written)
        bank = self._any_bank()
        for month in span:
            self._live(order)
            if order.is_stopped:
                return
            if not order.paused:
                payer = replace(giver, party=order.party)
                yield _gift(payer, month, bank, 100 * order.euros, order.written, day=order.day)

    def _live(self, order: _Order) -> None:
        """Let a month change the order, or not."""
        order.paused = max(0, order.paused - 1)
        event = self._random.choices(tuple(_Event), _CHANCES)[0]
        match event:
            case _Event.NOTHING:
                return
            case _Event.STOP:
                order.is_stopped = True
            case _Event.PAUSE:
                order.paused = self._random.randint(2, 5)
            case _Event.RAISE:
                order.euros += 5 if order.euros < 50 else 25
            case _Event.LOWER:
                order.euros = max(5, order.euros // 2)
            case _Event.MOVE:
                if order.party.iban.startswith("EE"):
                    order.party = self._registry.moved(order.party)
            case _:
                assert_never(event)

    def _couple(self, giver: Giver) -> Iterator[Movement]:
        """Let two people share an account; the bank leaves a name out once in a while."""
        surname = giver.party.name.rpartition(" ")[2].title().removesuffix("a")
        partner = replace(self._registry.person(surname=surname), iban=giver.party.iban)
        bank = self._any_bank()
        for one, day in ((giver, 10), (replace(giver, party=partner, writes_code=False), 12)):
            written = people.plain(one, self._random)
            euros = self._random.choice(_MONTHLY_EUROS)
            for month in self._span:
                gift = _gift(one, month, bank, 100 * euros, written, day=day)
                if month != self._span[0] and self._random.random() < 0.01 and not giver.writes_code:
                    why = "The bank left the name out; it is the day and amount of this standing order."
                    gift = _asked(gift, why, party=replace(one.party, name="", code=""))
                yield gift

    def _now_and_then(self, giver: Giver, span: Sequence[Month]) -> Iterator[Movement]:
        often, bank = self._random.choice((0.04, 0.06, 0.1, 0.15, 0.3)), self._any_bank()
        for month in span:
            if self._random.random() < often * _SEASON.get(month.number, 1.0):
                yield self._single(giver, month, bank)

    def _single(self, giver: Giver, month: Month, bank: Bank) -> Movement:
        """Give once; one gift in fourteen is odd in one way or another."""
        minor, oddity = self._minor(giver), self._random.choices(tuple(_Oddity), _ODDITIES)[0]
        day = self._random.randint(1, 24 if month.number == DECEMBER else 31)
        written = people.odd(self._random) if oddity is _Oddity.TEXT else people.plain(giver, self._random)
        gift = _gift(giver, month, bank, minor, written, day=day)
        is_person = not giver.is_company and not giver.writes_code
        if oddity is _Oddity.AT_THE_COUNTER and is_person:
            return _asked(gift, "Cash at the counter: gave a name.", party=replace(giver.party, iban="", code=""))
        if oddity is _Oddity.NAMELESS:
            return _asked(gift, "Cash without a name.", party=NOBODY, donor="")
        if oddity is _Oddity.FOR_ANOTHER and is_person:
            other = self._registry.person().name.title()
            told = _asked(gift, "Paid for somebody else, who wanted to give.", donor=other)
            return replace(told, on_behalf_of=other)
        if oddity is _Oddity.WITH_FEE and minor > _FEE:
            told = _asked(gift, "Gift and membership fee in one payment.", fee=_FEE)
            return replace(told, text="Toetus + liikmemaks 20")
        return gift

    def _minor(self, giver: Giver) -> Minor:
        if giver.is_company:
            return 100 * self._random.choice(_COMPANY_EUROS)
        if self._random.random() < 0.08:
            return self._random.randint(101, 9999)
        rare = self._random.random()
        return 100 * (1000 if rare < 0.003 else 500 if rare < 0.015 else self._random.choice(_SINGLE_EUROS))

    def _to_the_meadow(self, giver: Giver, month: Month) -> Movement:
        written, day = people.for_the_meadow(self._random), self._random.randint(3, 31)
        return _gift(giver, month, Bank.LHV, self._minor(giver), written, day=day, appeal=MEADOW)


def _gift(
    giver: Giver, month: Month, bank: Bank, minor: Minor, written: people.Wording, *, day: int, appeal: str = GENERAL
) -> Movement:
    text = written.text
    return Movement(
        bank=bank,
        day=working_day(month, day),
        minor=minor,
        party=giver.party,
        text=text,
        reference=written.reference,
        truth=Truth(
            purpose=Purpose.GIFT,
            donor=giver.party.name,
            appeal=appeal,
            is_plain=not written.why,
            why=written.why,
        ),
    )


def _asked(gift: Movement, why: str, *, party: Party | None = None, **more: Any) -> Movement:
    """Return the gift as one that the rules must ask about; `more` is what else is true of it."""
    truth = replace(gift.truth, is_plain=False, why=why, **more)
    return replace(gift, party=party or gift.party, truth=truth)


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
