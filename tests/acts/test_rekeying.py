"""The key is changed all or nothing, wherever it is killed; a lost one is given up openly."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Engine, event, text
from tests.book import JAAN, NOW, Book, line, statement
from tests.unsealed import without_keys

from donations.acts.rekeying import Renewed, forget, rotate, seal_books, settle, unseal_books
from donations.core.giving_code import GivingCode
from donations.core.refusal import Refusal
from donations.ledger.audit import About, Action, Noted
from donations.store.host_key import KEY, HostKey, KeyState, host_key_at, key_state, seal_of, word_in, write_word
from donations.store.log import looks
from donations.store.log.audit import EntryFilter, entries
from donations.store.log.looks import AccessNotes
from donations.store.opening import open_engine
from donations.store.public import received_with_code
from donations.store.session import reading, writing
from donations.store.tables.sealed import SealedKind

ONE, OTHER = "1" * 43, "2" * 43
CODE = GivingCode("K7QM3TZP")
SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody
PERSON = (
    "INSERT INTO person (id, name, name_key, email, roles, sees_names, made_at, totp_confirmed, totp_secret)"
    " VALUES (1, 'Mari', 'mari', '', 'admin', false, '2026-01-01', true, :sealed)"
)
STRANGERS = "INSERT INTO stranger_asked VALUES ('a1', '2026-07-01', false, 3), ('', '2026-07-01', false, 7)"


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """Open books that no key was used for yet."""
    return without_keys(engine)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The key beside the books."""
    write_word(tmp_path / "books.key", ONE)
    return tmp_path / "books.key"


@pytest.fixture
def lived(engine: Engine, file: Path) -> Engine:
    """Books in which a key has sealed and hashed what it can."""
    engine = at(engine, file)
    Book(engine).take(statement("03-01", "03-31", line("03-02", 1_000, "Jaan Tamm", JAAN, "Annetus K7QM-3TZP")))
    with writing(engine) as session:
        session.execute(text(PERSON), {"sealed": seal_of(session).sealed(SECRET, person_id=1)})
        session.execute(text(STRANGERS))
    return engine


def at(engine: Engine, file: Path | None = None, *, word: str = "") -> Engine:
    """Open the same books on another host, or in another process."""
    return engine.execution_options(**{KEY: HostKey(word, file)})


def rotated(engine: Engine, old_file: Path | None = None) -> Renewed:
    with writing(engine) as session:
        return rotate(session, host_key_at(engine), old_file=old_file, by="admin", now=NOW)


def settled(engine: Engine) -> Path | None:
    with writing(engine) as session:
        return settle(session, host_key_at(engine))


def forgotten(engine: Engine) -> Renewed:
    with writing(engine) as session:
        return forget(session, host_key_at(engine), by="admin", now=NOW)


def opens(engine: Engine) -> tuple[KeyState, str | None, int]:
    """Return what the key is to the books, the app's secret, and how many payments the code finds."""
    with reading(engine) as session:
        kept = session.execute(text("SELECT totp_secret FROM person")).scalar_one()
        found = len(received_with_code(session, CODE))
        return key_state(session.connection()), seal_of(session).opened(kept, person_id=1), found


WHOLE = (KeyState.OPENS, SECRET, 1)


def test_everything_is_under_the_new_key_and_the_old_one_is_kept(lived: Engine, file: Path) -> None:
    running = at(lived, file)
    assert opens(running) == WHOLE
    assert rotated(lived) == Renewed(secrets=1, lost=())
    before = settled(lived)
    assert before is not None
    assert word_in(before) == ONE
    assert word_in(file) != ONE
    assert sorted(each.name for each in file.parent.iterdir()) == sorted([file.name, before.name])
    assert opens(running) == WHOLE, "a server that runs reads the file again"
    with reading(lived) as session:
        assert session.execute(text("SELECT subject FROM stranger_asked")).scalars().all() == [""]
        (entry,) = entries(session, EntryFilter(actions=frozenset({Action.KEY_CHANGED})), size=5)
    assert entry.entry.by == "admin"
    with reading(at(lived, before)) as session:
        assert key_state(session.connection()) is KeyState.WRONG


def test_a_server_with_the_old_key_in_its_settings_seals_nothing_more(lived: Engine) -> None:
    running = at(lived, word=ONE)
    rotated(lived)
    with writing(running) as session, pytest.raises(Refusal, match="wrong_key"):
        seal_of(session)


def test_the_hosts_own_new_key(lived: Engine, file: Path) -> None:
    with pytest.raises(Refusal, match="new_key_needed"):
        rotated(at(lived, word=ONE))
    new = at(lived, word=OTHER)
    with pytest.raises(Refusal, match="wrong_key"):
        rotated(new)
    write_word(file.with_name("not-it"), "3" * 43)
    with pytest.raises(Refusal, match="old_key_wrong"):
        rotated(new, file.with_name("not-it"))
    assert rotated(new, file).lost == ()
    assert opens(new) == WHOLE
    with pytest.raises(Refusal, match="key_is_here"):
        rotated(new, file)


def test_a_lost_key_is_given_up_openly(lived: Engine, file: Path) -> None:
    with pytest.raises(Refusal, match="key_is_here"):
        forgotten(lived)
    file.unlink()
    here = at(lived, file)
    assert forgotten(here) == Renewed(secrets=0, lost=("Mari",))
    assert opens(here) == (KeyState.OPENS, None, 1)
    with reading(here) as session:
        assert entries(session, EntryFilter(actions=frozenset({Action.KEY_FORGOTTEN})), size=5)
    assert rotated(here).lost == ("Mari",), "what no key opens is left as it is"


