"""An import that is killed anywhere is whole or not at all, its entry in the log too, and is simply sent again."""

from __future__ import annotations

import os
import signal
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, event
from tests.book import NOW, Book
from tests.conftest import HOST_KEY, FreshEngine
from tests.examples import examples

from donations.acts.importing import FileStatus, take
from donations.acts.reading_files import Terms
from donations.core.statement import GivenFile
from donations.ledger.audit import Action
from donations.reports.checking import check
from donations.store.log.audit import whole_log
from donations.store.opening import open_engine
from donations.store.session import reading

STATEMENTS = Path(__file__).parents[2] / "statements"
FIRST, SECOND = (
    GivenFile(name=name, content=(STATEMENTS / name).read_bytes())
    for name in ("lhv-2026-01-month.xml", "lhv-2026-02-near-misses.xml")
)
TERMS = Terms(by="treasurer", now=NOW, add_accounts=True)


def said(engine: Engine) -> tuple[bytes, int]:
    """Return the ledger, and how many imports the log tells of."""
    with reading(engine) as session:
        told = sum(each.entry.action is Action.IMPORTED for each in whole_log(session))
    return Book(engine).ledger(), told


def killed_at(engine: Engine, point: int) -> bool:
    """Import in a process of its own that is killed before its statement of this number; whether it was."""
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()  # a connection is of one process
    child = os.fork()
    if child == 0:  # pragma: no cover - is killed
        try:
            numbers, own = count(1), open_engine(url, key=HOST_KEY)
            with reading(own):
                pass  # it knows the keys of the books, as the one that counted

            def kill(*_: object) -> None:
                if next(numbers) == point:
                    os.kill(os.getpid(), signal.SIGKILL)

            event.listen(own, "before_cursor_execute", kill)
            event.listen(own, "commit", kill)
            take(own, SECOND, TERMS)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def of_an_import(fresh: FreshEngine) -> tuple[int, tuple[bytes, int]]:
    """Return how many statements an import takes, and what the books say behind it."""
    with fresh() as engine:
        take(engine, FIRST, TERMS)
        seen: list[object] = []
        event.listen(engine, "before_cursor_execute", lambda *_: seen.append(None))
        event.listen(engine, "commit", lambda *_: seen.append(None))
        take(engine, SECOND, TERMS)
        number = len(seen)
        return number, said(engine)


def test_an_import_that_is_killed_anywhere_left_nothing_and_is_sent_again(
    engine: Engine, fresh_engine: FreshEngine
) -> None:
    last, whole = of_an_import(fresh_engine)
    take(engine, FIRST, TERMS)
    before = said(engine)
    assert before != whole
    step = max(1, last // examples(150))
    points = [*range(1, last, step), last]
    assert len(points) > 8
    for point in points:
        assert killed_at(engine, point), point
        assert said(engine) == before, point
    with reading(engine) as session:
        assert not check(session).broken
    assert not killed_at(engine, last + 1), "all of its statements were tried"
    assert said(engine) == whole
    assert take(engine, SECOND, TERMS).status is FileStatus.ALREADY_IMPORTED
