"""What speaks for and against two lines of one bucket being the same payment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from donations.core.keyword import normal
from donations.core.statement import BANK_SCHEMES, IdScheme
from donations.identity.renumbering import Renumbered
from donations.identity.seen import LineId, SeenLine, SeenStatement, StatementId

SAME_DECIDED = 1_000_000_000
SAME_BANK_ID = 1_000_000
SAME_END_TO_END = 50_000
SAME_IBAN = 10_000
SAME_REFERENCE = 1_000
SAME_TEXT_START = 100
SAME_NAME = 20
COMMON_NAME_WORD = 10
NOTHING_AGAINST = 1

_TELLING_LENGTH = 8
"""An id that long does not agree by chance with an id of another scheme."""
_TEXT_START = 20
"""Formats cut texts at different lengths; this much of the start tells texts apart."""

# The document number is the payer's and named differently by format: agreeing speaks for, differing says nothing.
_CONTRADICTING_SCHEMES = BANK_SCHEMES | {IdScheme.END_TO_END}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Compares lines in the light of their statements and of what people decided."""

    statements: Mapping[StatementId, SeenStatement]
    renumbered: Renumbered
    decided: Mapping[frozenset[LineId], bool]
    """Pairs that a person called the same (True) or not the same (False)."""

    def weight(self, one: SeenLine, other: SeenLine) -> int | None:
        """Return how much speaks for one payment, or None where something contradicts it."""
        decided = self.decided.get(frozenset((one.id, other.id)))
        if decided is not None:
            return SAME_DECIDED if decided else None
        ids_one, ids_other = self.statements[one.statement].ids_of(one), self.statements[other.statement].ids_of(other)
        agreed = NOTHING_AGAINST
        for scheme in ids_one.keys() & ids_other.keys():
            if (one.statement, other.statement, scheme) in self.renumbered:
                continue
            if ids_one[scheme] & ids_other[scheme]:
                agreed += SAME_BANK_ID if scheme in BANK_SCHEMES else SAME_END_TO_END
            elif scheme in _CONTRADICTING_SCHEMES:
                return None
        if agreed < SAME_BANK_ID and _share_long_id(ids_one, ids_other):
            agreed += SAME_BANK_ID
        content = _content_weight(one, other)
        return None if content is None else agreed + content


def _share_long_id(ids_one: Mapping[IdScheme, frozenset[str]], ids_other: Mapping[IdScheme, frozenset[str]]) -> bool:
    """Whether an id agrees across schemes, as where a bank's CSV archive id begins its XML entry reference."""
    values_one = {value.partition("-")[0] for scheme in ids_one.keys() & BANK_SCHEMES for value in ids_one[scheme]}
    values_other = {v.partition("-")[0] for scheme in ids_other.keys() & BANK_SCHEMES for v in ids_other[scheme]}
    return any(len(value) >= _TELLING_LENGTH for value in values_one & values_other)


def _content_weight(one: SeenLine, other: SeenLine) -> int | None:
    weight = 0
    if one.iban and other.iban:
        if one.iban != other.iban:
            return None
        weight += SAME_IBAN
    if one.line.reference and other.line.reference:
        if one.line.reference != other.line.reference:
            return None
        weight += SAME_REFERENCE
    words_one, words_other = one.words, other.words
    if words_one and words_other:
        if words_one & words_other:
            weight += SAME_NAME if words_one == words_other else COMMON_NAME_WORD
        elif not one.iban and not other.iban:
            return None
    start_one, start_other = _text_start(one.line.text), _text_start(other.line.text)
    if start_one and start_other and (start_one.startswith(start_other) or start_other.startswith(start_one)):
        weight += SAME_TEXT_START
    return weight


@lru_cache(maxsize=100_000)
def _text_start(text: str) -> str:
    return normal(text).replace(" ", "")[:_TEXT_START]
