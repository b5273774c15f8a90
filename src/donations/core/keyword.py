"""Keywords in their normal form, and the folding of bank text that makes spellings of one word equal."""

from __future__ import annotations

import unicodedata
from typing import NewType

from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode

Keyword = NewType("Keyword", str)
"""A keyword in its normal form, made only by `parse_keyword`."""

LETTERS_MIN = 3
"""Shorter words begin too many others: `an` would find `annetus`, `Anne` and `anti`."""

_UNSEEN_MARKS = frozenset(map(chr, (0x034F, *range(0x180B, 0x180E), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
"""The grapheme joiner and the variation selectors: combining marks that draw nothing."""


def is_invisible(letter: str) -> bool:
    """Whether nobody sees the character: Cf (zero-width spaces, soft hyphen, marks of direction) and unseen marks."""
    return unicodedata.category(letter) == "Cf" or letter in _UNSEEN_MARKS


def fold(text: str) -> str:
    """Return text without invisible characters, compatibility forms (NFKC) and case; white space stays as it is.

    Unicode's case folding knows no locale: a Turkish server reads the same. Folding can undo a normal form
    (and the other way round), so both are done twice, as Unicode's NFKC_Casefold does.
    """
    if text.isascii():
        return text.lower()
    seen = "".join(letter for letter in text if not is_invisible(letter))
    for _ in range(2):
        seen = unicodedata.normalize("NFKC", seen).casefold()
    return unicodedata.normalize("NFKC", seen)


def normal(text: str) -> str:
    """Return text in the normal form in which words are compared: folded, white space collapsed to one space."""
    return " ".join(fold(text).split())


def parse_keyword(text: str) -> Keyword:
    """Return the keyword in its normal form.

    Raises `Refusal` where the text has fewer than `LETTERS_MIN` letters, for so little is found in
    ordinary words, or begins with a sign, for keywords are looked for where words begin.
    """
    keyword = normal(text)
    if sum(letter.isalpha() for letter in keyword) < LETTERS_MIN or not keyword[0].isalnum():
        raise Refusal(BooksCode.BAD_KEYWORD, word=text.strip())
    return Keyword(keyword)
