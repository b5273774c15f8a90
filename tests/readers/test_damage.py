"""Whatever is cut off or changed in a file, reading it ends in a result or in a refusal of its own, and in time.

What is read all the same and proven by its balances moves as much money as the file did before. `make fuzz` cuts at
every byte, and changes ten times as much, from another seed each time (FUZZ_SEED).
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from tests.attack import seconds_of
from tests.readers.test_door import here, outcome
from tests.readers.test_refused import samples as small_samples
from tests.readers.test_samples import samples

from donations.core.money import Minor
from donations.core.problem import ProblemCode, Refused
from donations.core.statement import Reading
from donations.readers.registry import read

TODAY = date(2026, 11, 22)
PERCENT = int(os.environ.get("FUZZ_PERCENT", "100"))
SEED = os.environ.get("FUZZ_SEED", "1")
CHANGES = 2_000 * PERCENT // 100
"""Of each format."""
CUTS = 60
"""Of each sample statement; of the small ones, and in `make fuzz`, every cut is tried."""
BEHIND_THE_DOOR = 100
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
    if sample.name
    in {"row_repeated.csv", "cancelled_out.ofx", "batch_kept_whole.xml", "ids_spoilt.csv", "pending_skipped.sta"}
]


@cache
def by_format() -> dict[str, list[bytes]]:
    """Return the sample statements of each format."""
    found = defaultdict(list)
    for sample in samples():
        content = sample.read_bytes()
        found[read(content, today=TODAY).format].append(content)
    return dict(found)


def proven_totals(reading: Reading) -> set[tuple[str, Minor]]:
    """Return what the lines of each statement come to whose balances say the same."""
    return {
        (each.currency, sum(line.money.signed_minor for line in each.lines))
        for each in reading.statements
        if each.opening is not None and each.closing is not None and each.imbalance == 0
    }


def read_or_refused(content: bytes, *, true: set[tuple[str, Minor]]) -> None:
    """Read, and fail for an exception of a parser, which `read` hides behind a code, and for money made up."""
    try:
        reading = read(content, today=TODAY)
    except Refused as refused:
        problems = refused.problems
    else:
        problems = reading.notices
        is_a_page = ProblemCode.PAGE_MISSING in {problem.code for problem in problems}  # it says so, and proves itself
        assert is_a_page or proven_totals(reading) <= true, content
    assert ProblemCode.UNREADABLE_FILE not in {problem.code for problem in problems}, content


@pytest.mark.parametrize("sample", [*SMALL, *samples()], ids=lambda sample: sample.name)
def test_every_beginning_of_a_file_is_read_or_refused(sample: Path) -> None:
    """T07."""
    content = sample.read_bytes()
    true = proven_totals(read(content, today=TODAY))
    is_whole = sample in SMALL or PERCENT > 100
    for end in range(0, len(content), 1 if is_whole else len(content) // CUTS):
        read_or_refused(content[:end], true=true)


@pytest.mark.parametrize("form", by_format())
def test_a_changed_statement_is_read_or_refused_in_time(form: str) -> None:
    chance = random.Random(f"{form} {SEED}")
    originals = [(each, proven_totals(read(each, today=TODAY))) for each in by_format()[form]]
    for _ in range(CHANGES):
        content, true = chance.choice(originals)
        changed = _changed(content, chance)
        seconds_of(lambda: read_or_refused(changed, true=true))  # noqa: B023 - called at once


def test_a_changed_statement_reads_behind_the_door_as_before_it() -> None:
    chance = random.Random(SEED)
    for _ in range(BEHIND_THE_DOOR * PERCENT // 100):
        changed = _changed(chance.choice(chance.choice(list(by_format().values()))), chance)
        assert outcome(changed) == here(changed), changed


def _changed(content: bytes, chance: random.Random) -> bytes:
    """Change one to three places: replace, insert, remove, double or move some bytes."""
    for _ in range(chance.randint(1, 3)):
        at, length = chance.randrange(len(content)), chance.choice((0, 1, 1, 2, 8, 60, 400))
        other = chance.randrange(len(content))
        piece = chance.choice((*PIECES, content[other : other + length], content[at : at + length] * 2))
        content = content[:at] + piece + content[at + length :] or b"x"
    return content
