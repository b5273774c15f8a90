"""Keywords in their normal form and in all their cases, and the folding of bank text that makes spellings equal.

The ending says how a word goes. Where only a dictionary knows (the vowel of a stem, a consonant that weakens), every
ending that may follow is given: none makes another word of it, as `annetuskarp` or `rahandus` would. What the rules
cannot know (`laps`, `lapse`) people add. Source: EKI, Eesti keele käsiraamat (muutkonnad); compared word by word with
what Vabamorf and pymorphy3 make (`tests/core/word_forms.tsv`). Both know more, and weigh 170 and 20 megabytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
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


@dataclass(frozen=True, slots=True)
class Forms:
    """A keyword in its cases, each once, the shorter before the longer."""

    keyword: Keyword
    accepted: tuple[str, ...]
    """Each says what the keyword says."""
    denying: tuple[str, ...] = ()
    """The abessive says that there is none: `annetuseta`."""

    def with_more(self, added: Iterable[str]) -> Forms:
        """Return these with forms that people add."""
        more = set(added)
        return Forms(self.keyword, _in_order({*self.accepted, *more}), _in_order(set(self.denying) - more))


_LAST_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]+$")
_SYLLABLE = re.compile(r"[aeiouõäöüy]+")
_CYRILLIC = re.compile(r"[а-яё]+")

_CASES = ("", "sse", "s", "st", "le", "l", "lt", "ks", "ni", "na", "ga")
"""The genitive itself, then illative to comitative."""
_SHORT_PLURAL = ("", "sse", "s", "st", "le", "l", "lt", "ks")
_PLURAL_WITH_I = ("d", *_SHORT_PLURAL[1:], "na", "ni")
_ENGLISH = ("tion", "ment", "ship", "ity", "ness")


@lru_cache(maxsize=1_000)
def forms_of(keyword: Keyword) -> Forms:
    """Return a keyword in its cases; of several words the last one changes."""
    found = _LAST_WORD.search(keyword)
    if found is None:
        return Forms(keyword, (keyword,))
    before, word = keyword[: found.start()], found[0]
    if _CYRILLIC.fullmatch(word):
        said, denying = {word, *_russian(word)}, set[str]()
    elif word.endswith(_ENGLISH):
        said, denying = {word, *_english(word)}, set[str]()
    else:
        said, denying = _estonian(word)
    return Forms(
        keyword, _in_order(before + form for form in said), _in_order(before + form for form in denying - said)
    )


def _in_order(forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(forms, key=lambda form: (len(form), form)))


def _estonian(word: str) -> tuple[set[str], set[str]]:
    """Return the cases of both numbers, and the abessives."""
    singular, plural, others = _stems(word)
    said = chain(_with(singular, (*_CASES, "d")), _with(plural, _CASES), others)
    return set(said), {*_with((*singular, *plural), ("ta",))}


def _stems(word: str) -> tuple[tuple[str, ...], tuple[str, ...], Iterator[str]]:
    """Return the stems of singular and plural, and what does not end on one."""
    if word.endswith(("us", "ne")) and len(_SYLLABLE.findall(word)) > 1:  # annetus, igakuine; not kuus
        stem = word.removesuffix("ne") + "s" if word.endswith("ne") else word
        plural = chain(_with((stem + "ei",), _PLURAL_WITH_I), _with((stem + "i",), _SHORT_PLURAL))
        return (stem + "e",), (stem + "te",), chain((word, stem + "t", stem + "se"), plural)
    if word[-1] in "aeiouõäöü":  # abi, kampaania, palve
        plural = chain((word + "t", word + "sid"), _with((word + "i",), _PLURAL_WITH_I))
        return (word,), (word + "de", word + "te"), plural
    stems = tuple(stem + vowel for stem in _weakened(word) for vowel in "aeiu")  # fond, rohutirts
    others = (stem + ending for stem in stems for ending in ("t", "sid", "id"))
    plural = chain(others, _with((word + "e", word + "i"), _SHORT_PLURAL), _english(word))
    return (
        stems,
        (*(stem + ending for stem in stems for ending in ("de", "te")), word + "te"),
        chain((word, word + "t"), plural),
    )


def _weakened(word: str) -> Iterator[str]:
    """Yield what a stem's vowel follows: the word, one that loses a vowel (`laager`) or a letter (`konkurss`)."""
    yield word
    if word.endswith(("er", "el", "en", "ar", "al")):
        yield word[:-2] + word[-1]
    elif len(word) > 2 and word[-1] == word[-2]:
        yield word[:-1]


def _english(word: str) -> Iterator[str]:
    yield word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")
    if word.endswith("y"):
        yield word[:-1] + "ies"


_NEUTER = ("е", "я", "ю", "ем", "и", "й", "ям", "ями", "ях")
_SOFT = ("ь", "ью", "и", "я", "ю", "е", "ем", "ей", "ям", "ями", "ях", "ам", "ами", "ах")
_HARD = ("а", "у", "ы", "и", "е", "о", "ом", "ем", "ой", "ою", "ов", "ей", "ам", "ами", "ах", "")
_SOFT_VOWEL = ("я", "ю", "и", "е", "ей", "ею", "ём", "ем", "ь", "й", "ям", "ями", "ях", "ев")


def _russian(word: str) -> Iterator[str]:
    if word.endswith("ие"):  # пожертвование, also пожертвованье
        yield from _with((word[:-1],), _NEUTER)
        yield from _with((word[:-2] + "ь",), ("е", "я", "ю", "ем", "и", "ям", "ями", "ях"))
    elif word.endswith("ь"):
        yield from _with((word[:-1],), _SOFT)
    elif word.endswith(("а", "о")):
        yield from _with((word[:-1],), _HARD)
        if word.endswith("ка"):  # поддержка, поддержек
            yield from (word[:-2] + vowel + "к" for vowel in "еоё")
    elif word.endswith(("я", "е", "й")):
        yield from _with((word[:-1],), _SOFT_VOWEL)
    else:
        stem = word[:-2] + word[-1] if word.endswith(("ок", "ек", "ец")) else word  # подарок, подарка
        yield from _with((stem,), _HARD)


def _with(stems: Iterable[str], endings: Iterable[str]) -> Iterator[str]:
    every = tuple(endings)
    return (stem + ending for stem in stems for ending in every)
