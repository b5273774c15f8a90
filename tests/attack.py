"""The worst texts for a pattern, made from the pattern itself: whatever it repeats, until `BYTES` are full of it."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from re import _constants as op  # there is no public way to a pattern's parts
from re import _parser
from typing import Any

from tests.examples import ALL

BYTES, SECONDS = (100_000, 1.0) if ALL else (30_000, 0.5)
"""Of CPU. A linear pattern needs some hundredths on the slowest machine; a quadratic one half a minute, or 3 s."""

_VARIANTS = 4
_TAILS = ("", "\x00")
"""What no pattern expects, so that it fails at the very end and tries everything else."""
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_CANDIDATES = (*map(chr, range(1, 128)), *"äéя№ \u2028")
_KINDS: tuple[Callable[[str], bool], ...] = (
    str.isalpha,
    str.isdigit,
    str.isspace,
    lambda letter: not letter.isalnum() and not letter.isspace(),
)


class TooSlowError(Exception):
    """The call was stopped after `SECONDS`."""


def seconds_of(call: Callable[[], object]) -> float:
    """Return the CPU seconds that a call takes; raises `TooSlowError` for too many, and stops where it can."""

    def stop(*_: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)  # `re` looks for signals while it searches
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    begun = time.process_time()
    try:
        call()
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    taken = time.process_time() - begun
    if taken > SECONDS:
        raise TooSlowError
    return taken


def attacks(pattern: re.Pattern[Any]) -> list[str] | list[bytes]:
    """Return texts of `BYTES`: each repeat of the pattern run full alone, with its beginning, and in short runs."""
    is_text = isinstance(pattern.pattern, str)
    source = pattern.pattern if is_text else pattern.pattern.decode("latin-1")
    parts = list(_parser.parse(source, pattern.flags if is_text else pattern.flags & ~re.UNICODE))
    texts: dict[str, None] = {}
    for variant in range(_VARIANTS):
        for before, repeated in [*_repeats(parts, "", variant), ("", _example(parts, variant))]:
            for unit in (repeated, before + repeated, before + repeated * 20):
                start = before if unit == repeated else ""
                whole = (start + unit * (BYTES // max(1, len(unit))))[:BYTES]
                texts.update(dict.fromkeys(whole + tail for tail in _TAILS))
    return list(texts) if is_text else [text.encode("latin-1", "replace") for text in texts]


def _repeats(parts: list[Any], before: str, variant: int) -> Iterator[tuple[str, str]]:
    """Yield each repeat of a pattern: what stands before it, and what it repeats."""
    for kind, value in parts:
        if kind in _REPEATS:
            yield before, _example(value[2], variant) or "a"
        for inner in _inside(kind, value):
            yield from _repeats(inner, before, variant)
        before += _example([(kind, value)], variant)


def _inside(kind: Any, value: Any) -> list[Any]:
    if kind in _REPEATS:
        return [value[2]]
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind in {op.ASSERT, op.ASSERT_NOT}:
        return [value[1]]
    if kind is op.BRANCH:
        return list(value[1])
    return [value] if kind is op.ATOMIC_GROUP else []


def _example(parts: list[Any], variant: int) -> str:
    """Return a text that the parts match, more or less: lookaheads and back references are left out."""
    return "".join(_one(kind, value, variant) for kind, value in parts)


def _one(kind: Any, value: Any, variant: int) -> str:
    if kind is op.LITERAL:
        return chr(value)
    if kind in {op.ANY, op.NOT_LITERAL}:
        return "a"
    if kind is op.IN:
        letters = _letters(value)
        return letters[variant % len(letters)]
    if kind in _REPEATS:
        return _example(value[2], variant) * int(value[0])
    inside = [] if kind in {op.ASSERT, op.ASSERT_NOT} else _inside(kind, value)
    return _example(inside[variant % len(inside)], variant) if inside else ""


def _letters(members: list[Any]) -> list[str]:
    """Return one character of each kind that a set has."""
    is_negated = members[0][0] is op.NEGATE
    inside = [letter for letter in _CANDIDATES if any(_has(member, letter) for member in members) != is_negated]
    return [letter for kind in _KINDS for letter in list(filter(kind, inside))[:1]] or ["a"]


def _has(member: tuple[Any, Any], letter: str) -> bool:
    kind, value = member
    if kind is op.LITERAL:
        return bool(value == ord(letter))
    if kind is op.RANGE:
        return bool(value[0] <= ord(letter) <= value[1])
    if kind is not op.CATEGORY:
        return False
    name = str(value).removeprefix("CATEGORY_")
    tests: dict[str, Callable[[str], bool]] = {
        "SPACE": str.isspace,
        "DIGIT": str.isdigit,
        "WORD": lambda each: each.isalnum() or each == "_",
    }
    return bool(tests[name.removeprefix("NOT_")](letter)) != name.startswith("NOT_")
