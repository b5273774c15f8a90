"""What kind of word a word is, by the list of words (`wordlist.py`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from donations.core.keyword import Keyword
from donations.core.word_forms import forms_of
from donations.matching.wordlist import CUT_APART, HARMLESS, PHRASES_BEGIN, WORDS, Says

WORD = re.compile(r"[^\W\d_]+(?:['’ʼ´`][^\W\d_]+)?")
_NEUTRAL = frozenset({None, Says.FILLS, Says.TURNS, Says.THANKS})
_BEFORE_ENDING = 3
"""A word that ends as one of the list has at least so many letters more: `müügiarve`, not `karve`."""


@dataclass(slots=True)
class _Patterns:
    """The ways in which the words of one kind are recognised."""

    whole: set[str] = field(default_factory=set)
    beginnings: tuple[str, ...] = ()
    insides: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()

    @classmethod
    def of(cls, words: str) -> _Patterns:
        found = cls()
        for written in words.split():
            stem = written.strip("*+")
            every = forms_of(Keyword(stem)).said if written.endswith("+") else (stem,)
            if written.startswith("*") and written.endswith("*"):
                found.insides += every
            elif written.endswith("*"):
                found.beginnings += every
            else:
                found.whole |= set(every)
                found.ends += every if written.startswith("*") else ()
        return found

    def has(self, word: str) -> bool:
        return (
            word in self.whole
            or word.startswith(self.beginnings)
            or any(inside in word for inside in self.insides)
            or any(word.endswith(end) and len(word) >= len(end) + _BEFORE_ENDING for end in self.ends)
        )


_HARMLESS = _Patterns.of(HARMLESS)
_KINDS = tuple((kind, _Patterns.of(words)) for kind, words in WORDS.items())


@lru_cache(maxsize=100_000)
def says(word: str) -> Says | None:
    """Return what kind of word it is."""
    plain = re.sub("[’ʼ´`]", "'", word)
    if _HARMLESS.has(plain):
        return None
    return next((kind for kind, patterns in _KINDS if patterns.has(plain)), None)


_CUT_OFF = frozenset(word[:end] for word in CUT_APART for end in range(1, len(word)))


@lru_cache(maxsize=100_000)
def is_telling(word: str) -> bool:
    """Whether a word may speak against a keyword: by itself, as the first one of a phrase, or cut apart."""
    return says(word) not in _NEUTRAL or word in _CUT_OFF or word in PHRASES_BEGIN
