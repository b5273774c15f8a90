"""Bank account numbers: validated IBANs, everything else, BICs, and hints about them. Alone imports schwifty."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from string import ascii_uppercase
from typing import NewType
from unicodedata import normalize

import schwifty
from schwifty.domain import IBANSpec
from schwifty.exceptions import SchwiftyException
from schwifty.registry import get_iban_spec

ValidIban = NewType("ValidIban", str)
"""An IBAN in compact form whose structure and ISO 7064 checksum are right; made only by `parse_iban`."""


@dataclass(frozen=True, slots=True)
class UnverifiedAccount:
    """An account number that is not a valid IBAN; no donor look-up accepts it."""

    text: str

    @property
    def is_failed_iban(self) -> bool:
        """Whether it is shaped like an IBAN, so that its check digits (or structure) failed."""
        return re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}", self.text) is not None


AccountNumber = ValidIban | UnverifiedAccount

_CHARACTERS_MAX = 34
_IBAN_CHARACTERS = range(15, _CHARACTERS_MAX + 1)
"""ISO 13616: Norway's have 15."""
_REMEMBERED_MAX = 70
"""Characters; what is longer is no account number, and is not kept in memory for the next time."""

_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_BIC_CHARACTERS_MAX = 11

_DIGITS = {ord(letter): str(int(letter, 36)) for letter in ascii_uppercase}
"""What letters count as in the checksum: A is 10, Z is 35."""
_CHECKED = range(2, 99)
"""Check digits that ISO 7064 computes. 00, 01 and 99 leave the same rest as others and are no account's."""
_WEIGHTS = (7, 3, 1)

# Luminor's two bank codes are missing from schwifty's register (seen in 2026.10.1).
_BANKS_SCHWIFTY_MISSES = {"17": "Luminor Bank", "96": "Luminor Bank"}


def compact(text: str) -> str:
    """Return an account number without white space, in capitals."""
    return "".join(text.split()).upper()


def parse_iban(text: str) -> ValidIban | None:
    """Return the IBAN in compact form, or None where structure or checksum (ISO 13616, ISO 7064) fail.

    The national check digit and the bank code decide nothing here: they are hints (`national_check_fails`,
    `bank_name`), for banks issue numbers that registers do not know yet.
    """
    written = compact(text)
    return _parse_compact(written) if len(written) <= _CHARACTERS_MAX and written.isascii() else None


@lru_cache(maxsize=100_000)
def _parse_compact(written: str) -> ValidIban | None:
    """Return what `schwifty.IBAN` would accept, by its register of structures, without making one."""
    bban, country, digits = written[4:], written[:2], written[2:4]
    structure = _structure(country)
    if structure is None or structure.iban_length != len(written) or not structure.regex.match(bban):
        return None
    if not (bban.isalnum() and digits.isdecimal() and int(digits) in _CHECKED):
        return None
    return ValidIban(written) if int(f"{bban}{country}{digits}".translate(_DIGITS)) % 97 == 1 else None


@lru_cache(maxsize=26 * 26)
def _structure(country: str) -> IBANSpec | None:
    """Return how IBANs of a country are built; None where the register has no such country."""
    try:
        return get_iban_spec(country)
    except SchwiftyException:
        return None


def check_digit(base: str) -> int:
    """Return the 7-3-1 check digit of a number (Pangaliit): of Estonian accounts and payment references.

    Weights 7, 3, 1 repeat from the right; the check digit is the distance to the next multiple of ten.
    """
    return -sum(weight * sum(map(int, base[-1 - at :: -3])) for at, weight in enumerate(_WEIGHTS)) % 10


def parse_account(text: str) -> AccountNumber | None:
    """Return what a file wrote as an account number: a valid IBAN, an unverified number, or None for blank."""
    return _parse_account(text) if len(text) <= _REMEMBERED_MAX else _read_account(text)


def _read_account(text: str) -> AccountNumber | None:
    written = compact(text)
    return parse_iban(written) or UnverifiedAccount(written) if written else None


_parse_account = lru_cache(maxsize=100_000)(_read_account)


@lru_cache(maxsize=10_000)
def _read_bic(text: str) -> str:
    return text if _BIC.fullmatch(text) else ""


def parse_bic(text: str) -> str:
    """Return the BIC (ISO 9362) that a file wrote, or nothing: some write local codes of banks in its place."""
    return _read_bic(text) if len(text) <= _BIC_CHARACTERS_MAX else ""


def national_check_fails(iban: ValidIban) -> bool:
    """Whether the country's own check digit inside the IBAN is wrong (for Estonia 7-3-1, the last digit)."""
    return iban.startswith("EE") and check_digit(iban[6:-1]) != int(iban[-1])


def bank_name(iban: ValidIban) -> str | None:
    """Return the bank's name where a register knows its code."""
    return _bank_here(iban[4:6]) if iban.startswith("EE") else _bank_elsewhere(iban)


@cache
def _bank_here(code: str) -> str | None:
    """Return the bank of an Estonian code, of which there are a hundred, without its legal form: nobody says that."""
    known = schwifty.IBAN(f"EE00{code}".ljust(20, "0"), allow_invalid=True).bank_name
    name = known or _BANKS_SCHWIFTY_MISSES.get(code)
    return None if name is None else name.removeprefix("AS ").removesuffix(" AS")


def name_of_account(number: AccountNumber) -> str:
    """Return what an own account is called that nobody gave a name: by its bank and last digits, else its number."""
    if isinstance(number, UnverifiedAccount):
        return number.text
    bank = bank_name(number)
    return str(number) if bank is None else f"{bank} …{number[-4:]}"


@lru_cache(maxsize=10_000)
def _bank_elsewhere(iban: ValidIban) -> str | None:
    return schwifty.IBAN(iban).bank_name


def masked(number: AccountNumber) -> str:
    """Return the number for messages and screens without the right to see it: `EE38…5685`."""
    text = number.text if isinstance(number, UnverifiedAccount) else number
    return f"{text[:4]}…{text[-4:]}" if len(text) > 8 else f"…{text[-2:]}"


def grouped(iban: ValidIban) -> str:
    """Return the IBAN in groups of four, as people read it (ISO 13616 print format)."""
    return " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))


_IBAN_IN_TEXT = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}(?![A-Z0-9])", re.IGNORECASE)


def ibans_in(text: str) -> tuple[ValidIban, ...]:
    """Return the valid IBANs written in free text, in order and once each."""
    found: dict[ValidIban, None] = {}
    for match in _IBAN_IN_TEXT.finditer(text):
        words = match[0].split(" ")
        for end in range(len(words), 0, -1):
            iban = parse_iban("".join(words[:end]))
            if iban is not None:
                found[iban] = None
                break
    return tuple(found)


def ibans_readable_in(text: str) -> frozenset[ValidIban]:
    """Return the IBANs that people may read in a text, whatever stands between their signs."""
    written = re.sub(r"[\W_]", "", normalize("NFKC", text).upper())
    starts = [each.start() for each in re.finditer(r"(?=[A-Z]{2}[0-9]{2})", written)]
    read = (parse_iban(written[at : at + length]) for at in starts for length in _IBAN_CHARACTERS)
    return frozenset(each for each in read if each is not None)
