"""Names folded for comparison and as they are shown, the organisation's own among them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NewType

from anyascii import anyascii

from donations.core.keyword import normal

NameKey = NewType("NameKey", str)
"""A name folded for comparison, made only by `name_key`; empty where the bank gave no name."""

_FORMS = (
    *("OÜ", "AS", "MTÜ", "SA", "UÜ", "TÜ", "TÜH", "FIE", "KÜ", "KÜH", "HÜ", "OY", "OYJ", "AB", "SIA", "UAB", "GmbH"),
    *("AG", "Ltd", "LLC", "Inc", "SE", "ООО", "АО", "ОАО", "ЗАО", "ПАО", "НКО", "ИП"),
)
"""Legal forms and the like as they are written: abbreviations, which keep their capitals."""
_SMALL = (
    *("af", "av", "bin", "da", "dal", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le"),
    *("ter", "van", "vom", "von", "zu", "zum", "zur", "ja", "und", "and", "i", "och", "фон", "де", "и"),
)
"""Particles of names, and the little words between them; not where a name begins or ends."""
_AS_WRITTEN = {each.upper(): each for each in (*_FORMS, *_SMALL)}
_ROMAN = re.compile("(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})")
"""Numbers of parishes and of those who are called as their fathers; not where a name begins (Xi, Vi)."""
_VOWELS = re.compile("[AEIOUYÄÖÜÕÅÆØÀ-ÏÒ-ÖÙ-ÝĀĒĪŌŪĄĘĖĮŲŮАЕЁИОУЫЭЮЯЄІЇ]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@lru_cache(maxsize=100_000)
def name_key(name: str) -> NameKey:
    """Fold a name to plain lower-case letters, words sorted: order, case and accents do not tell people apart."""
    plain = anyascii(normal(name)).casefold()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return NameKey(" ".join(sorted(words)))


@lru_cache(maxsize=100_000)
def in_title_case(name: str) -> str:
    """Return a name as people write it where a bank gives it in capitals; any other name as it is.

    Legal forms keep theirs (`OÜ`), as do Roman numerals; particles have none (`von`), and a word without a vowel is an
    abbreviation (`LHV`).
    """
    if not name.isupper() or sum(map(str.isalpha, name)) < 2:
        return name
    starts = [found.start() for found in _WORD.finditer(name)]

    def written(found: re.Match[str]) -> str:
        word = found[0]
        known = _AS_WRITTEN.get(word)
        if known is not None and not (known.islower() and found.start() in {starts[0], starts[-1]}):
            return known
        is_number = found.start() != starts[0] and _ROMAN.fullmatch(word) is not None
        if is_number or _VOWELS.search(word) is None:
            return word
        return "".join(part.capitalize() for part in re.split("(['’])", word))

    return _WORD.sub(written, name)


PLACEHOLDER = "Our association"
"""For pages that nobody is given; a paper or a publication under it would be nobody's."""


def is_placeholder(name: str) -> bool:
    """Whether this is no name."""
    return name.strip().casefold() in {"", PLACEHOLDER.casefold()}


_LEGAL_FORMS = {
    "mittetulundusuhing": "mtu",
    "sihtasutus": "sa",
    "osauhing": "ou",
    "aktsiaselts": "as",
}
"""Banks shorten the legal form, or write it out."""
_SHORTEST = 20
"""Banks cut long names; shorter ones are whole."""


def is_owner(owner: str, payee: str) -> bool:
    """Whether both are one name; a blank one says nothing.

    Order of words, case, accents and the spelling of the legal form do not tell names apart.
    """
    one, other = _words(owner), _words(payee)
    if not one or not other or one == other:
        return True
    cut, whole = sorted((name_key(owner), name_key(payee)), key=len)
    return len(cut) >= _SHORTEST and set(cut.split()) <= set(whole.split())


def _words(name: str) -> frozenset[str]:
    return frozenset(_LEGAL_FORMS.get(word, word) for word in name_key(name).split())
