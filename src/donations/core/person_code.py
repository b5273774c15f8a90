"""Codes that name a person or an organisation: Estonian personal code, registry code, and codes nobody checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import mul
from typing import NewType

PersonalCode = NewType("PersonalCode", str)
"""An Estonian isikukood: 11 digits, check digit right (modulo 11, two rounds of weights)."""

RegistryCode = NewType("RegistryCode", str)
"""An Estonian registrikood: 8 digits, check digit right; begins with 1, 7, 8 or 9."""


@dataclass(frozen=True, slots=True)
class UnverifiedCode:
    """A code that a file states and whose check digits or shape we cannot confirm; it identifies nobody."""

    text: str


_REMEMBERED_MAX = 70
"""Characters; what is longer is no code, and is not kept in memory for the next time."""

CheckedCode = PersonalCode | RegistryCode
Code = CheckedCode | UnverifiedCode


def parse_code(text: str) -> Code | None:
    """Return a checked code by its length and check digit, an unverified one, or None for blank."""
    return _parse_code(text) if len(text) <= _REMEMBERED_MAX else _read_code(text)


_DIGITS = re.compile(r"[0-9]{11}|[1789][0-9]{7}")
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000, "7": 2100, "8": 2100}
"""By the first digit of a personal code."""
_WEIGHTS, _OTHER_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)


def _read_code(text: str) -> Code | None:
    written = "".join(text.split())
    if not written:
        return None
    if _DIGITS.fullmatch(written) and _check_digit(written[:-1]) == int(written[-1]):
        if len(written) == 8:
            return RegistryCode(written)
        if _has_birthday(written):
            return PersonalCode(written)
    return UnverifiedCode(written)


def _check_digit(base: str) -> int:
    """Return the check digit of both kinds of codes (EVS 585): a second round of weights where the first says ten."""
    digits = list(map(int, base))
    rest: int = sum(map(mul, digits, _WEIGHTS)) % 11
    return (rest if rest < 10 else int(sum(map(mul, digits, _OTHER_WEIGHTS)) % 11)) % 10


def _has_birthday(written: str) -> bool:
    century = _CENTURIES.get(written[0])
    try:
        return century is not None and bool(date(century + int(written[1:3]), int(written[3:5]), int(written[5:7])))
    except ValueError:
        return False


_parse_code = lru_cache(maxsize=100_000)(_read_code)

_LABELLED_REGISTRY_CODE = re.compile(
    r"(?<![^\W\d_])(?:äri)?(?:reg|rg)[a-zäöüõ. :-]{0,20}([1789][0-9]{7})(?![0-9])", re.IGNORECASE
)


def codes_in(text: str) -> tuple[CheckedCode, ...]:
    """Return the personal and registry codes with right check digits that stand alone in free text.

    Donors are asked to write their personal code in the explanation; an 8-digit number is only believed as a
    registry code where the text says so, for dates and invoice numbers are 8 digits too.
    """
    found: dict[CheckedCode, None] = {}
    for match in re.finditer(r"(?<![0-9])([0-9]{11})(?![0-9])", text):
        code = parse_code(match[1])
        if code is not None and not isinstance(code, UnverifiedCode):
            found[code] = None
    for match in _LABELLED_REGISTRY_CODE.finditer(text):
        code = parse_code(match[1])
        if code is not None and not isinstance(code, UnverifiedCode):
            found[code] = None
    return tuple(found)
