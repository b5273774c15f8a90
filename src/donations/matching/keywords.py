"""Which appeal a payment names: by keywords in its text (in their cases, denied, missed) or by its reference.

A word begins where no letter stands before it and ends where none follows: `annetuseks` is a case of the keyword,
`annetuskarp` and `püsiannetus` are other words and near misses. Where the bank's column was full, the line break
inside a word is the bank's own and is read through; any other part of a text is a text by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from donations.core.donor import Appeal, AppealId
from donations.core.giving_code import without_giving_codes
from donations.core.keyword import Keyword, forms_of
from donations.core.money import Minor
from donations.core.name import NameKey
from donations.core.reference import Reference, parse_reference
from donations.matching.against import What, against, is_suspicious
from donations.matching.near import NearSearch, SpellingDifference
from donations.matching.written import FoldedText, TextSpan

_FIRST_LETTER = r"(?<![^\W\d_].)"
"""Behind the first letter of a word: no letter stands before it. Asked there, it is asked of few letters."""
_WORD_END = r"(?:(?<=[0-9])(?![0-9])|(?<![0-9])(?![^\W\d_]))"


class Hit(NamedTuple):
    """A keyword of an appeal, and where it stands in the text as written."""

    appeal: AppealId
    keyword: Keyword
    at: TextSpan


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
    """The text names an appeal, and something in it (`by`) speaks against that: `what`."""

    hit: Hit
    by: TextSpan
    what: What


@dataclass(frozen=True, slots=True)
class NearKeyword:
    """The text names no appeal, but nearly does; the hit is where."""

    hit: Hit
    difference: SpellingDifference


Found = NoKeyword | OneAppeal | SeveralAppeals | DeniedKeyword | NearKeyword
Owner = tuple[AppealId, Keyword]


def find(
    written: FoldedText, appeals: tuple[Appeal, ...], *, minor: Minor | None = None, names: Iterable[NameKey] = ()
) -> Found:
    """Return which appeal the text names, or nearly names; of two keywords at one place the longer counts.

    `minor` is what was paid and `names` are the payer's: what a text says beside a keyword is read with them. A giver's
    own code is no word of the text, whatever its letters and digits would say.
    """
    search = _search_for(appeals)
    written = FoldedText(without_giving_codes(written.folded), written.edges)
    readings = written.readings
    for reading in readings:
        matches = search.matches(reading.folded)
        if matches:
            break
    else:
        return search.nearly(written)
    hits: dict[AppealId, Hit] = {}
    for match in matches:
        for appeal, keyword in match.owners:
            if appeal not in hits:
                hits[appeal] = Hit(appeal, keyword, reading.span(*match.at))
    first, *more = hits.values()
    denied = next((match.at for match in matches if match.denies), None)
    if denied is not None:
        return DeniedKeyword(first, reading.span(*denied), What.DENIAL)
    for each in readings:
        said = against(each.folded, search.places, minor, names)
        if said is not None:
            return DeniedKeyword(first, each.span(*said.at), said.what)
    return SeveralAppeals((first, *more)) if more else OneAppeal(first)


def is_ambiguous(written: FoldedText) -> bool:
    """Whether what a text says may depend on what was paid, and on how the payer is called."""
    readings = FoldedText(without_giving_codes(written.folded), written.edges).readings
    return any(is_suspicious(each.folded) for each in (written, *readings))


class _Match(NamedTuple):
    """A form of a keyword in a folded text."""

    owners: Sequence[Owner]
    denies: bool
    """It says that there is none."""
    at: TextSpan


@dataclass(frozen=True, slots=True)
class _Search:
    """The keywords of all appeals, compiled once."""

    owners: dict[str, list[Owner]]
    """By form without blanks."""
    matches: Callable[[str], tuple[_Match, ...]]
    """Returns the keywords in a folded text, in order; of most texts it has been asked before."""
    near: NearSearch

    def places(self, folded: str) -> list[TextSpan]:
        """Return where keywords stand in a folded text."""
        return [match.at for match in self.matches(folded)]

    def nearly(self, written: FoldedText) -> Found:
        missed = self.near.find(written.folded)
        if missed is None:
            return NoKeyword()
        appeal, keyword = self.owners[missed.keyword][0]
        return NearKeyword(Hit(appeal, keyword, written.span(*missed.at)), missed.difference)


_AT_HAND: dict[int, tuple[tuple[Appeal, ...], _Search]] = {}
_AT_HAND_MAX = 8


def _search_for(appeals: tuple[Appeal, ...]) -> _Search:
    """Return the search of appeals that are the very ones of the payment before: comparing all forms takes longer."""
    known = _AT_HAND.get(id(appeals))
    if known is None or known[0] is not appeals:
        if len(_AT_HAND) >= _AT_HAND_MAX:
            _AT_HAND.clear()
        known = _AT_HAND[id(appeals)] = appeals, _search_of(appeals)
    return known[1]


@lru_cache(maxsize=8)
def _search_of(appeals: tuple[Appeal, ...]) -> _Search:
    owners: dict[str, list[Owner]] = {}
    said: set[str] = set()
    denying: set[str] = set()
    keywords = [(appeal.id, keyword) for appeal in appeals for keyword in appeal.keywords]
    kept = {forms.keyword: forms for appeal in appeals for forms in appeal.forms}
    for appeal, keyword in keywords:
        forms = kept.get(keyword) or forms_of(keyword)
        said |= {keyword, *forms.accepted}
        denying |= {*forms.denying}
        for form in (keyword, *forms.accepted, *forms.denying):
            owned = owners.setdefault(_squeezed(form), [])
            if (appeal, keyword) not in owned:
                owned.append((appeal, keyword))
    for form, owned in owners.items():
        longest = max(len(keyword) for _, keyword in owned)
        exact = [owner for owner in owned if _squeezed(owner[1]) == form]
        owners[form] = exact or [owner for owner in owned if len(owner[1]) == longest]
    pattern, abessives = _pattern(said | denying), frozenset(map(_squeezed, denying - said))

    @lru_cache(maxsize=1_000)
    def matches(folded: str) -> tuple[_Match, ...]:
        found = ((_squeezed(match[0]), TextSpan(*match.span())) for match in pattern.finditer(folded))
        return tuple(_Match(owners[form], form in abessives, at) for form, at in found)

    return _Search(owners, matches, NearSearch.of(sorted({_squeezed(keyword) for _, keyword in keywords})))


def _squeezed(words: str) -> str:
    return "".join(words.split())


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    """Match any form as a whole word, the longest first; without forms, match nothing.

    Forms share their beginnings, so that a text is compared letter by letter and not form by form.
    """
    tree: _Tree = {}
    for form in forms:
        at = tree
        for letter in form:
            at = at.setdefault(letter, {})
        at[""] = {}
    words = (re.escape(letter) + _FIRST_LETTER + _alternatives(below) for letter, below in sorted(tree.items()))
    return re.compile(f"(?:{'|'.join(words)}){_WORD_END}" if tree else r"(?!)")


_Tree = dict[str, "_Tree"]


def _alternatives(tree: _Tree) -> str:
    branches = []
    for letter, below in sorted(tree.items()):
        if letter:
            branches.append((r"\s+" if letter == " " else re.escape(letter)) + _alternatives(below))
    if "" in tree and not branches:
        return ""
    joined = branches[0] if len(branches) == 1 and "" not in tree else f"(?:{'|'.join(branches)})"
    return f"{joined}?" if "" in tree else joined


# In free text a bare number is believed only where the text calls it a reference, or where it stands in the form
# that banks agreed on (/RFB/…): 2008 is a year and a valid viitenumber. Groups of up to four digits are for reading
# and line breaks are the bank's; five digits together are no such group, so that the number ends with them.
_LABEL = r"(?:(?<![^\W\d_])(?:viit|viide|ссылк)[^\W\d_]*|(?<![^\W\d_])ref(?:erence|erents|nr|no)?(?![^\W\d_])|/rfb/)"
_LABEL_END = r"(?:\s*(?:nr|no|number|номер))?[\s.:#№]*"
_WHOLE = r"[0-9](?:(?:\r?\n|\r)?[0-9]){4,19}"
_GROUPED = r"[0-9]{1,4}(?:\s{1,2}[0-9]{1,4}){0,9}"
_CREDITOR_REFERENCE = r"(?<![^\W_])(?P<rf>rf(?:\s{0,2}[0-9]){2}(?:\s{0,2}[a-z0-9]){1,21})"
_IN_TEXT = re.compile(f"{_LABEL}{_LABEL_END}(?P<number>{_WHOLE}|{_GROUPED})|{_CREDITOR_REFERENCE}")


class Field(StrEnum):
    """Where a payment states a keyword or a reference."""

    REFERENCE = "reference"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class ReferenceHit:
    """An appeal's reference number, and where the payment states it."""

    appeal: AppealId
    field: Field
    at: TextSpan | None = None
    """Its place in the text as written; None for the bank's own field."""


