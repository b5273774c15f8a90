"""The bank's text cut into pieces, so that a page can show what a rule saw in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Piece(NamedTuple):
    """A run of characters as the bank wrote them."""

    text: str
    mark: str
    """`keyword`, `near` (nearly a keyword), `denied` (takes the keyword back), or empty."""


def marked(text: str, evidence: Iterable[tuple[str, str]]) -> tuple[Piece, ...]:
    """Cut the text at the places that the evidence names; a place outside the text or inside another is passed over."""
    pieces: list[Piece] = []
    at = 0
    for start, end, mark in sorted(_places(tuple(evidence))):
        if at <= start < end <= len(text):
            pieces += [Piece(text[at:start], ""), Piece(text[start:end], mark)]
            at = end
    pieces.append(Piece(text[at:], ""))
    return tuple(piece for piece in pieces if piece.text)


def _places(evidence: tuple[tuple[str, str], ...]) -> Iterator[tuple[int, int, str]]:
    keyword = "near" if any(name == "difference" for name, _ in evidence) else "keyword"
    in_text, starts = True, dict[str, int]()
    for name, value in evidence:
        if name == "field":
            in_text = value == "text"
        elif name in {"start", "denied_start"}:
            starts[name] = int(value)
        elif name == "end" and in_text:
            yield starts["start"], int(value), keyword
        elif name == "denied_end":
            yield starts["denied_start"], int(value), "denied"
