"""Each way in which books were once wrong and silent, as a small world by hand: they are right now, or it is said."""

from __future__ import annotations

import pytest
from tests.conftest import FreshEngine
from tests.truth.books import FixtureBooks
from tests.truth.judge.verdict import TOLD
from tests.truth.play import Play
from tests.truth.scenes import SCENES as OF_OLD
from tests.truth.scenes_of_reports import SCENES as OF_REPORTS
from tests.truth.story import tell

SCENES = OF_OLD | OF_REPORTS


@pytest.mark.parametrize("name", SCENES)
def test_nothing_is_wrong_and_silent(fresh_sqlite: FreshEngine, name: str) -> None:
    script, books = SCENES[name](), FixtureBooks(fresh_sqlite)
    play = Play(script, books)
    verdict = play.run()
    books.clear()
    assert not verdict.kinds - TOLD, "\n" + tell(script, verdict, play.told, lines=True)
