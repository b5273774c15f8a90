"""Tells payers that are no donors: whoever really gives is not named, or the money is a grant."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from donations.core.name import NameKey
from donations.matching import institutions as known
from donations.matching.payer import Payer, is_registry_code

_BIC = re.compile(r"[a-z]{6}[a-z0-9]{2}(?:[a-z0-9]{3})?")
_LONG = 9


class NoDonor(StrEnum):
    """What pays where no donor does; stable codes."""

    BANK = "bank"
    """A bank or a payment institution: the giver behind it is not named."""
    PUBLIC = "public_body"
    """A state or municipal body: a grant, most likely."""


def no_donor(payer: Payer) -> NoDonor | None:
    """Return what kind of institution seems to pay, whoever stands behind it; None for people and others."""
    if payer.stated_code in known.REGISTRY_CODES:
        return NoDonor.BANK
    for code in (payer.stated_code, *payer.text_codes):
        if code is not None and code[0] == "7" and is_registry_code(code):  # state and municipal bodies (RIK)
            return NoDonor.PUBLIC
    return _by_name(payer.name)


@lru_cache(maxsize=100_000)
def _by_name(name: NameKey) -> NoDonor | None:
    words = name.split()
    if not words:
        return None
    left = " ".join(word for word in words if word not in known.TRADE_WORDS and not word.isdigit())
    is_bank = left in known.BRANDS or (not left and not {"pank", "bank", "banka"}.isdisjoint(words))
    if is_bank or (_BIC.fullmatch(name) is not None and name.startswith(known.BIC_PREFIXES)):
        return NoDonor.BANK
    return NoDonor.PUBLIC if _is_public(words) else None


def _is_public(words: list[str]) -> bool:
    every = set(words)
    place = " ".join(word for word in words if word not in known.MUNICIPAL_WORDS and word != "of")
    if place in known.MUNICIPALITIES and not every.isdisjoint(known.MUNICIPAL_WORDS):
        return True
    return (
        not every.isdisjoint(known.PUBLIC_WORDS)
        or any(
            word.endswith(known.PUBLIC_ENDINGS)
            or word.startswith(known.PUBLIC_BEGINNINGS)
            or (len(word) >= _LONG and word.endswith(known.PUBLIC_ENDINGS_LONG))
            for word in words
        )
        or any(name <= every for name in known.PUBLIC_NAMES)
    )
