"""Which names look like one donor's: found through what they share, never by comparing every name with every other.

What is found is only ever proposed. A word more makes another name (`mari tamm`, `mari tamm kask`): on one account it
says something, alone it does not, whatever share of the words is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import combinations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from donations.core.donor import LEGAL_FORMS, DonorId
from donations.core.name import NameKey, name_key

Pair = tuple[DonorId, DonorId]
"""Two donors, the lower number first."""


class Likeness(StrEnum):
    """How two donors look alike, the surest first; stable codes."""

    SAME_CODE = "same_code"
    SAME_NAME_AND_ACCOUNT = "same_name_and_account"
    LIKE_NAME_AND_ACCOUNT = "like_name_and_account"
    CARRIES_ON = "carries_on"
    SAME_NAME = "same_name"
    INITIAL = "initial"
    ONE_LETTER = "one_letter"


_LETTERS_MIN = 5
"""Shorter words differ by one letter all the time: Mari, Mare, Mart."""
_CROWD = 40
"""So many donors with one name are no sign of anything."""
_ALIKE_PERCENT = 65
"""Of two words in the names on one account: `yuliya` and `iuliia`, but not `kersti` and `erik`."""


def alike_by_name(names: Mapping[DonorId, NameKey]) -> dict[Pair, Likeness]:
    """Return the pairs of donors whose folded names look alike, each with the surest reason."""
    words = {donor: tuple(word for word in name.split() if word not in LEGAL_FORMS) for donor, name in names.items()}
    words = {donor: own for donor, own in words.items() if len(own) > 1 or len("".join(own)) >= _LETTERS_MIN}
    found: dict[Pair, Likeness] = {}
    for likeness, pairs in (
        (Likeness.SAME_NAME, _same(words)),
        (Likeness.INITIAL, _initial(words)),
        (Likeness.ONE_LETTER, _one_letter(words)),
    ):
        for one, other in pairs:
            found.setdefault((min(one, other), max(one, other)), likeness)
    return found


def alike_on_one_account(one: NameKey, other: NameKey) -> bool:
    """Whether two names that use one account look alike: what only one has, the other has in another spelling.

    A word more is no difference. Couples and families share accounts and surnames, but hardly a first name.
    """
    first, second = set(one.split()), set(other.split())
    fewer, more = sorted((first - second, second - first), key=len)
    return bool(first and second) and all(any(_alike(word, each) for each in more) for word in fewer)


def may_carry_on(one: str, other: str) -> bool:
    """Whether two names as they are written have one given name: somebody may have married.

    It says something where gifts from one account end under the one name as they begin under the other.
    """
    first, second = one.split(), other.split()
    if min(len(first), len(second)) < 2:
        return False
    given, taken = name_key(first[0]), name_key(second[0])
    return given == taken and len(given) > 1 and name_key(one) != name_key(other)


def _alike(one: str, other: str) -> bool:
    is_initial = 1 in {len(one), len(other)} and one[0] == other[0]
    return is_initial or fuzz.ratio(one, other) >= _ALIKE_PERCENT


_Words = Mapping[DonorId, tuple[str, ...]]


def _same(words: _Words) -> Iterator[Pair]:
    return _pairs((own, donor) for donor, own in words.items())


def _initial(words: _Words) -> Iterator[Pair]:
    """`m mets` and `mari mets`."""
    whole: defaultdict[tuple[str, ...], list[DonorId]] = defaultdict(list)
    for donor, own in words.items():
        for at, word in enumerate(own):
            if len(word) > 1:
                whole[tuple(sorted((*own[:at], word[0], *own[at + 1 :])))].append(donor)
    for donor, own in words.items():
        if any(len(word) == 1 for word in own) and len(whole[own]) <= _CROWD:
            yield from ((donor, other) for other in whole[own] if other != donor)


def _one_letter(words: _Words) -> Iterator[Pair]:
    """`mari mets` and `mari metts` share `mari`, and what is left when a letter is taken out of the other word."""
    beside: defaultdict[tuple[str, ...], list[tuple[str, DonorId]]] = defaultdict(list)
    for donor, own in words.items():
        for at, word in enumerate(own):
            if len(word) >= _LETTERS_MIN:
                beside[own[:at] + own[at + 1 :]].append((word, donor))
    for others in beside.values():
        if len(others) > 1:
            word_of = {donor: word for word, donor in others}
            for one, other in _pairs((left, donor) for word, donor in others for left in _shortened(word)):
                if OSA.distance(word_of[one], word_of[other], score_cutoff=1) == 1:
                    yield one, other


def _shortened(word: str) -> set[str]:
    """Return the word, and what each letter less leaves of it."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _pairs(keyed: Iterable[tuple[object, DonorId]]) -> Iterator[Pair]:
    """Yield the donors that share a key, two by two."""
    groups: defaultdict[object, dict[DonorId, None]] = defaultdict(dict)
    for key, donor in keyed:
        groups[key][donor] = None
    for group in groups.values():
        if 1 < len(group) <= _CROWD:
            yield from combinations(group, 2)
