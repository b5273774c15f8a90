"""A payer's text folded for searching, with the way back to the characters as the bank wrote them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from donations.core.keyword import fold, is_invisible

_LINE_BREAK = r"(?:\r?\n|\r)?"


def spelled(words: str) -> str:
    """Return a pattern for folded words as banks write them: cut by a line break anywhere, for a column is full."""
    return r"\s+".join(_LINE_BREAK.join(map(re.escape, word)) for word in words.split())


class Span(NamedTuple):
    """Characters of a text, counted from 0; `end` is the first one after them."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Written:
    """`folded` is searched; `edges` says for each of its characters which written ones it stands for."""

    folded: str
    edges: tuple[Span, ...] | None
    """None where both texts run in step, as nearly all bank text does."""

    def span(self, start: int, end: int) -> Span:
        """Return where a non-empty piece of `folded` stands in the text as written."""
        if self.edges is None:
            return Span(start, end)
        return Span(self.edges[start].start, self.edges[end - 1].end)


def read(text: str) -> Written:
    """Fold a text and remember where each character came from."""
    folded = fold(text)
    if len(folded) == len(text) and folded == text.casefold():  # casefold alone never shortens
        return Written(folded, None)
    pieces = [(fold(text[at.start : at.end]), at) for at in _clusters(text)]
    return Written("".join(piece for piece, _ in pieces), tuple(at for piece, at in pieces for _ in piece))


def _clusters(text: str) -> Iterator[Span]:
    """Cut a text where folding cannot join what stands on either side."""
    starts = [at for at, letter in enumerate(text) if at == 0 or not _joins(letter)]
    for start, end in pairwise([*starts, len(text)]):
        yield Span(start, end)


def _joins(letter: str) -> bool:
    """Whether the character belongs to the one before it: a mark, nothing visible, a Hangul vowel or final."""
    return unicodedata.category(letter).startswith("M") or is_invisible(letter) or "\u1160" <= letter <= "\u11ff"
