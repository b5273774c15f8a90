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
_BREAK_IN_WORD = re.compile(r"(?<=[^\W\d_])(?:\r?\n|\r)(?=[^\W\d_])")
COLUMN_MIN = 27
"""The narrowest column at which banks cut a text: 27 characters (subfields of MT940 :86:), also 35, 65, 70 and 140."""


def spelled(words: str) -> str:
    """Return a pattern for folded words as banks write them: cut by a line break anywhere, for a column is full."""
    return r"\s+".join(_LINE_BREAK.join(map(re.escape, word)) for word in words.split())


class TextSpan(NamedTuple):
    """Characters of a text, counted from 0; `end` is the first one after them."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoldedText:
    """`folded` is searched; `edges` says for each of its characters which written ones it stands for."""

    folded: str
    edges: tuple[TextSpan, ...] | None
    """None where both texts run in step, as nearly all bank text does."""

    def span(self, start: int, end: int) -> TextSpan:
        """Return where a non-empty piece of `folded` stands in the text as written."""
        if self.edges is None:
            return TextSpan(start, end)
        return TextSpan(self.edges[start].start, self.edges[end - 1].end)

    @property
    def readings(self) -> tuple[FoldedText, ...]:
        """The text, and where the bank's column cut words apart the text with them whole."""
        if "\n" not in self.folded and "\r" not in self.folded:
            return (self,)
        whole = self._through_columns()
        return (self,) if whole is None else (self, whole)

    def _through_columns(self) -> FoldedText | None:
        """Return the text without the line breaks that the bank put into words, None where there are none.

        They stand between two letters, behind a line that is as long as any and as long as a bank's column.
        """
        breaks = [TextSpan(*match.span()) for match in _BREAK_IN_WORD.finditer(self.folded)]
        column = max(map(len, self.folded.splitlines()), default=0) if breaks else 0
        cut = [at for at in breaks if at.start - self._line_start(at.start) == column >= COLUMN_MIN]
        if not cut:
            return None
        gone = {number for start, end in cut for number in range(start, end)}
        left = [number for number in range(len(self.folded)) if number not in gone]
        return FoldedText("".join(self.folded[n] for n in left), tuple(self.span(n, n + 1) for n in left))

    def _line_start(self, end: int) -> int:
        return 1 + max(self.folded.rfind("\n", 0, end), self.folded.rfind("\r", 0, end))


def read(text: str) -> FoldedText:
    """Fold a text and remember where each character came from."""
    folded = fold(text)
    if len(folded) == len(text) and folded == text.casefold():  # casefold alone never shortens
        return FoldedText(folded, None)
    pieces = [(fold(text[at.start : at.end]), at) for at in _clusters(text)]
    return FoldedText("".join(piece for piece, _ in pieces), tuple(at for piece, at in pieces for _ in piece))


def _clusters(text: str) -> Iterator[TextSpan]:
    """Cut a text where folding cannot join what stands on either side."""
    starts = [at for at, letter in enumerate(text) if at == 0 or not _joins(letter)]
    for start, end in pairwise([*starts, len(text)]):
        yield TextSpan(start, end)


def _joins(letter: str) -> bool:
    """Whether the character belongs to the one before it: a mark, nothing visible, a Hangul vowel or final."""
    return unicodedata.category(letter).startswith("M") or is_invisible(letter) or "\u1160" <= letter <= "\u11ff"
