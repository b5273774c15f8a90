"""Words that ordinary transfers carry: as a keyword, one of them would turn invoices and fees into gifts."""

from __future__ import annotations

from donations.core.keyword import Keyword
from donations.matching.wordlist import ORDINARY

_WORDS = frozenset(ORDINARY.split())


def is_ordinary(keyword: Keyword) -> bool:
    """Whether people write this word on transfers that are no gifts."""
    return keyword in _WORDS
