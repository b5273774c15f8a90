"""Whatever is cut off or changed in a file, reading it ends in a result or in a refusal of its own, and in time."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from tests.attack import seconds_of
from tests.readers.test_refused import samples as small_samples
from tests.readers.test_samples import samples

from donations.core.problem import ProblemCode, Refused
from donations.readers.registry import read

TODAY = date(2026, 11, 22)
CUTS, CHANGES = 60, 40
"""Of each sample statement; of the small ones every cut is tried."""
PIECES = (
    b"",
    b"\0",
    b"\n",
    b'"',
    b"<",
    b">",
    b"</",
    b"&",
    b";",
    b",",
    b"\xff",
    b"9",
    b"-",
    b"<!--",
    b"]]>",
    "\ufdfa".encode(),
)
SMALL = [
    sample
    for sample in small_samples("noticed")
    if sample.name in {"row_repeated.csv", "cancelled_out.ofx", "batch_kept_whole.xml", "ids_spoilt.csv"}
]


def read_or_refused(content: bytes) -> None:
    """Read, and fail for an exception of a parser, which `read` hides behind a code."""
    try:
        problems = read(content, today=TODAY).notices
    except Refused as refused:
        problems = refused.problems
    assert ProblemCode.UNREADABLE_FILE not in {problem.code for problem in problems}, content


@pytest.mark.parametrize("sample", SMALL, ids=lambda sample: sample.name)
def test_every_beginning_of_a_file_is_read_or_refused(sample: Path) -> None:
    content = sample.read_bytes()
    for end in range(len(content)):
        read_or_refused(content[:end])


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_a_cut_or_changed_statement_is_read_or_refused_in_time(sample: Path) -> None:
    content, chance = sample.read_bytes(), random.Random(sample.name)
    for end in sorted(chance.sample(range(len(content)), CUTS)):
        read_or_refused(content[:end])
    for _ in range(CHANGES):
        changed = _changed(content, chance)
        seconds_of(lambda: read_or_refused(changed))  # noqa: B023 - called at once


def _changed(content: bytes, chance: random.Random) -> bytes:
    """Change one to three places: replace, insert, remove, double or move some bytes."""
    for _ in range(chance.randint(1, 3)):
        at, length = chance.randrange(len(content)), chance.choice((0, 1, 1, 2, 8, 60, 400))
        other = chance.randrange(len(content))
        piece = chance.choice((*PIECES, content[other : other + length], content[at : at + length] * 2))
        content = content[:at] + piece + content[at + length :] or b"x"
    return content
