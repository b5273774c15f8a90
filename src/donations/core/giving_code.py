"""The code that a giver writes behind the keyword, to ask later whether the gift arrived: its shape, found in texts.

Eight characters without look-alikes, in two groups of four: `K7QM-3TZP`. Each group has a digit and a letter, so that
no words, names and years are taken for a code: somebody could guess them. So shaped there are 4.1 × 10¹¹ of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NewType

from donations.core.keyword import fold

GivingCode = NewType("GivingCode", str)
"""Eight characters in capitals, without the hyphen."""

DIGITS = "23456789"
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without I, L and O, which look like digits that are not among ours."""
GROUP = 4
"""Characters."""

_ONE = f"[{DIGITS}{LETTERS.lower()}]"
_GROUP = r"(?:\r?\n|\r)?".join([_ONE] * GROUP)
_SHAPE = re.compile(rf"(?<![^\W_])(?=(?P<one>{_GROUP})[\s\-‐-―−]{{0,3}}(?P<two>{_GROUP})(?![^\W_]))")
"""Looked for at every place: of three groups in a row, the last two may be the code. Banks break lines anywhere."""
_BREAKS = re.compile(r"\s")
_DIGIT = re.compile(f"[{DIGITS}]")


def is_group(text: str) -> bool:
    """Whether four characters of ours, in capitals, may be half of a code."""
    return any(each in DIGITS for each in text) and any(each in LETTERS for each in text)


def grouped(code: GivingCode) -> str:
    """Return a code as people read it."""
    return f"{code[:GROUP]}-{code[GROUP:]}"


def giving_codes(text: str) -> tuple[GivingCode, ...]:
    """Return what may be a code in a text, each once: in any case, with blanks, breaks or hyphens."""
    return tuple(dict.fromkeys(code for code, _, _ in _found(fold(text))))


def without_giving_codes(folded: str) -> str:
    """Return a folded text with blanks for its codes; every other place stays where it is."""
    for _, start, end in _found(folded):
        folded = f"{folded[:start]}{' ' * (end - start)}{folded[end:]}"
    return folded


def _found(folded: str) -> Iterator[tuple[GivingCode, int, int]]:
    for match in _SHAPE.finditer(folded) if _DIGIT.search(folded) else ():  # most texts have none: that is quicker
        groups = [_BREAKS.sub("", match[name]).upper() for name in ("one", "two")]
        if all(map(is_group, groups)):
            yield GivingCode("".join(groups)), match.start("one"), match.end("two")
