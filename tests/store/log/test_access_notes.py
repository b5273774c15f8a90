"""Who only looks never waits for the writer, and no look is forgotten, whatever is stopped meanwhile."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine
from tests.book import NOW
from tests.store.test_waiting import somebody_writes
from tests.unsealed import without_keys

from donations.acts.rekeying import seal_books
from donations.core.refusal import Refusal
from donations.ledger.audit import About, Action, Noted
from donations.store.log import looks
from donations.store.log.audit import whole_log
from donations.store.log.looks import AccessNotes
from donations.store.session import WATCHES, reading, writing


def look(donor: int) -> Noted:
    return Noted(action=Action.DONOR_VIEWED, about=About.DONOR, id=str(donor), by="Mari", at=NOW, details={"path": "õ"})


def told(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return [each.entry.id for each in whole_log(session) if each.entry.action == Action.DONOR_VIEWED]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where looks wait, whatever the database; and nobody waits for the writer."""
    monkeypatch.setattr(looks, "looks_folder_of", lambda _: tmp_path / "looks")
    monkeypatch.setattr(looks, "_SECONDS", 0)
    return tmp_path / "looks"


def test_a_look_is_written_at_once(engine: Engine, folder: Path) -> None:
    AccessNotes().note(engine, look(1))
    assert told(engine) == ["1"]
    assert not folder.exists()


def test_looks_outlast_a_stop_while_somebody_writes(engine: Engine, folder: Path) -> None:
    with somebody_writes(engine):
        for donor in (1, 2):
            AccessNotes().note(engine, look(donor))
        AccessNotes().write_waiting(engine)
        assert len(list(folder.iterdir())) == 2
    assert told(engine) == []
    assert {stat.S_IMODE(each.stat().st_mode) for each in (folder, *folder.iterdir())} == {0o700, 0o600}
    AccessNotes().write_waiting(engine)
    assert told(engine) == ["1", "2"]
    with reading(engine) as session:
        (*_, kept) = whole_log(session)
    assert (kept.entry.by, kept.entry.at, kept.details) == ("Mari", NOW, '{"path":"õ"}')
    assert not folder.exists()


def test_what_waits_is_written_with_the_next_look(engine: Engine, folder: Path) -> None:
    with somebody_writes(engine):
        AccessNotes().note(engine, look(1))
    AccessNotes().note(engine, look(2))
    assert sorted(told(engine)) == ["1", "2"]
    assert not folder.exists()


@pytest.mark.usefixtures("folder")
def test_where_no_file_takes_it_the_writer_is_waited_for(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError

    waited: list[float | None] = []
    real = looks._write

    def write(books: Engine, looked: list[Noted], *, seconds: float | None) -> None:
        waited.append(seconds)
        real(books, looked, seconds=0)

    monkeypatch.setattr(looks, "_keep", full)
    monkeypatch.setattr(looks, "_write", write)
    with somebody_writes(engine), pytest.raises(Refusal, match="busy"):
        AccessNotes().note(engine, look(1))
    assert waited == [0, None]


def test_two_programs_find_the_same_looks_waiting(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with somebody_writes(engine):
        for donor in (1, 2):
            AccessNotes().note(engine, look(donor))
    kept = looks._kept

    def read_by_another(file: Path, connection: Connection) -> Noted | None:
        file.unlink()
        return kept(file, connection)

    monkeypatch.setattr(looks, "_kept", read_by_another)
    AccessNotes().write_waiting(engine)
    assert (told(engine), folder.exists()) == ([], False)


def test_what_no_key_opens_is_put_aside_and_holds_up_no_other(engine: Engine, folder: Path) -> None:
    with somebody_writes(engine):
        AccessNotes().note(engine, look(1))
    (one,) = folder.iterdir()
    changed = one.with_name("0-changed.look")
    changed.write_bytes(one.read_bytes()[:-1] + b"!")
    (folder / "0-cut.look").write_bytes(b'{"action":')
    AccessNotes().write_waiting(engine)
    assert told(engine) == ["1"]
    assert sorted(each.name for each in folder.iterdir()) == ["0-changed.shut", "0-cut.shut"]


def test_beside_unsealed_books_looks_are_open_and_older_open_ones_are_read(engine: Engine, folder: Path) -> None:
    without_keys(engine)
    with somebody_writes(engine):
        AccessNotes().note(engine, look(1))
    assert "donor_viewed" in next(folder.iterdir()).read_text()
    with writing(engine.execution_options(**{WATCHES: ()})) as session:
        seal_books(session, by="admin", now=NOW)
    AccessNotes().write_waiting(engine)
    assert told(engine) == ["1"]