def find_reference(
    stated: Reference | None, written: FoldedText, appeals: tuple[Appeal, ...]
) -> tuple[ReferenceHit, ...]:
    """Return the appeals whose reference a payment has, once each; what its own field states outranks the text."""
    if not any(appeal.references for appeal in appeals):
        return ()
    if stated is not None:
        return tuple(ReferenceHit(owner, Field.REFERENCE) for owner in _owners(stated, appeals))
    hits: dict[AppealId, ReferenceHit] = {}
    for reference, at in _in_text(written):
        for owner in _owners(reference, appeals):
            hits.setdefault(owner, ReferenceHit(owner, Field.TEXT, at))
    return tuple(hits.values())


def _owners(reference: Reference, appeals: tuple[Appeal, ...]) -> Iterator[AppealId]:
    return (appeal.id for appeal in appeals if reference in appeal.references)


def _in_text(written: FoldedText) -> Iterator[tuple[Reference, TextSpan]]:
    """Yield the references in the text, each as long as its check digit allows: an amount may stand behind it."""
    for match in _IN_TEXT.finditer(written.folded):
        group = "number" if match["number"] else "rf"
        start, text = match.start(group), match[group]
        for end in range(len(text), 1, -1):
            is_torn = written.folded[start + end : start + end + 1].isalnum()
            reference = None if is_torn else parse_reference(text[:end])
            if reference is not None:
                yield reference, written.span(start, start + end)
                break
