"""Fictitious payments of one account over two years: for one seed the same, whatever format shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum import iban
from stdnum.ee import ik

from donations.core.reference import viitenumber

FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2025, 12, 31)
OPENING = 100_000
"""What the account held before the first day, in cents."""

_FIRST_NAMES = "Mari Jüri Anna Peeter Õie Kristjan Žanna Tõnu Liis Märt Ülle Andrus Kaja Šarlotte Rein Väino"
_SURNAMES = (
    "Haab Kask Kuusk Mänd Pihlakas Sõstar Jõhvikas Mustikas Toomingas Saar Tamm Lepp Paju Pärn Vaher Õunapuu Sirel"
    " Kadakas Kibuvits Põldmari Rukkilill Võilill Ülane Nurmenukk Kullerkupp Sõnajalg Maikelluke Astel Harakas"
)
_BANKS = ("22", "10", "77", "42", "96")
_WITH_KEYWORD = ("Annetus", "annetus", "ANNETUS", "Annetus kassidele", "annetuseks", "Igakuine annetus")
_WITHOUT = ("Liikmemaks 2024", "Toetan teid", "Kevadlaada pilet", "Palju õnne!", "Raamatu eest", "Tere")
_SPENT_ON = ("Arve {} ruumide üür", "Arve {}", "Kassitoit, arve {}", "Loomaarst, arve {}")
_GIFT_EUROS = (5, 10, 10, 15, 20, 20, 25, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody who does not exist; the check digits of account and code are right."""

    name: str
    iban: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One movement of money in signed cents. camt.053 has the servicer's id, OFX the archive's, LHV's CSV both."""

    day: date
    minor: int
    party: Party
    text: str
    servicer_id: str
    archive_id: str


def payments(count: int, *, seed: int = 1) -> list[Payment]:
    """Return payments in the order of their days.

    Four of five are money in, 85 of 100 of these name the keyword, and there are a fifth as many donors as payments.
    """
    random = Random(seed)  # noqa: S311 - no secret: the same file every time
    donors = [_party(number, random) for number in range(1, 2 + count // 5)]
    payees = [_party(number, random) for number in range(2 + count // 5, 3 + count // 5 + count // 100)]
    days = (LAST_DAY - FIRST_DAY).days + 1
    found = []
    for number in range(count):
        is_gift = random.random() < 0.8
        day = FIRST_DAY + timedelta(days=number * days // count)
        found.append(
            Payment(
                day=day,
                minor=_given(random) if is_gift else -random.randint(100, 25_000),
                party=random.choice(donors if is_gift else payees),
                text=_gift_text(random) if is_gift else random.choice(_SPENT_ON).format(random.randint(1000, 99_999)),
                servicer_id=f"{random.getrandbits(128):032X}",
                archive_id=f"{day:%Y%m%d}{number:08d}",
            )
        )
    return found


def own_iban() -> str:
    """Return the account's own number."""
    return _iban("77", 0)


def closing(written: list[Payment]) -> int:
    """Return what the account holds after these payments, in cents."""
    return OPENING + sum(payment.minor for payment in written)


def _given(random: Random) -> int:
    return 100 * random.choice(_GIFT_EUROS) if random.random() < 0.8 else random.randint(100, 20_000)


def _gift_text(random: Random) -> str:
    return random.choice(_WITH_KEYWORD if random.random() < 0.85 else _WITHOUT)


def _party(number: int, random: Random) -> Party:
    first, one, other = (random.choice(names.split()) for names in (_FIRST_NAMES, _SURNAMES, _SURNAMES))
    return Party(name=f"{first} {one}-{other}", iban=_iban(random.choice(_BANKS), number), code=_code(number))


def _iban(bank: str, number: int) -> str:
    """Return an Estonian IBAN that is mostly zeros: bank, account, national check digit (7-3-1)."""
    bban = bank + viitenumber(f"{number:013d}")
    return f"EE{iban.calc_check_digits(f'EE00{bban}')}{bban}"


def _code(number: int) -> str:
    """Return the personal code of somebody born from 1900 to 1909: nobody who lives has it."""
    born = date(1900, 1, 1) + timedelta(days=number % 3650)
    stem = f"{3 + number % 2}{born:%y%m%d}{number // 3650:03d}"
    return f"{stem}{ik.calc_check_digit(stem)}"
