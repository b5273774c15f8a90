"""People and organisations that do not exist, with right check digits, and what they write beside their money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from itertools import count
from random import Random

from stdnum import iban
from stdnum.ee import ik

from donations.core.reference import viitenumber
from donations.demo.movement import MEADOW_REFERENCE, Party

_WOMEN = (
    "Mari Anne Tiina Kadri Liis Kristiina Maarika Piret Eve Helena Laura Karin Triin Ülle Sirje Merike Kersti Annika"
    " Kaja Maie Reet Leena Katrin Signe Õie Virve Eha Marju Külli Heli"
)
_MEN = (
    "Jaan Peeter Tõnu Andres Margus Toomas Rein Kristjan Martin Urmas Indrek Jüri Priit Siim Raivo Tarmo Meelis Ants"
    " Taavi Erki Kaarel Mihkel Väino Märt Ülo Hannes Aivar Lauri Sander Heiki"
)
_SURNAMES = (
    "Tamm Saar Sepp Mägi Kask Kukk Rebane Ilves Pärn Koppel Luik Oja Lepik Raudsepp Kuusk Karu Vaher Kütt Lepp Põder"
    " Parts Sild Teder Nõmm Järv Laas Kivi Toom Rand Liiv Jõgi Hein Mets Palu Org Lill Pihlak Rohtla Soosaar Metsla"
)
_RUSSIAN_WOMEN = "Olga Irina Svetlana Natalja Jelena Tatjana Ljudmila Galina Anna Marina Julia Veronika"
_RUSSIAN_MEN = "Aleksandr Sergei Vladimir Andrei Dmitri Nikolai Aleksei Igor Oleg Viktor Maksim Roman"
_RUSSIAN_SURNAMES = (
    "Ivanov Petrov Smirnov Kuznetsov Vassiljev Pavlov Semjonov Fjodorov Morozov Volkov Lebedev Kozlov Novikov Orlov"
    " Makarov Nikitin Zaitsev Sokolov Jegorov Belov"
)
_ABROAD = (
    ("FI", "Matti Virtanen", "Liisa Korhonen", "Antti Nieminen", "Sanna Laine", "Juha Heikkinen"),
    ("LV", "Jānis Bērziņš", "Ilze Kalniņa", "Māris Ozols"),
    ("DE", "Anna Schmidt", "Jonas Weber", "Klara Fischer"),
    ("SE", "Erik Lindberg", "Karin Nyström"),
)
_FOREIGN_BBANS = {"FI": "1234560{:07d}", "LV": "HABA{:013d}", "DE": "10000000{:010d}", "SE": "500{:017d}"}
_COMPANY_WORDS = (
    "Kadakas Pihlapuu Meretuul Rukkilill Sinilind Jõekalda Põhjatäht Rannaniit Vahtraleht Kivimägi Sõnajala"
)
_COMPANY_TRADES = "Ehitus Disain Tarkvara Kohvik Raamat Trükk Aiand Puit"
_BANKS_OF_PEOPLE = ("22", "22", "22", "10", "10", "77", "77", "77", "42", "96")


class Tongue(Enum):
    """The language a giver writes in."""

    ESTONIAN = "et"
    RUSSIAN = "ru"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Giver:
    """A party that gives, and how it writes."""

    party: Party
    tongue: Tongue = Tongue.ESTONIAN
    is_company: bool = False
    writes_code: bool = False
    """An Estonian with an account abroad, whose code only the text can tell."""


class Registry:
    """Makes people up, no two with one name, account or code."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._accounts = count(1_000_001)
        self._codes = count(1)
        self._companies = count(10)
        self._names: set[str] = set()

    def givers(self, number: int) -> Iterator[Giver]:
        """Make so many givers up: of twenty about thirteen Estonians, four Russians, one company, one abroad."""
        for _ in range(number):
            kind = self._random.random()
            if kind < 0.045:
                yield Giver(party=self.company(), is_company=True)
            elif kind < 0.095:
                yield self._abroad()
            elif kind < 0.30:
                yield Giver(party=self.person(tongue=Tongue.RUSSIAN), tongue=Tongue.RUSSIAN)
            else:
                yield Giver(party=self.person())

    def person(self, *, tongue: Tongue = Tongue.ESTONIAN, surname: str = "") -> Party:
        """Make a person up; some banks shout the name, and one in five states no code."""
        pick, is_woman = self._random.choice, self._random.random() < 0.58
        if tongue is Tongue.RUSSIAN:
            firsts, family = (_RUSSIAN_WOMEN, "a") if is_woman else (_RUSSIAN_MEN, "")
            last = (surname or pick(_RUSSIAN_SURNAMES.split())) + family
        else:
            firsts, last = _WOMEN if is_woman else _MEN, surname or pick(_SURNAMES.split())
        name = self._new_name(f"{pick(firsts.split())} {last}", others=_SURNAMES)
        code = self._personal_code(is_woman=is_woman) if self._random.random() < 0.8 else ""
        shown = name.upper() if self._random.random() < 0.2 else name
        return Party(name=shown, iban=self.iban(pick(_BANKS_OF_PEOPLE)), code=code)

    def company(self) -> Party:
        """Make a company up; its registry code lies where none are issued."""
        words = (self._random.choice(names.split()) for names in (_COMPANY_WORDS, _COMPANY_TRADES))
        name = self._new_name(f"{' '.join(words)} OÜ", others=_COMPANY_WORDS)
        return Party(name=name, iban=self.iban(self._random.choice(_BANKS_OF_PEOPLE)), code=self.registry_code("199"))

    def registry_code(self, begin: str) -> str:
        """Return the next made-up registry code."""
        return _with_check_digit(f"{begin}{next(self._companies):04d}")

    def iban(self, bank: str) -> str:
        """Return an Estonian account that is mostly zeros."""
        return estonian_iban(bank, next(self._accounts))

    def moved(self, party: Party) -> Party:
        """Return the party with an account at another bank."""
        banks = [bank for bank in _BANKS_OF_PEOPLE if bank != party.iban[4:6]]
        return replace(party, iban=self.iban(self._random.choice(banks)))

    def _abroad(self) -> Giver:
        if self._random.random() < 0.3:
            person = self.person()
            return Giver(party=replace(person, iban=self._foreign("LT", "325{:013d}")), writes_code=bool(person.code))
        country, *names = self._random.choice(_ABROAD)
        name = self._new_name(self._random.choice(names), others="Nord Berg Strand Holm Dahl Lund Falk Vik Ek Sund")
        party = Party(name=name, iban=self._foreign(country, _FOREIGN_BBANS[country]))
        return Giver(party=party, tongue=Tongue.ENGLISH)

    def _foreign(self, country: str, bban: str) -> str:
        return _iban(country, bban.format(next(self._accounts)))

    def _new_name(self, name: str, *, others: str) -> str:
        while name.casefold() in self._names:
            first, _, rest = name.partition(" ")
            name = f"{first} {self._random.choice(others.split())}-{rest}"
        self._names.add(name.casefold())
        return name

    def _personal_code(self, *, is_woman: bool) -> str:
        """Return the code of somebody born from 1900 to 1909: nobody who lives has it."""
        number = next(self._codes)
        born = date(1900, 1, 1) + timedelta(days=number * 37 % 3650)
        return _with_check_digit(f"{4 if is_woman else 3}{born:%y%m%d}{number // 10 % 1000:03d}")


