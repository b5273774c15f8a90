"""Which appeal a payment's text names: keywords on word starts, denied ones, and near misses.

A word begins where no letter stands before it, so that Estonian endings match (`annetuseks`) and the insides of
other words do not (`püsiannetus` is a near miss). One break of the bank's own is tolerated: a line break between
two letters, for banks cut long text at a fixed column. A space inside the word is a near miss.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from donations.core.donor import Appeal, AppealId
from donations.core.keyword import Keyword
from donations.matching.denial import denial
from donations.matching.near import Difference, NearSearch
from donations.matching.written import Span, Written, spelled

_WORD_START = r"(?<![^\W\d_])"


@dataclass(frozen=True, slots=True)
class Hit:
    """A keyword of an appeal, and where it stands in the text as written."""

    appeal: AppealId
    keyword: Keyword
    at: Span


@dataclass(frozen=True, slots=True)
class NoKeyword:
    """The text names no appeal."""


@dataclass(frozen=True, slots=True)
class OneAppeal:
    """The text names one appeal; the hit is the first of its keywords."""

    hit: Hit


@dataclass(frozen=True, slots=True)
class SeveralAppeals:
    """The text names several appeals; the first hit of each, in the order written."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class DeniedKeyword:
    """The text names an appeal, and denies it or speaks of a return (`by`)."""

    hit: Hit
    by: Span


@dataclass(frozen=True, slots=True)
class NearKeyword:
    """The text names no appeal, but nearly does; the hit is where."""

    hit: Hit
    difference: Difference


Found = NoKeyword | OneAppeal | SeveralAppeals | DeniedKeyword | NearKeyword


def find(written: Written, appeals: tuple[Appeal, ...]) -> Found:
    """Return which appeal the text names, or nearly names; of two keywords at one place the longer counts."""
    return _search_of(appeals).find(written)


@dataclass(frozen=True, slots=True)
class _Search:
    """The keywords of all appeals, compiled once."""

    owners: dict[str, list[tuple[AppealId, Keyword]]]
    """By keyword without blanks, for a match may be broken by the bank."""
    pattern: re.Pattern[str]
    near: NearSearch

    def find(self, written: Written) -> Found:
        matches = list(self.pattern.finditer(written.folded))
        if not matches:
            return self._nearly(written)
        hits: dict[AppealId, Hit] = {}
        for match in matches:
            for appeal, keyword in self.owners["".join(match[0].split())]:
                hits.setdefault(appeal, Hit(appeal, keyword, written.span(*match.span())))
        by = denial(written.folded, keywords=[Span(*match.span()) for match in matches])
        first, *more = hits.values()
        if by is not None:
            return DeniedKeyword(first, written.span(*by))
        return SeveralAppeals((first, *more)) if more else OneAppeal(first)

    def _nearly(self, written: Written) -> Found:
        missed = self.near.find(written.folded)
        if missed is None:
            return NoKeyword()
        appeal, keyword = self.owners[missed.keyword][0]
        return NearKeyword(Hit(appeal, keyword, written.span(*missed.at)), missed.difference)


@lru_cache(maxsize=8)
def _search_of(appeals: tuple[Appeal, ...]) -> _Search:
    owners: dict[str, list[tuple[AppealId, Keyword]]] = {}
    for appeal in appeals:
        for keyword in appeal.keywords:
            owners.setdefault("".join(keyword.split()), []).append((appeal.id, keyword))
    keywords = sorted(
        {keyword for owned in owners.values() for _, keyword in owned}, key=lambda word: (-len(word), word)
    )
    return _Search(owners, _pattern(keywords), NearSearch.of(sorted(owners)))


def _pattern(keywords: Sequence[Keyword]) -> re.Pattern[str]:
    """Match any keyword on a word start, the longest first; without keywords, match nothing."""
    return re.compile(f"{_WORD_START}(?:{'|'.join(map(spelled, keywords))})" if keywords else r"(?!)")
