"""Words that take a keyword back: a negation beside it, or a return mentioned anywhere in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from donations.matching.written import Span, spelled

_RETURNS = ("tagast", "refund", "return", "reversal", "storno", "chargeback", "возвра", "вернут", "верните")
# No word start is asked for: `annetusetagastus` is one word. `tagasihoidlik annetus` (a modest gift) and
# `tagasiside` (feedback) return nothing.
_RETURN = re.compile("|".join([*map(spelled, _RETURNS), spelled("tagasi") + "(?!hoid|side)"]))

_LETTER = r"[^\W\d_]"
_GAP = r"[^\w.,;:!?]+"
"""Between words of one clause: `annetus, mitte arve` says that it is a gift."""
_NEGATION_BEFORE = re.compile(
    rf"(?<!{_LETTER})(?P<word>ei|pole|polnud|mitte|ilma|no|not|без|не|нет)(?:{_GAP}{_LETTER}+){{0,2}}{_GAP}$"
)
_NEGATION_AFTER = re.compile(rf"\w*{_GAP}(?P<word>ei|pole|polnud|mitte|not|не)(?!{_LETTER})")
_CHARACTERS_BEFORE = 60


def denial(folded: str, *, keywords: Iterable[Span]) -> Span | None:
    """Return where folded text speaks of a return, or negates a keyword from up to three words before it."""
    returned = _RETURN.search(folded)
    if returned is not None:
        return Span(*returned.span())
    for start, end in keywords:
        before = max(0, start - _CHARACTERS_BEFORE)
        negated = _NEGATION_BEFORE.search(folded, before, start) or _NEGATION_AFTER.match(folded, end)
        if negated is not None:
            return Span(*negated.span("word"))
    return None