def estonian_iban(bank: str, number: int) -> str:
    """Return an Estonian IBAN of bank, account and the national check digit (7-3-1)."""
    return _iban("EE", bank + viitenumber(f"{number:013d}"))


def _iban(country: str, bban: str) -> str:
    return f"{country}{iban.calc_check_digits(f'{country}00{bban}')}{bban}"


def _with_check_digit(stem: str) -> str:
    """Append the check digit that personal and registry codes share; the library skips the last digit it is given."""
    return stem + ik.calc_check_digit(f"{stem}0")


_PLAIN = {
    Tongue.ESTONIAN: (
        *("Annetus",) * 8,
        *("annetus",) * 5,
        "ANNETUS",
        "ANNETUS!",
        "Annetus rohutirtsule",
        "Igakuine annetus",
        "annetuseks",
        "Annetus, jõudu teile!",
        "Väike annetus kevadeks",
        "Annetus :)",
    ),
    Tongue.RUSSIAN: ("Annetus", "Annetus", "annetus", "ANNETUS", "Пожертвование", "Annetus, спасибо!"),
    Tongue.ENGLISH: ("Donation", "Donation", "donation", "Annetus", "Donation to your portal"),
}
_MISSPELT = ("Annetsu", "anetus", "annetud", "Annettus", "Püsiannetus", "An netus", "annets", "Анnetus", "Anntus")
_WITHOUT = (
    "Toetus",
    "toetan teid",
    "Aitäh töö eest!",
    "Palju õnne sünnipäevaks",
    "Rohutirts",
    "Hea portaal, jätkake",
    "",
    "Kingitus",
    "спасибо",
)
_FOR_THE_MEADOW = ("Niidufond", "niidufond", "Niidufondi heaks", "NIIDUFOND", "Niidufondile, kasvagu!")
_BESIDE_REFERENCE = ("niidu heaks", "kevadkampaania", "", "lilledele")

_SEVERAL = "Annetus ja Niidufond"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A text with a reference, and why a person has to read it; empty where the rules see what it is for."""

    text: str
    reference: str = ""
    why: str = ""


def plain(giver: Giver, random: Random) -> Wording:
    """Write the keyword so that the rules find it."""
    text = random.choice(_PLAIN[giver.tongue])
    return Wording(text=f"{text} {giver.party.code}" if giver.writes_code else text)


def odd(random: Random) -> Wording:
    """Write something that a person has to read."""
    if random.random() < 0.5:
        return Wording(text=random.choice(_MISSPELT), why="A slip of the pen: the word is our keyword.")
    return Wording(text=random.choice(_WITHOUT), why="Wrote back that it is a gift.")


def for_the_meadow(random: Random) -> Wording:
    """Write the second appeal's keyword, its reference number, or now and then both appeals at once."""
    chosen = random.random()
    if chosen < 0.5:
        return Wording(text=random.choice(_FOR_THE_MEADOW))
    if chosen < 0.98:
        return Wording(text=random.choice(_BESIDE_REFERENCE), reference=MEADOW_REFERENCE)
    return Wording(text=_SEVERAL, why="Gave during the campaign: it is for the meadow.")
