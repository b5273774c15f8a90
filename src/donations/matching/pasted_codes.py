"""Codes that came in one list, as from a spreadsheet: which line gives whom which code, and which lines do not say it.

A line has a name and a code in either order, between semicolons, tabs, commas or blanks; other cells are passed over.
Only a name that is one donor's to the letter (order, case and accents aside) is believed; others are asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from donations.core.donor import LEGAL_FORMS, DonorId
from donations.core.name import NameKey, name_key
from donations.core.person_code import CheckedCode, UnverifiedCode, parse_code
from donations.matching.likeness import alike_by_name


class PastedLine(NamedTuple):
    """A line that is not blank; without a name or a code these are empty."""

    number: int
    name: str
    code: str
    """As it was written, without blanks."""

    @property
    def checked(self) -> CheckedCode | None:
        """The code, if it can be one."""
        code = parse_code(self.code)
        return None if isinstance(code, UnverifiedCode) else code


class PastedState(StrEnum):
    """What a line comes to."""

    FITS = "fits"
    UNCLEAR = "unclear"
    """Several donors are called so, or one nearly so."""
    WRONG_CODE = "wrong_code"
    CODE_TAKEN = "code_taken"
    """It is another donor's."""
    TWICE = "twice"
    """Two lines give one donor two codes, or two donors one."""
    KNOWN_ALREADY = "known_already"
    """Who is called so needs no code."""
    NOBODY = "nobody"
    UNREADABLE = "unreadable"
    """There is no name or no code."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A line with those who may be meant."""

    line: PastedLine
    state: PastedState
    donors: tuple[DonorId, ...] = ()


_CELLS = re.compile("[\t;]")
_CODE = re.compile("[0-9 ]{6,20}")
_BESIDE = re.compile("(?:^|[\\s,])([0-9]{6,14})(?:$|[\\s,])")


def pasted_lines(text: str) -> list[PastedLine]:
    """Return the lines that are not blank. Headings above the first code are none."""
    found = [_line(number, each) for number, each in enumerate(text.splitlines(), 1) if each.strip()]
    first = next((at for at, each in enumerate(found) if each.code), 0)
    return found[first:]


def _line(number: int, written: str) -> PastedLine:
    cells = [cell.strip().strip('"').strip() for cell in _CELLS.split(written)]
    if len(cells) == 1 and (beside := _BESIDE.search(cells[0])) is not None:
        cells = [cells[0][: beside.start()] + " " + cells[0][beside.end() :], beside[1]]
    codes = [cell for cell in cells if _CODE.fullmatch(cell)]
    right = (cell for cell in codes if not isinstance(parse_code(cell), UnverifiedCode))
    code = next(right, codes[0] if codes else "")
    words = [cell.strip(" ,") for cell in cells if "@" not in cell and not any(map(str.isdecimal, cell))]
    return PastedLine(number, " ".join(filter(None, words)), "".join(code.split()))


def who_is_meant(
    lines: Sequence[PastedLine],
    *,
    wanting: Mapping[DonorId, frozenset[NameKey]],
    known: Iterable[NameKey],
    taken: Iterable[CheckedCode],
) -> list[Pasted]:
    """Return what each line comes to.

    `wanting` are the donors without a code with all their names, `known` the names of those who have one, and `taken`
    the codes of the list that are somebody's already.
    """
    exactly: defaultdict[NameKey, set[DonorId]] = defaultdict(set)
    for donor, names in wanting.items():
        for name in names:
            exactly[name].add(donor)
    nearly = _nearly(lines, exactly)
    of_others, needless = frozenset(taken), frozenset(known)

    def said(line: PastedLine) -> Pasted:
        key = name_key(line.name)
        donors = tuple(sorted(exactly.get(key, nearly.get(line.number, set()))))
        is_sure = len(donors) == 1 and key in exactly
        if not key or not line.code:
            state = PastedState.UNREADABLE
        elif not donors:
            state = PastedState.KNOWN_ALREADY if key in needless else PastedState.NOBODY
        elif line.checked is None:
            state = PastedState.WRONG_CODE if is_sure else PastedState.UNCLEAR
        elif line.checked in of_others:
            state = PastedState.CODE_TAKEN
        else:
            state = PastedState.FITS if is_sure else PastedState.UNCLEAR
        return Pasted(line, state, donors)

    return _without_twice([said(line) for line in lines])


def _nearly(lines: Sequence[PastedLine], exactly: Mapping[NameKey, set[DonorId]]) -> defaultdict[int, set[DonorId]]:
    """Return by number of the line who is called nearly so: by an initial, one letter, a legal form or a word more."""
    found: defaultdict[int, set[DonorId]] = defaultdict(set)
    asked = {line.number: key for line in lines if (key := name_key(line.name)) and key not in exactly}
    keys = list(exactly)
    # Likeness compares donors: lines and names take the numbers of made-up ones, lines negative.
    names = {DonorId(at): key for at, key in enumerate(keys)}
    for one, other in alike_by_name(names | {DonorId(-number): key for number, key in asked.items()}):
        if one < 0 <= other:
            found[-one] |= exactly[keys[other]]
    by_word: defaultdict[str, set[NameKey]] = defaultdict(set)
    for key in keys:
        for word in set(key.split()) - set(LEGAL_FORMS):
            by_word[word].add(key)
    for number, asked_key in asked.items():
        words = set(asked_key.split())
        for key in {each for word in words for each in by_word.get(word, ())}:
            shared = words & set(key.split())
            if len(shared) > 1 and shared in (words, set(key.split())):
                found[number] |= exactly[key]
    return found


def _without_twice(found: list[Pasted]) -> list[Pasted]:
    codes: defaultdict[DonorId, set[str]] = defaultdict(set)
    owners: defaultdict[str, set[DonorId]] = defaultdict(set)
    sure = [each for each in found if each.state is PastedState.FITS]
    for each in sure:
        codes[each.donors[0]].add(each.line.code)
        owners[each.line.code].add(each.donors[0])
    once: set[DonorId] = set()
    kept = []
    for each in found:
        if each.state is PastedState.FITS:
            (donor,) = each.donors
            if len(codes[donor]) > 1 or len(owners[each.line.code]) > 1:
                each = replace(each, state=PastedState.TWICE)  # noqa: PLW2901 - the same line, told otherwise
            elif donor in once:
                continue
            once.add(donor)
        kept.append(each)
    return kept
