"""What in a text speaks against its keyword: a denial, a return, an error, another purpose, a second amount.

A denial takes back what stands in its clause, or what was said before where it stands alone (`Annetus? Ei, arve`);
beside another purpose it takes that back (`annetus, mitte arve`). Returns, withdrawals, errors and purposes count
wherever they stand. The words are in `wordlist.py`; each is looked at once, so a text takes time by its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from donations.core.money import Minor
from donations.core.name import NameKey, name_key
from donations.matching.wordlist import (
    CUT_APART,
    FOR_USE_BEFORE,
    FOR_USE_BEHIND,
    IDIOMS,
    IN_RETURN,
    PHRASES,
    WORD,
    WordSense,
    may_speak_against,
    sense_of,
)
from donations.matching.written import TextSpan


class WrittenAmount(NamedTuple):
    """An amount in hundredths, and where it stands in the folded text."""

    minor: Minor
    at: TextSpan


_UNIT = r"\s?(?:€|\$|(?:eur(?:o[a-z]{0,4}|t)?|evro|евро|usd|руб[а-я]{0,4})(?![^\W_]))|e(?![^\W_]|-)"
_NUMBER = r"[0-9]{1,7}(?:[ .,][0-9]{3}(?![0-9])){0,2}"
_CENTS = r"(?:[.,](?P<{}>[0-9]{{1,2}}))?(?![0-9])"
_AMOUNT = re.compile(
    rf"(?<![0-9.,])(?P<before>{_NUMBER}){_CENTS.format('before_cents')}[.,]?-?(?:{_UNIT})"
    rf"|(?:€|\$|(?<![^\W_])(?:eur|usd))\s?(?P<behind>{_NUMBER}){_CENTS.format('behind_cents')}"
    r"|(?<![^\W_])(?P<nothing>null|zero|ноль|нуль)\s(?:eur|евро|€)"
    r"|(?:^|[\s:=])(?P<bare>0(?:[.,]0{1,2})?)\s*$"
)
_SHORT = re.compile(r"[0-9][.,]?-?e|(?:^|[\s:=])0[.,0]*\s*$")
_NOT_DIGIT = re.compile("[^0-9]")


def has_money(folded: str) -> bool:
    """Whether a folded text may have an amount."""
    return (
        "eur" in folded
        or "€" in folded
        or "$" in folded
        or "usd" in folded
        or "евро" in folded
        or "руб" in folded
        or "evro" in folded
        or _SHORT.search(folded) is not None
    )


def amounts_in(folded: str) -> Iterator[WrittenAmount]:
    """Yield the amounts in a folded text, in order, each as often as it is written."""
    return (WrittenAmount(_minor(match), TextSpan(*match.span())) for match in _AMOUNT.finditer(folded))


def _minor(match: re.Match[str]) -> Minor:
    if match["nothing"] or match["bare"]:
        return 0
    side = "before" if match["before"] else "behind"
    whole = int(_NOT_DIGIT.sub("", match[side]))
    return whole * 100 + int((match[f"{side}_cents"] or "0").ljust(2, "0"))


class What(StrEnum):
    """What speaks against a keyword; stable codes: purposes and amounts say what it is, the others that it is none."""

    DENIAL = "denial"
    RETURN = "return"
    WITHDRAWAL = "withdrawal"
    ERROR = "error"
    INSTEAD = "instead"
    PURPOSE = "purpose"
    AMOUNT = "amount"

    @property
    def is_other_purpose(self) -> bool:
        """Whether it says what else the money is for."""
        return self in {What.PURPOSE, What.AMOUNT}


class Against(NamedTuple):
    """What speaks against a keyword, and where in the folded text."""

    what: What
    at: TextSpan


_MEANS = {
    WordSense.DENIES: What.DENIAL,
    WordSense.DENIES_NEXT: What.DENIAL,
    WordSense.RETURNS: What.RETURN,
    WordSense.WITHDRAWS: What.WITHDRAWAL,
    WordSense.GIVES_UP: What.WITHDRAWAL,
    WordSense.ERRS: What.ERROR,
}
_ALWAYS = frozenset({WordSense.RETURNS, WordSense.WITHDRAWS, WordSense.ERRS})
_PURPOSES = frozenset({WordSense.PURPOSE, WordSense.PURPOSE_OR_USE, WordSense.GOODS})
_NEAR = 3
"""So many words behind a word that denies the next may still be what it denies."""

_PIECE = re.compile(
    rf"(?P<word>{WORD.pattern})"
    r"|[.,;:!?()\[\]{}\"„“”«»…|+/&*=<>\r\n—–]|(?<=\s)-|-(?=\s)"
)
_PHRASES = tuple(
    (kind, re.compile(rf"(?<![^\W_])(?:{'|'.join(patterns)})(?![^\W\d_])")) for kind, patterns in PHRASES.items()
)
_IDIOMS = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(IDIOMS)})")
_DOMAINS = (".ee", ".eu", ".com", ".org", ".net", ".ru", ".lv", ".lt", ".fi", ".de")
_LAST_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{5,}$")
"""With fewer letters left it may be many another word (`taga`, `tühi`)."""
_CUT_APART = re.compile("|".join(sorted(CUT_APART, key=len, reverse=True)))


@dataclass(slots=True)
class _Word:
    text: str
    sense_of: WordSense | None
    at: TextSpan
    is_keyword: bool = False
    is_spent: bool = False
    """A denial or an `instead` beside it took it back."""

    @property
    def has_content(self) -> bool:
        return self.sense_of not in {WordSense.FILLS, WordSense.DENIES, WordSense.DENIES_NEXT}


class _Clause:
    """The words of a clause, and for each of them what comes behind it: looked up once, however long it is."""

    def __init__(self, words: Sequence[_Word]) -> None:
        self.words = words
        self.keywords = sum(word.is_keyword for word in words)
        self.contents = sum(word.has_content for word in words)
        self.content_behind: list[int | None] = [None] * len(words)
        self.keyword_behind: list[int | None] = [None] * len(words)
        content = keyword = None
        for at in range(len(words) - 1, -1, -1):
            self.content_behind[at], self.keyword_behind[at] = content, keyword
            content = at if words[at].has_content else content
            keyword = at if words[at].is_keyword else keyword


def _nowhere(_: str) -> Collection[TextSpan]:
    return ()


def against(
    folded: str,
    keywords: Callable[[str], Collection[TextSpan]] = _nowhere,
    minor: Minor | None = None,
    names: Iterable[NameKey] = (),
) -> Against | None:
    """Return what in a folded text speaks against its keywords, a denial before another purpose.

    `keywords` finds where they stand, and is asked only where something may speak against them. `minor` is what was
    paid: one amount that says the same is none against it. Words of a payer's name of which the text has all are a
    name (`Laen Kalle`).
    """
    if not is_suspicious(folded):
        return None
    clauses = [_Clause(words) for words in _clauses(folded, keywords(folded), names)]
    denial = _denial(clauses, folded) or _instead(clauses)
    return denial or _other_purpose(clauses) or _other_amount(folded, minor)


def is_thankful(folded: str) -> bool:
    """Whether a text has words that people write who give."""
    return any(sense_of(word) is WordSense.THANKS for word in WORD.findall(folded))


@lru_cache(maxsize=1_000)
def is_suspicious(folded: str) -> bool:
    """Whether anything in a text could speak against a keyword; most texts are a word or two that many people write."""
    return any(map(may_speak_against, WORD.findall(folded))) or has_money(folded)


def _clauses(folded: str, keywords: Collection[TextSpan], names: Iterable[NameKey]) -> Iterator[list[_Word]]:
    """Yield the words of each clause; a clause ends with a mark, a line, or a `but`."""
    masked = _without_idioms(folded)
    phrases = {span.start: (kind, span) for kind, span in _phrases(folded)}
    own = _own_words(folded, names)
    letters = frozenset(at for span in keywords for at in range(*span))
    clause: list[_Word] = []
    covered = 0
    for match in _PIECE.finditer(masked):
        at = TextSpan(*match.span())
        if at.start < covered:
            continue
        if at.start in phrases:
            kind, at = phrases[at.start]
            covered = at.end
            clause.append(_Word(masked[at.start : at.end], kind, at))
        elif match["word"] is None:
            yield clause
            clause = []
        else:
            word = _Word(match["word"], sense_of(match["word"]), at)
            word.is_keyword = at.start in letters
            if word.is_keyword or name_key(word.text) in own:
                word.sense_of = None
            if word.sense_of is WordSense.TURNS:
                yield clause
                clause = []
            clause.append(word)
    yield clause


def _denial(clauses: Sequence[_Clause], folded: str) -> Against | None:
    for clause in clauses:
        for at, word in enumerate(clause.words):
            if word.sense_of in _MEANS and _denies(clause, at):
                return Against(_MEANS[word.sense_of], word.at)
    cut = _cut_apart(folded) or _cut_off(folded)
    return None if cut is None else Against(What.RETURN, cut)


def _denies(clause: _Clause, at: int) -> bool:
    """Whether a word of a clause takes back what the clause says, or where it stands alone what was said before."""
    word = clause.words[at]
    if word.sense_of in _ALWAYS:
        return True
    has_keyword = clause.keywords > 0
    is_alone = clause.contents == word.has_content
    if word.sense_of is WordSense.GIVES_UP:
        return has_keyword or is_alone
    denied, keyword = clause.content_behind[at], clause.keyword_behind[at]
    if denied is not None and keyword is None and clause.words[denied].sense_of in _PURPOSES:
        clause.words[denied].is_spent = True  # annetus, mitte arve
        return False
    if word.sense_of is WordSense.DENIES:
        return has_keyword or is_alone
    if keyword is not None:
        near = clause.words[at + 1 : min(keyword, at + 1 + _NEAR)]
        is_abessive = word.text == "ilma" and any(each.text.endswith("ta") for each in near)
        return word.text in {"mitte", "not"} or (keyword - at <= _NEAR and not is_abessive)
    return denied is None and (has_keyword or is_alone)


def _cut_off(folded: str) -> TextSpan | None:
    """Return where a telling word ends the text unfinished, as banks cut what is longer than their field."""
    word = _LAST_WORD.search(folded)
    if word is None or not any(each.startswith(word[0]) for each in CUT_APART):
        return None
    return TextSpan(*word.span())


def _instead(clauses: Sequence[_Clause]) -> Against | None:
    """Return where every keyword is what something else came instead of; other words that are so count no more."""
    found: Against | None = None
    for clause in clauses:
        for at, word in enumerate(clause.words):
            governed: int | None = None
            if word.sense_of is WordSense.INSTEAD_OF_LAST:
                governed = at - 1 if at else None
            elif word.sense_of is WordSense.INSTEAD_OF_NEXT:
                governed = clause.content_behind[at]
            if governed is not None:
                clause.words[governed].is_spent = True
                found = found or (Against(What.INSTEAD, word.at) if clause.words[governed].is_keyword else None)
    every = [word for clause in clauses for word in clause.words if word.is_keyword]
    return found if all(word.is_spent for word in every) else None


def _other_purpose(clauses: Sequence[_Clause]) -> Against | None:
    for clause in clauses:
        for at, word in enumerate(clause.words):
            if word.sense_of in _PURPOSES and not word.is_spent and _is_purpose(clause.words, at):
                return Against(What.PURPOSE, word.at)
    return None


def _is_purpose(clause: Sequence[_Word], at: int) -> bool:
    word = clause[at]
    behind = [each.text for each in clause[at + 1 : at + 3]]
    if word.sense_of is WordSense.GOODS:
        return bool(IN_RETURN.intersection(behind[:1]))
    if word.sense_of is WordSense.PURPOSE:
        return True
    before = {each.text for each in clause[max(0, at - _NEAR) : at]}
    is_spent_on = word.text.endswith("ks") or any(each.endswith("seks") for each in behind)
    return not (is_spent_on or before & FOR_USE_BEFORE or FOR_USE_BEHIND.intersection(behind))


def _other_amount(folded: str, minor: Minor | None) -> Against | None:
    """Return an amount of nothing, one of several, or one less than what was paid: the rest is for something else."""
    is_other = False
    for at, amount in enumerate(amounts_in(folded)):
        is_other = is_other or amount.minor != minor
        if amount.minor == 0 or (minor is not None and amount.minor < minor) or (at > 0 and is_other):
            return Against(What.AMOUNT, amount.at)
    return None


def _phrases(folded: str) -> Iterator[tuple[WordSense, TextSpan]]:
    for kind, pattern in _PHRASES:
        for match in pattern.finditer(folded):
            yield kind, TextSpan(*match.span())


def _without_idioms(folded: str) -> str:
    """Blank out addresses and what only looks like a denial; every place stays where it is."""
    if "." in folded or "@" in folded:
        folded = "".join(" " * len(piece) if _is_address(piece) else piece for piece in re.split(r"(\s)", folded))
    return _IDIOMS.sub(lambda match: " " * len(match[0]), folded)


def _is_address(piece: str) -> bool:
    bare = piece.strip(".,;:!?()[]\"'<>")
    return "@" in piece[1:] or bare.startswith(("www.", "http")) or bare.endswith(_DOMAINS)


def _own_words(folded: str, names: Iterable[NameKey]) -> frozenset[str]:
    """Return the words of the payer's names of which the text has every word."""
    every = [name.split() for name in names if " " in name]
    if not every:
        return frozenset()
    written = set(name_key(folded).split())
    return frozenset(word for words in every if written.issuperset(words) for word in words)


def _cut_apart(folded: str) -> TextSpan | None:
    """Return where a telling word stands with a gap in it: it begins where a word does, and ends in a later one."""
    words = [TextSpan(*match.span("word")) for match in _PIECE.finditer(folded) if match["word"]]
    if len(words) < 2:
        return None
    squeezed = "".join(folded[start:end] for start, end in words)
    starts = dict(zip(accumulate((end - start for start, end in words), initial=0), words, strict=False))
    for match in _CUT_APART.finditer(squeezed):
        word = starts.get(match.start())
        if word is not None and word.end - word.start < len(match[0]):
            return word
    return None
