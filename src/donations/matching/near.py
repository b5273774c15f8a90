"""Near misses: words that a person would read as a keyword, though they are not spelled as one.

Only asked about, never booked. Each rule leaves ordinary words alone; in particular the first letter is not
exchanged, for `õnnetus` (accident) and `ennetus` (prevention) are one letter from `annetus`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import accumulate, groupby
from typing import NamedTuple

from anyascii import anyascii

from donations.core.keyword import fold
from donations.matching.written import TextSpan

Step = tuple[int, int, str]
"""From where, to where, and whether it is `equal`."""


class Letters(NamedTuple):
    """A run of letters."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Spelling:
    """What was written and the keyword, each with the letters marked that the other one does not have there."""

    written: tuple[Letters, ...]
    keyword: tuple[Letters, ...]

    @property
    def missing(self) -> str:
        """The letters of the keyword that were not written."""
        return "".join(run.text for run in self.keyword if run.differs)

    @property
    def added(self) -> str:
        """The letters written that the keyword does not have there."""
        return "".join(run.text for run in self.written if run.differs)


def compare(written: str, keyword: str) -> Spelling:
    """Set a word beside a keyword; case does not tell letters apart, and an ending behind the keyword is no difference.

    The letters are those of the text as written: folding must not have changed their number, else the whole word
    differs.
    """
    folded = fold(written)
    if len(folded) != len(written):
        return Spelling((Letters(written, differs=True),), (Letters(keyword, differs=True),))
    if (at := _swapped(folded, keyword)) is not None:
        return Spelling(*(_runs(text, _two_of(at, len(text))) for text in (written, keyword)))
    steps = SequenceMatcher(None, folded, keyword, autojunk=False).get_opcodes()
    if steps[-1][0] == "delete":
        steps[-1] = ("equal", *steps[-1][1:])
    return Spelling(_runs(written, [(a, b, kind) for kind, a, b, _, _ in steps]), _runs(keyword, _late(steps, keyword)))


def _swapped(folded: str, keyword: str) -> int | None:
    """Return where two neighbours stand the other way round, if that is all."""
    at = next((at for at, pair in enumerate(zip(folded, keyword, strict=False)) if pair[0] != pair[1]), len(keyword))
    pair = keyword[at : at + 2]
    is_swap = len(pair) > 1 and folded[at:].startswith(pair[::-1] + keyword[at + 2 :])
    return at if is_swap else None


def _two_of(at: int, end: int) -> list[Step]:
    return [(0, at, "equal"), (at, at + 2, "replace"), (at + 2, end, "equal")]


def _late(steps: Sequence[tuple[str, int, int, int, int]], keyword: str) -> Iterator[Step]:
    """Yield the keyword's steps; of doubled letters the second one is missing, as a person would say."""
    moved = 0
    for kind, _, _, start, end in steps:
        first, moved = start + moved, 0
        if kind == "insert":
            while end + moved < len(keyword) and keyword[start + moved] == keyword[end + moved]:
                moved += 1
            yield start, start + moved, "equal"
            first = start + moved
        yield first, end + moved, kind


def _runs(text: str, steps: Iterable[Step]) -> tuple[Letters, ...]:
    """Cut a text, neighbours that are marked alike as one."""
    marks = [kind != "equal" for start, end, kind in steps for _ in range(start, end)]
    runs = groupby(zip(text, marks, strict=True), key=lambda pair: pair[1])
    return tuple(Letters("".join(letter for letter, _ in run), differs) for differs, run in runs)


LETTERS_MIN = 6
"""Shorter keywords are one letter away from too many words (`katus`, roof, from `kütus`, fuel): only their
look-alikes are seen."""
CUT_MAX = 2
"""Letters that may be missing at the end: banks and people cut words short."""


class SpellingDifference(StrEnum):
    """What keeps a word from being the keyword; stable codes, the most telling first."""

    LOOK_ALIKE = "look_alike"  # letters of another alphabet, digits, or without the keyword's accents
    SPLIT = "split"  # by spaces, hyphens or dots
    ONE_LETTER = "one_letter"  # missing, added, exchanged or swapped with its neighbour
    CUT_SHORT = "cut_short"  # its end is missing
    INSIDE = "inside"  # the keyword is in the middle of a longer word
    COMPOUND = "compound"  # the keyword begins a longer word that is none of its cases


@dataclass(frozen=True, slots=True)
class Miss:
    """A near miss in a folded text; `keyword` is without blanks."""

    keyword: str
    difference: SpellingDifference
    at: TextSpan


_ORDER = {difference: rank for rank, difference in enumerate(SpellingDifference)}
_WORD = re.compile(r"[^\W_]+")

# By sight: Cyrillic, Greek and digits that stand in for Latin letters. One letter for one, so positions stay.
_SIGHT = str.maketrans("авекмнорстухіјѕԁһαβεικνορτυχ01", "abekmhopctyxijsdhabeiknoptuxol")


@dataclass(frozen=True, slots=True)
class _Spelling:
    keyword: str
    by_sight: str
    in_ascii: str
    head: str
    tail: str
    """Of `head` and `tail` one stays whole when one letter is wrong or two neighbours are swapped."""

    @classmethod
    def of(cls, keyword: str) -> _Spelling:
        seen = keyword.translate(_SIGHT)
        half = len(seen) // 2
        return cls(keyword, seen, _in_ascii(keyword), seen[:half], seen[half + 1 :])


