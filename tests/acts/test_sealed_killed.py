"""Sealing, unsealing, sealing anew and bringing over older books: killed anywhere, books are of before or after."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from tests import engines
from tests.acts.test_erasure import MARIS, known, talked_about
from tests.book import JAAN, NOW, Book, gift, statement
from tests.conftest import HOST_KEY, FreshEngine
from tests.examples import examples
from tests.store.older_books import SHARED_BOOKS, make_books

from donations.acts.rekeying import rotate, seal_books, settle, unseal_books
from donations.reports.dump import dump
from donations.store.host_key import HostKey, host_key_at, write_word
from donations.store.migrate import migrate
from donations.store.opening import open_engine
from donations.store.session import WATCHES, reading, writing
from donations.store.tables import metadata

WORD = "1" * 43
POINTS = examples(60)
DIFFERS = {
    "data_key",
    "document_setting",
    "books_version",
    "audit_entry",
    "audit_detail",
    "stranger_asked",
    "line_code",
}
"""What tells of the change itself, or is hashed with the key."""


@pytest.fixture(autouse=True)
def _own_dialects(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each engine know its own keys, as those of programs do."""
    monkeypatch.setattr(Engine, "__init__", engines._make)


def opened(file: Path) -> Engine:
    """Open books as another program does, with what there is for a key beside them."""
    return open_engine(f"sqlite:///{file}")


Said = tuple[dict[str, list[str]], bytes, bool]


def said(books: Path | Callable[[], Engine]) -> Said:
    """Return what stands in the books, their ledger, and whether they are sealed; raises where a value opens not."""
    engine = opened(books) if isinstance(books, Path) else books()
    with reading(engine) as session:
        found = {
            table.name: sorted(
                repr(row) for row in session.execute(select(*(each for each in table.c if each.name != "digest")))
            )
            for table in metadata.sorted_tables
            if table.name not in DIFFERS
        }
        is_sealed = bool(session.execute(select(metadata.tables["data_key"].c.kind)).all())
        ledger = dump(session)
    engine.dispose()
    return found, ledger, is_sealed


def seal(engine: Engine) -> None:
    with writing(engine.execution_options(**{WATCHES: ()})) as session:
        seal_books(session, by="admin", now=NOW)


def unseal(engine: Engine) -> None:
    with writing(engine.execution_options(**{WATCHES: ()})) as session:
        unseal_books(session, by="admin", now=NOW)


def wrap(engine: Engine, *, is_anew: bool = False) -> None:
    with writing(engine.execution_options(**{WATCHES: ()})) as session:
        rotate(session, host_key_at(engine), old_file=None, anew=is_anew, by="admin", now=NOW)
    with writing(engine) as session:
        settle(session, host_key_at(engine))


ACTS: dict[str, Callable[[Engine], None]] = {
    "seal": seal,
    "unseal": unseal,
    "wrap": wrap,
    "anew": partial(wrap, is_anew=True),
}


def done_until(point: int, books: Path | Callable[[], Engine], act: Callable[[Engine], object]) -> bool:
    """Do it in a process that is killed before its statement or commit of this number; whether it came to its end."""
    child = os.fork()
    if child == 0:  # pragma: no cover - is killed
        status = 1
        try:
            numbers, own = count(1), opened(books) if isinstance(books, Path) else books()

            def kill(*_: object) -> None:
                if next(numbers) == point:
                    os.kill(os.getpid(), signal.SIGKILL)

            event.listen(own, "before_cursor_execute", kill)
            event.listen(own, "commit", kill)
            act(own)
            status = 0
        finally:
            os._exit(status)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in {0, -signal.SIGKILL}
    return ended == 0


def steps_of(file: Path, act: Callable[[Engine], object]) -> int:
    """Return how many statements and commits it takes."""
    seen: list[Any] = []
    engine = opened(file)
    event.listen(engine, "before_cursor_execute", lambda *_: seen.append(None))
    event.listen(engine, "commit", lambda *_: seen.append(None))
    act(engine)
    engine.dispose()
    return len(seen)


