"""Codes that name a person or an organisation: Estonian personal code, registry code, and codes nobody checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NewType

from stdnum.ee import ik, registrikood

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


def _read_code(text: str) -> Code | None:
    written = "".join(text.split())
    if not written:
        return None
    if re.fullmatch(r"[0-9]{11}", written) and ik.is_valid(written):
        return PersonalCode(written)
    if re.fullmatch(r"[0-9]{8}", written) and registrikood.is_valid(written):
        return RegistryCode(written)
    return UnverifiedCode(written)


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