@dataclass(frozen=True, slots=True)
class NearSearch:
    """Looks for near misses of keywords that are not in the text."""

    spellings: tuple[_Spelling, ...]
    by_initial: Mapping[str, tuple[_Spelling, ...]]
    """The keywords that a word with this initial may be meant for."""

    @classmethod
    def of(cls, keywords: Iterable[str]) -> NearSearch:
        """Prepare folded keywords without blanks."""
        spellings = tuple(map(_Spelling.of, keywords))
        by_initial: dict[str, tuple[_Spelling, ...]] = {}
        for spelling in spellings:
            # The second letter comes first where the first one is missing or swapped with it.
            for initial in sorted({*spelling.by_sight[:2], spelling.in_ascii[0]}):
                by_initial[initial] = (*by_initial.get(initial, ()), spelling)
        return cls(spellings, by_initial)

    def find(self, folded: str) -> Miss | None:
        """Return the most telling near miss, of equals the first in the text, of these the first keyword."""
        words = [TextSpan(*match.span()) for match in _WORD.finditer(folded) if not match[0].isdigit()]
        misses = [*self._in_joined_words(folded, words), *self._in_single_words(folded, words)]
        return min(misses, key=lambda miss: (_ORDER[miss.difference], miss.at, miss.keyword), default=None)

    def _in_joined_words(self, folded: str, words: list[TextSpan]) -> Iterator[Miss]:
        """Look through the words written together, for keywords that are all there to the eye."""
        seen = [folded[start:end].translate(_SIGHT) for start, end in words]
        text = "".join(seen)
        for spelling in self.spellings:
            if spelling.by_sight in text:
                yield from _places(spelling, seen, words, folded)

    def _in_single_words(self, folded: str, words: list[TextSpan]) -> Iterator[Miss]:
        for at in words:
            written = folded[at.start : at.end]
            seen, in_ascii = written.translate(_SIGHT), _in_ascii(written)
            for initial in {seen[0], in_ascii[0]}:
                for spelling in self.by_initial.get(initial, ()):
                    difference = _difference_of_word(spelling, written, seen=seen, in_ascii=in_ascii)
                    if difference is not None:
                        yield Miss(spelling.keyword, difference, at)


def _places(spelling: _Spelling, seen: list[str], words: list[TextSpan], folded: str) -> Iterator[Miss]:
    """Yield each place of a keyword in the words as seen: one word of another alphabet, split, or inside a word."""
    text, starts = "".join(seen), [0, *accumulate(map(len, seen))]
    for match in re.finditer(re.escape(spelling.by_sight), text):
        first, last = bisect_right(starts, match.start()) - 1, bisect_right(starts, match.end() - 1) - 1
        begins_word, is_one_word = starts[first] == match.start(), first == last
        at = TextSpan(
            words[first].start + match.start() - starts[first], words[last].start + match.end() - starts[last]
        )
        if begins_word and is_one_word:
            if folded[at.start : at.end] != spelling.keyword:  # else it begins a compound, which is told whole
                yield Miss(spelling.keyword, SpellingDifference.LOOK_ALIKE, at)
        elif (begins_word or is_one_word) and len(spelling.keyword) >= LETTERS_MIN:
            yield Miss(spelling.keyword, SpellingDifference.SPLIT if begins_word else SpellingDifference.INSIDE, at)


def _difference_of_word(spelling: _Spelling, written: str, *, seen: str, in_ascii: str) -> SpellingDifference | None:
    if written.startswith(spelling.keyword):
        return SpellingDifference.COMPOUND
    if in_ascii.startswith(spelling.in_ascii):
        return SpellingDifference.LOOK_ALIKE
    if not (seen.startswith(spelling.head) or spelling.tail in seen) or len(spelling.keyword) < LETTERS_MIN:
        return None
    keyword = spelling.by_sight
    if _is_one_letter_off(seen, keyword):
        return SpellingDifference.ONE_LETTER
    is_cut_short = len(seen) >= max(LETTERS_MIN - 1, len(keyword) - CUT_MAX) and keyword.startswith(seen)
    return SpellingDifference.CUT_SHORT if is_cut_short else None


def _in_ascii(word: str) -> str:
    """Spell a word as a keyboard without its letters would; what cannot be spelled so stays."""
    return word if word.isascii() else anyascii(word).lower() or word


def _is_one_letter_off(word: str, keyword: str) -> bool:
    """Whether the word begins with the keyword but for one letter; a wrong last letter must end the word."""
    pairs = enumerate(zip(word, keyword, strict=False))
    same = next((at for at, (seen, wanted) in pairs if seen != wanted), min(len(word), len(keyword)))
    rest, wanted = word[same:], keyword[same:]
    if not rest or not wanted:
        return len(wanted) == 1
    if len(wanted) == 1:
        return len(rest) == 1 or rest[1] == wanted
    exchanged = same > 0 and rest[1:].startswith(wanted[1:])
    added = rest[1:].startswith(wanted)
    missing = rest.startswith(wanted[1:])
    swapped = rest.startswith(wanted[1] + wanted[0] + wanted[2:])
    return exchanged or added or missing or swapped
