"""Who only looks never waits for the writer, and no look is forgotten."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from tests.book import NOW

from donations.ledger.audit import About, Action, Noted
from donations.store.log import audit
from donations.store.log.audit import AccessNotes, whole_log
from donations.store.session import reading, writing


def look(donor: int) -> Noted:
    return Noted(action=Action.DONOR_VIEWED, about=About.DONOR, id=str(donor), by="Mari", at=NOW)


def told(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return [each.entry.id for each in whole_log(session)]


def test_one_waits_with_the_import_and_the_others_go_on(engine: Engine) -> None:
    waiting = AccessNotes()
    first = Thread(target=waiting.note, args=(engine, look(1)))
    with writing(engine):
        first.start()
        while not waiting.is_writing:
            first.join(0.001)
        waiting.note(engine, look(2))  # would wait for this very thread otherwise
        assert told(engine) == []
    first.join()
    assert told(engine) == ["1", "2"]


def test_what_could_not_be_written_is_written_with_the_next(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = AccessNotes()

    def busy(*_: object) -> None:
        raise OperationalError("", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr(audit, "note_access", busy)
        waiting.note(engine, look(1))
    assert told(engine) == []
    waiting.note(engine, look(2))
    assert told(engine) == ["1", "2"]


def test_what_waits_is_written_when_serving_ends(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = AccessNotes()
    with monkeypatch.context() as patch:
        patch.setattr(AccessNotes, "write_waiting", lambda *_: None)
        waiting.note(engine, look(1))
    waiting.write_waiting(engine)
    assert told(engine) == ["1"]
