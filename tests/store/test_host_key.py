"""Books know their key by a check value: another key, or none, is refused before anything is sealed or made with it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from tests.book import JAAN, Book, line, statement
from tests.unsealed import without_keys

from donations.core.refusal import Refusal
from donations.store.host_key import KEY, HostKey, KeyState, key_of, key_state, keyed_hash, seal_of, word_in, write_word
from donations.store.keyed import Keyed
from donations.store.session import reading, writing

ONE, OTHER = "1" * 43, "2" * 43
CODE = "K7QM-3TZP"
SEALED = "UPDATE person SET totp_secret = :sealed WHERE id = 1"
PERSON = (
    "INSERT INTO person (id, name, name_key, email, email_key, roles, sees_names, made_at, totp_confirmed)"
    " VALUES (1, 'M', 'm', '', '', 'admin', false, '2026-01-01', true)"
)


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """Open books that no key was used for yet."""
    return without_keys(engine)


def at(engine: Engine, word: str = "", file: Path | None = None) -> Engine:
    """Open the same books on another host."""
    return engine.execution_options(**{KEY: HostKey(word, file)})


def used(engine: Engine) -> str:
    with writing(engine) as session:
        return key_of(session.connection())


def state(engine: Engine) -> KeyState:
    with reading(engine) as session:
        return key_state(session.connection())


def refused(engine: Engine) -> str:
    with writing(engine) as session, pytest.raises(Refusal) as refusal:
        key_of(session.connection())
    return str(refusal.value.code)


def forgotten_check(engine: Engine) -> None:
    """Let books be as those of before, which kept no check value."""
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM document_setting"))


def test_the_first_key_is_made_and_no_other_ever(engine: Engine, tmp_path: Path) -> None:
    here, there = tmp_path / "books.key", tmp_path / "other.key"
    assert state(at(engine, file=here)) is KeyState.UNUSED
    assert not here.exists()
    word = used(at(engine, file=here))
    assert word == word_in(here)
    assert stat.S_IMODE(here.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["books.key"]
    assert refused(at(engine, file=there)) == "no_key"
    assert state(at(engine, file=there)) is KeyState.MISSING
    assert not there.exists()
    write_word(there, OTHER)
    assert refused(at(engine, file=there)) == "wrong_key"
    assert state(at(engine, file=there)) is KeyState.WRONG
    assert used(at(engine, word)) == word


def test_the_check_value_does_not_hold_the_key(engine: Engine) -> None:
    used(at(engine, ONE))
    with engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM document_setting")).all())
        entries = connection.execute(text("SELECT count(*) FROM audit_entry")).scalar_one()
    assert "host_key" in kept
    assert ONE not in kept
    assert entries == 0, "the books got to know their key, and nobody did anything"


def test_nothing_is_hashed_under_another_key(engine: Engine) -> None:
    used(at(engine, ONE))
    with reading(at(engine, OTHER)) as session, pytest.raises(Refusal, match="wrong_key"):
        keyed_hash(session.connection(), Keyed.ADDRESS, "192.0.2.1")
    with reading(at(engine, OTHER)) as session, pytest.raises(Refusal, match="wrong_key"):
        seal_of(session)


def test_a_preview_leaves_books_without_a_key(engine: Engine) -> None:
    with writing(at(engine, ONE), keep=False) as session:
        key_of(session.connection())
    assert used(at(engine, OTHER)) == OTHER


def test_older_books_are_opened_by_the_key_that_hashed_their_codes(book: Book, tmp_path: Path) -> None:
    with_code = line("03-02", 1_000, "Jaan Tamm", JAAN, f"Annetus {CODE}")
    Book(at(book.engine, ONE)).take(statement("03-01", "03-31", with_code))
    forgotten_check(book.engine)
    assert refused(at(book.engine, OTHER)) == "wrong_key"
    assert refused(at(book.engine, file=tmp_path / "books.key")) == "no_key"
    assert not list(tmp_path.glob("books.key*"))
    assert used(at(book.engine, ONE)) == ONE


def test_older_books_are_opened_by_the_key_that_sealed_a_secret(engine: Engine, tmp_path: Path) -> None:
    with writing(at(engine, ONE)) as session:
        session.execute(text(PERSON))
        session.execute(text(SEALED), {"sealed": seal_of(session).sealed("JBSWY3DPEHPK3PXP", person_id=1)})
    forgotten_check(engine)
    assert refused(at(engine, OTHER)) == "wrong_key"
    assert refused(at(engine, file=tmp_path / "books.key")) == "no_key"
    assert used(at(engine, ONE)) == ONE


def test_where_only_strangers_were_counted_no_key_is_made_either(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO stranger_asked VALUES ('a1', '2026-07-01', false, 3)"))
    assert refused(at(engine, file=tmp_path / "books.key")) == "no_key"


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff\xfe"])
def test_a_file_that_holds_no_key_is_told(engine: Engine, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "books.key").write_bytes(content)
    assert refused(at(engine, file=tmp_path / "books.key")) == "no_key_in_file"