def copied(folder: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(folder, to)
    return to / "books.sqlite"


def first_commit(books: Callable[[], Engine], act: Callable[[Engine], object], file: Path) -> int:
    """Do it in a process that is killed before its first commit; return the number of that step."""
    child = os.fork()
    if child == 0:  # pragma: no cover - is killed
        try:
            numbers, own = count(1), books()

            def kill(*_: object) -> None:
                file.write_text(str(next(numbers)))
                os.kill(os.getpid(), signal.SIGKILL)

            event.listen(own, "before_cursor_execute", lambda *_: next(numbers))
            event.listen(own, "commit", kill)
            act(own)
        finally:
            os._exit(1)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    return int(file.read_text())


def live_in(engine: Engine) -> None:
    """Let much stand in the books."""
    book = Book(engine)
    known(book)
    talked_about(book, MARIS)
    book.take(statement("04-01", "04-30", gift("04-05", 500, "Jaan Tamm", JAAN, reference="7700077"), opening=0))
    engine.dispose()


@pytest.fixture
def lived(tmp_path: Path) -> Path:
    """A folder with books in it in which much stands, and their key."""
    folder = tmp_path / "whole"
    folder.mkdir()
    write_word(folder / "books.key", WORD)
    engine = opened(folder / "books.sqlite")
    migrate(engine)
    live_in(engine)
    return folder


@pytest.mark.parametrize("name", ["seal", "unseal", "wrap", "anew"])
def test_wherever_it_is_killed_the_books_open_wholly(name: str, lived: Path, tmp_path: Path) -> None:
    act = ACTS[name]
    if name == "seal":
        engine = opened(lived / "books.sqlite")
        unseal(engine)
        engine.dispose()
    before = said(lived / "books.sqlite")
    last = steps_of(copied(lived, tmp_path / "counted"), act)
    whole = said(tmp_path / "counted" / "books.sqlite")
    assert whole == (*before[:2], name != "unseal")
    for point in points_of(last, POINTS):
        file = copied(lived, tmp_path / "tried")
        assert not done_until(point, file, act), point
        assert said(file) in (before, whole), point
    engine = opened(file)
    Book(engine).take(statement("05-01", "05-31", gift("05-05", 500, "Jaan Tamm", JAAN, reference="7700077")))
    assert not Book(engine).broken()
    engine.dispose()
    assert said(file)[0]["payer"] == before[0]["payer"], "who is known is known again"
    assert done_until(last + 1, copied(lived, tmp_path / "tried"), act), "all of its statements were tried"


def test_a_server_has_the_books_of_before_until_all_is_committed(fresh_postgres: FreshEngine, tmp_path: Path) -> None:
    """There whoever is killed leaves a transaction behind that the server takes back."""
    key = tmp_path / "books.key"
    write_word(key, HOST_KEY)
    with fresh_postgres() as shared:
        url = shared.url.render_as_string(hide_password=False)
        shared.dispose()

        def books() -> Engine:
            return open_engine(url, key=HostKey("", key))

        live_in(books())
        for name in ("unseal", "seal", "anew", "wrap"):
            before, act = said(books), ACTS[name]
            committed = first_commit(books, act, tmp_path / "step")
            for point in points_of(committed, POINTS // 3):
                assert not done_until(point, books, act), point
                assert said(books) == before, point
            if not done_until(committed + 1, books, act):
                assert name in {"anew", "wrap"}, "the key is put in its place after the commit"
            after = said(books)
            assert after == (*before[:2], name != "unseal")
        engine = books()
        Book(engine).take(statement("05-01", "05-31", gift("05-05", 500, "Jaan Tamm", JAAN, reference="7700077")))
        assert not Book(engine).broken()
        engine.dispose()
        shared.dispose()


def test_older_books_are_brought_over_and_sealed_or_are_as_they_were(tmp_path: Path) -> None:
    folder = tmp_path / "whole"
    folder.mkdir()
    write_word(folder / "books.key", WORD)
    engine = opened(folder / "books.sqlite")
    make_books(engine, tmp_path, SHARED_BOOKS)
    engine.dispose()
    older = written(folder / "books.sqlite")
    last = steps_of(copied(folder, tmp_path / "counted"), migrate)
    whole = said(tmp_path / "counted" / "books.sqlite")
    assert whole[2], "they are sealed"
    for point in points_of(last, POINTS // 2):
        file = copied(folder, tmp_path / "tried")
        assert not done_until(point, file, migrate), point
        if written(file) != older:
            assert said(file) == whole, point
    engine = opened(file)
    migrate(engine)
    engine.dispose()
    assert said(file) == whole


def points_of(last: int, many: int) -> list[int]:
    """Return some numbers of statements, with the first and the last ones: the keys are kept, and committed, there."""
    return sorted({*range(1, last, max(1, last // many)), *range(max(1, last - 3), last + 1)})


def written(file: Path) -> list[str]:
    """Return a file of SQLite as statements."""
    with closing(sqlite3.connect(file)) as books:
        return list(books.iterdump())
