"""A restore is killed anywhere: there are the books of before or the restored ones, and the host's key opens them."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyrage
import pytest
from sqlalchemy import Engine, event, text
from tests.book import JAAN, NOW, Book, gift, statement
from tests.conftest import HOST, HOST_KEY, FreshEngine
from tests.examples import each_with_each

from donations.acts.backing_up import Lock, Unlock, back_up, restore
from donations.core.refusal import Refusal
from donations.ledger.audit import complaints
from donations.store.host_key import HostKey, KeyState, key_state
from donations.store.log.audit import whole_log
from donations.store.migrate import migrate
from donations.store.opening import open_engine
from donations.store.revision import BooksAt, books_at
from donations.store.session import reading

SECRET = pyrage.x25519.Identity.generate()
UNLOCK = Unlock(key=str(SECRET))
OTHER = "another host's key, and as long as a key is"


@pytest.fixture
def backup(fresh_sqlite: FreshEngine, tmp_path: Path) -> Path:
    """A backup that brings the key of its books along."""
    with fresh_sqlite() as engine:
        Book(engine).take(statement("01-01", "01-31", gift("01-06", 2000, "Jaan Tamm", JAAN), opening=0))
        back_up(engine, tmp_path / "copy", Lock((str(SECRET.to_public()),)), by="admin", now=NOW)
    return tmp_path / "copy"


def ends(restored: Callable[[], None], point: int) -> bool:
    """Restore in a process that is killed before its commit, or word to the disk, of this number; whether it ended."""
    child = os.fork()
    if child == 0:  # pragma: no cover - is killed
        numbers = count(1)

        def step(*_: object) -> None:
            if next(numbers) == point:
                os.kill(os.getpid(), signal.SIGKILL)

        def killable(done: Callable[..., Any]) -> Callable[..., Any]:
            def do(*given: Any, **named: Any) -> Any:
                step()
                return done(*given, **named)

            return do

        status = 1
        try:
            event.listen(Engine, "commit", step)
            for owner, name in ((os, "link"), (os, "rename"), (os, "fsync"), (shutil, "copyfile")):
                patch.object(owner, name, killable(getattr(owner, name))).start()
            restored()
            status = 0
        finally:
            os._exit(status)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in {0, -signal.SIGKILL}
    return ended == 0


def said(url: str, own: str, file: Path) -> bytes | None:
    """Return the ledger as who starts anew finds it; None where there are no books."""
    if books_at(url) is BooksAt.NONE:
        return None
    engine = open_engine(url, key=HostKey(own, file))
    with reading(engine) as session:
        assert key_state(session.connection()) is KeyState.OPENS
        assert not list(complaints(whole_log(session)))
    ledger = Book(engine).ledger()
    assert not Book(engine).broken()
    engine.dispose()
    return ledger


@pytest.mark.parametrize(("own", "are_there"), each_with_each(["", OTHER], [False, True]))
def test_wherever_it_is_killed_there_are_whole_books(
    backup: Path, tmp_path: Path, own: str, *, are_there: bool
) -> None:
    place, template = tmp_path / "place", tmp_path / "template"
    file, url = place / "books.key", f"sqlite:///{place / 'books.sqlite'}"
    place.mkdir()
    if are_there:
        engine = open_engine(url, key=HostKey(own, file))
        migrate(engine)
        Book(engine).take(statement("05-01", "05-31", gift("05-05", 4400, "Anu Kask"), opening=0))
        engine.dispose()
    place.rename(template)

    def restored() -> None:
        restore(backup, url, UNLOCK, HostKey(own, file), by="admin", now=NOW, replace=are_there)

    found: list[bytes | None] = []
    for point in count(1):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(template, place)
        if not found:
            found.append(said(url, own, file))
        ended = ends(restored, point)
        found.append(said(url, own, file))
        if ended:
            break
    before, *_, whole = found
    assert point > 5
    assert whole not in {before, None}
    assert set(found) == {before, whole}
    assert found.index(whole) < len(found) - 1, "some were killed after it was in its place"


def test_a_server_is_restored_again_where_it_was_killed(backup: Path, fresh_postgres: FreshEngine) -> None:
    """Its tables are made first: while nobody did anything in them, they are no books."""
    with fresh_postgres() as engine:
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
        url = engine.url.render_as_string(hide_password=False)

        def restored() -> None:
            restore(backup, url, UNLOCK, HOST, by="admin", now=NOW)

        left = []
        for point in count(1):
            ended = ends(restored, point)
            left.append(books_at(url))
            if ended:
                break
        assert left[0] is BooksAt.NONE
        assert left[-2:] == [BooksAt.CURRENT] * 2, "it was killed between its tables and what is in them, and went on"
        assert JAAN.encode() in (said(url, HOST_KEY, Path()) or b"")
        with pytest.raises(Refusal, match="books_are_there"):
            restored()
        engine.dispose()
        with engine.begin() as connection:  # so that the database is not used again
            connection.execute(text("DROP TABLE attestation CASCADE"))
