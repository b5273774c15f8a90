"""Seeds of the generator of truth, on both databases: nothing is wrong and silent.

A few are played on one database each, by turns; as many as are asked for are played on both. `TRUTH_SEEDS` says how
many and `TRUTH_START` from which on (`make assurance`); one alone is told by `python -m tests.truth SEED -v`.
"""

from __future__ import annotations

import os

import pytest
from tests.conftest import FreshEngine
from tests.truth.acts import Script, make_script
from tests.truth.books import FixtureBooks
from tests.truth.judge.verdict import TOLD
from tests.truth.play import Play
from tests.truth.shrink import smallest
from tests.truth.story import tell

FEW = 2
"""Without `TRUTH_SEEDS`: bounded, for `make test`."""
COUNT = int(os.environ.get("TRUTH_SEEDS", FEW))
START = int(os.environ.get("TRUTH_START", "0"))
DATABASES = ("sqlite", "postgres")
CASES = [
    (database, seed)
    for seed in range(START, START + COUNT)
    for database in (DATABASES if COUNT > FEW else [DATABASES[seed % 2]])
]
PLAYS = 60
"""So often a script is played to make a failure's story smaller."""


@pytest.mark.parametrize(("fresh_engine", "seed"), CASES, indirect=["fresh_engine"])
def test_nothing_is_wrong_and_silent(fresh_engine: FreshEngine, seed: int) -> None:
    books = FixtureBooks(fresh_engine)

    def play(script: Script) -> Play:
        one = Play(script, books, thorough=COUNT > FEW)
        try:
            one.run()
        finally:
            books.clear()
        return one

    script = make_script(seed)
    wrong = play(script).verdict.kinds - TOLD
    assert not wrong, "\n" + tell(*smallest(script, min(wrong), play, plays=PLAYS), lines=True)