DISK = {name: getattr(os, name) for name in ("open", "link", "rename", "unlink", "fsync")}


def changed_and_killed_before(step: int, url: str, file: Path) -> bool:
    """Change the key in a process that is killed before a statement, a commit, or a word to the disk.

    Return whether it came to its end before that.
    """
    child = os.fork()
    if child == 0:
        status = 1
        try:
            _changed(step, at(open_engine(url), file))
            status = 0
        finally:
            os._exit(status)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in {0, -signal.SIGKILL}
    return ended == 0


def _changed(step: int, engine: Engine) -> None:
    steps = count()

    def before(*_: object) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def killable(done: Callable[..., Any]) -> Callable[..., Any]:
        def do(*given: Any, **named: Any) -> Any:
            before()
            return done(*given, **named)

        return do

    for moment in ("before_cursor_execute", "commit"):
        event.listen(engine, moment, before)
    for name, done in DISK.items():
        patch.object(os, name, killable(done)).start()
    rotated(engine)
    settled(engine)


def test_wherever_it_is_killed_one_key_opens_everything(lived: Engine, file: Path) -> None:
    url = lived.url.render_as_string(hide_password=False)
    lived.dispose()
    words = {word_in(file)}
    for step in count():
        ended = changed_and_killed_before(step, url, file)
        here = at(lived, file)
        assert opens(here) == WHOLE, step
        settled(here)
        assert opens(at(lived, file)) == WHOLE, step
        words.add(word_in(file))
        lived.dispose()
        if ended:
            break
    assert step > 20
    assert len(words) > 2, "some were killed after the books knew the new key"
    left = {each.name for each in file.parent.iterdir()}
    assert not [name for name in left if "next" in name], "keys of changes that were broken off are not left about"


def wrapped(engine: Engine) -> dict[str, tuple[bytes, str]]:
    """Return the data keys as they are kept, with their marks."""
    with engine.connect() as connection:
        return {kind: (bytes(key), mark) for kind, key, mark in connection.execute(text("SELECT * FROM data_key"))}


def test_books_are_sealed_wrapped_anew_sealed_anew_and_unsealed_and_say_the_same(lived: Engine, file: Path) -> None:
    before = Book(lived).ledger()
    with writing(lived) as session:
        seal_books(session, by="admin", now=NOW)
    first = wrapped(lived)
    assert set(first) == {*SealedKind}
    rotated(lived)
    settled(lived)
    second = wrapped(lived)
    assert {kind: mark for kind, (_, mark) in second.items()} == {kind: mark for kind, (_, mark) in first.items()}
    assert not {key for key, _ in second.values()} & {key for key, _ in first.values()}
    with writing(lived) as session:
        rotate(session, host_key_at(lived), old_file=None, anew=True, by="admin", now=NOW)
    settled(lived)
    assert not {mark for _, mark in wrapped(lived).values()} & {mark for _, mark in first.values()}
    assert opens(lived) == WHOLE
    assert (Book(lived).ledger(), Book(lived).broken()) == (before, frozenset())
    again = statement("04-01", "04-30", line("04-02", 1_000, "Jaan Tamm", JAAN, "Annetus"))
    Book(lived).take(again)
    with lived.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM payer")).scalar_one() == 1, "who is known is known again"
    with writing(lived) as session:
        unseal_books(session, by="admin", now=NOW)
    assert wrapped(lived) == {}
    assert not Book(lived).broken()
    with reading(lived) as session:
        done = {each.entry.action for each in entries(session, EntryFilter(), size=50)}
    assert done >= {Action.BOOKS_SEALED, Action.BOOKS_UNSEALED, Action.KEY_CHANGED}
    assert file.exists()


def test_people_s_data_under_a_lost_key_is_not_given_up(lived: Engine, file: Path) -> None:
    with writing(lived) as session:
        seal_books(session, by="admin", now=NOW)
    kept = wrapped(lived)
    with writing(at(lived, word=OTHER)) as session, pytest.raises(Refusal, match="lost_for_good"):
        forget(session, HostKey(OTHER), by="admin", now=NOW)
    assert wrapped(lived) == kept
    assert file.exists()


@pytest.mark.parametrize("act", ["wrap", "anew", "unseal"])
def test_a_look_that_waits_while_keys_change_is_read_afterwards(
    act: str, lived: Engine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks, "looks_folder_of", lambda _: file.with_name("looks"))
    monkeypatch.setattr(looks, "_SECONDS", 0)
    looked = Noted(action=Action.DONOR_VIEWED, about=About.DONOR, id="1", by="Mari", at=NOW, details={"path": "Kanaar"})
    with writing(lived) as session:
        seal_books(session, by="admin", now=NOW)
    with writing(lived) as session:
        if act == "unseal":
            unseal_books(session, by="admin", now=NOW)
        else:
            rotate(session, host_key_at(lived), old_file=None, anew=act == "anew", by="admin", now=NOW)
        AccessNotes().note(lived, looked)
        (kept,) = file.with_name("looks").iterdir()
        assert b"Kanaar" not in kept.read_bytes()
    for old in (settled(lived), *file.parent.glob("*.before-*")):
        if old is not None:
            old.unlink(missing_ok=True)
    here = at(lived, file)
    AccessNotes().write_waiting(here)
    with reading(here) as session:
        (entry,) = entries(session, EntryFilter(actions=frozenset({Action.DONOR_VIEWED})), size=5)
    assert entry.details == '{"path":"Kanaar"}'
