"""In what order names stand in lists: people by family name, organisations without their legal form.

The order of letters is that of the Estonian alphabet (z stands behind s, õ behind w); other accents do not count, and
Cyrillic follows Latin.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from donations.core.donor import LEGAL_FORMS
from donations.core.name import name_key

_ALPHABET = "abcdefghijklmnopqrsšzžtuvwõäöüxy"
_RANKS = {letter: chr(ord("a") + rank) for rank, letter in enumerate(_ALPHABET)}
_LATIN = {
    code: "".join(_RANKS.get(letter, letter) for letter in anyascii(chr(code)).lower())
    for code in range(0xC0, 0x250)
    if chr(code) not in _ALPHABET
}
_TABLE = {ord(letter): rank for letter, rank in _RANKS.items()} | _LATIN
_WORD = re.compile(r"[^\W_]+(?:['’.-]+[^\W_]+)*")

NameOrder = tuple[str, str]
"""By what a name is put in order."""


@lru_cache(maxsize=200_000)
def name_order(name: str) -> NameOrder:
    """Return by what a name is put in order: the family name and what stands before it, or what an organisation is."""
    words = [found[0] for found in _WORD.finditer(unicodedata.normalize("NFC", name).casefold())]
    own = [word for word in words if anyascii(word) not in LEGAL_FORMS]
    if own != words or "," in name:
        return _ranked(" ".join(own)), ""
    return _ranked("".join(words[-1:])), _ranked(" ".join(words[:-1]))


def family_first(name: str) -> str:
    """Return a name as it stands in a list by family names: `Nõmm Külli`; that of an organisation as it is."""
    given, _, family = name.strip().rpartition(" ")
    is_person = given and "," not in name and set(LEGAL_FORMS).isdisjoint(name_key(name).split())
    return f"{family} {given}" if is_person else name


def _ranked(words: str) -> str:
    return words.translate(_TABLE)
