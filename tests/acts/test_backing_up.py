"""Backups on both databases: whole, private, verified, and restored into either; nothing that is there is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from tests.book import JAAN, NOW, Book, gift, line, statement
from tests.conftest import HOST, HOST_KEY, FreshEngine
from tests.examples import of_rules
from tests.written_once import written_once

from donations.acts.backing_up import (
    SUFFIX,
    Lock,
    Unlock,
    Verified,
    back_up,
    drop_half_done,
    keep_newest,
    last_backup,
    name_of_backup,
    restore,
    verify,
)
from donations.acts.closing import close
from donations.acts.merging import merge
from donations.core.calendar import Month
from donations.core.donor import DonorId
from donations.core.refusal import Refusal
from donations.ledger.audit import complaints
from donations.reports.checking import check
from donations.reports.dump import dump
from donations.store.as_kept import AS_KEPT
from donations.store.copying import BackupNote, write_copy
from donations.store.host_key import HostKey
from donations.store.log.audit import whole_log
from donations.store.migrate import differences, migrate
from donations.store.opening import is_served, mark_served, open_engine
from donations.store.revision import BooksAt, books_at
from donations.store.session import TURN, ReadSession, WritersTurn, reading, writing
from donations.store.snapshot_file import keep_snapshot, snapshot_kept

LATER_BY = timedelta(hours=1)
WORDS = "neli sõna ja koer"


@pytest.fixture
@written_once
def lived(book: Book) -> Book:
    """Gifts, a question, a merge, a closed month and an import taken back."""
    book.take(
        statement(
            "01-01", "01-31", gift("01-05", 1000), gift("01-06", 2000, "Jaan Tamm", JAAN), opening=0, closing=3000
        )
    )
    gone = book.take(statement("02-01", "02-28", line("02-03", 700, "Anu Kask"), opening=3000))
    book.undo(gone.file_id)
    book.take(statement("02-01", "02-28", line("02-03", 900, "Anu Kask", text="õ – „ж“"), opening=3000))
    with writing(book.engine) as session:
        merge(session, DonorId(3), into=DonorId(2), reason="one", by="treasurer", now=NOW)
        close(session, Month(2026, 1), by="treasurer", now=NOW, today=date(2026, 3, 1), reasons=lambda _: "known")
    return book


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Return everything, but the count of changes and who took a copy."""
    with engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in AS_KEPT.values()
            if table.name not in {"books_version", "audit_entry", "audit_detail"}
        }


def backed_up(book: Book, folder: Path, lock: Lock | None = None, name: str = "copy") -> Path:
    back_up(book.engine, folder / name, lock or Lock(), by="admin", now=NOW)
    return folder / name


@pytest.fixture
def elsewhere(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'restored.sqlite'}"


def assert_same(engine: Engine, book: Book) -> None:
    assert rows(engine) == rows(book.engine)
    assert differences(engine) == []
    with reading(engine) as session:
        assert dump(session) == book.ledger()
        assert check(session).broken == frozenset()
        assert list(complaints(whole_log(session))) == []


def test_books_are_restored_as_they_were(lived: Book, tmp_path: Path, elsewhere: str) -> None:
    copy = backed_up(lived, tmp_path)
    engine = open_engine(elsewhere, key=HOST_KEY)
    keep_snapshot(engine, "what others have published")
    note, aside = restore(copy, elsewhere, Unlock(), HOST, by="admin", now=NOW)
    assert (note.payments, aside, snapshot_kept(engine)) == (3, None, None)
    assert_same(engine, lived)
    Book(engine).take(statement("03-01", "03-31", gift("03-05", 500), opening=3900))  # numbers go on
    engine.dispose()


def test_books_travel_to_a_server(lived: Book, tmp_path: Path, fresh_postgres: FreshEngine) -> None:
    copy = backed_up(lived, tmp_path)
    with fresh_postgres() as engine:
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        url = engine.url.render_as_string(hide_password=False)
        restore(copy, url, Unlock(), HOST, by="admin", now=NOW)
        assert_same(engine, lived)
        with engine.connect() as connection:
            counted = text("SELECT reltuples FROM pg_class WHERE oid = 'payment'::regclass")
            assert connection.execute(counted).scalar_one() == 4, "or it plans as over empty tables"
        there = Book(engine)
        there.take(statement("03-01", "03-31", gift("03-05", 500), opening=3900))
        for change, guard in (
            ("DELETE FROM payment", "append_only"),
            (
                "INSERT INTO donor_note (id, donor_id, text, written_by, written_at) VALUES (9, 999, '', '', now())",
                "foreign",
            ),
        ):
            with pytest.raises(DBAPIError, match=guard), engine.begin() as connection:
                connection.execute(text(change))
        with pytest.raises(Refusal, match="books_are_there"):
            restore(copy, url, Unlock(), HOST, by="admin", now=NOW, replace=True)
        engine.dispose()
        with engine.begin() as connection:  # so that the database is not used again
            connection.execute(text("DROP TABLE IF EXISTS attestation CASCADE"))


def test_a_backup_is_one_state_while_others_write(lived: Book, tmp_path: Path) -> None:
    with reading(lived.engine) as session:
        dump(session)
        before = lived.ledger()
        copy = backed_up(lived, tmp_path)
    lived.take(statement("03-01", "03-31", gift("03-05", 500), opening=3900))
    assert lived.ledger() != before
    assert verify(copy, Unlock(), HOST).wrong == ()


@of_rules()
def test_what_was_changed_in_a_backup_shows(lived: Book, tmp_path: Path) -> None:
    copy = backed_up(lived, tmp_path)
    assert verified(copy) == ()
    for change, wrong in (
        ("UPDATE allocation SET minor = minor - 100 WHERE id = 1", ("ledger",)),
        (
            "DELETE FROM audit_detail; DELETE FROM audit_entry WHERE number = (SELECT max(number) FROM audit_entry)",
            ("log",),
        ),
        ("UPDATE audit_entry SET by = 'somebody' WHERE number = 2", ("log",)),
    ):
        changed = tmp_path / "changed"
        shutil.copyfile(copy, changed)
        with closing(sqlite3.connect(changed)) as connection:
            let_all_be_changed(connection)
            connection.executescript(change)
        assert verified(changed) == wrong


@of_rules()
def test_one_that_is_not_the_books_is_noticed_while_it_is_made(
    lived: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gift is another one in the copy; encrypted, only who has the secret could notice it later."""
    lock = Lock((str(pyrage.x25519.Identity.generate().to_public()),))
    back_up(lived.engine, tmp_path / "whole", lock, by="treasurer", now=NOW, verified=True)

    def losing(session: ReadSession, file: Path, note: BackupNote) -> None:
        write_copy(session, file, note)
        with closing(sqlite3.connect(file)) as connection:
            let_all_be_changed(connection)
            connection.executescript("UPDATE allocation SET minor = minor - 100 WHERE id = 1")

    monkeypatch.setattr("donations.acts.backing_up.write_copy", losing)
    with pytest.raises(Refusal, match="damaged_backup"):
        back_up(lived.engine, tmp_path / "lost", lock, by="treasurer", now=NOW, verified=True)
    assert [each.name for each in tmp_path.iterdir()] == ["whole"]


def let_all_be_changed(connection: sqlite3.Connection) -> None:
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{trigger}"')


def verified(copy: Path, unlock: Unlock | None = None) -> tuple[str, ...]:
    found: Verified = verify(copy, unlock or Unlock(), HOST)
    return found.wrong


@of_rules()
def test_what_is_no_backup_is_refused(lived: Book, tmp_path: Path, elsewhere: str) -> None:
    copy = backed_up(lived, tmp_path)
    (tmp_path / "cut").write_bytes(copy.read_bytes()[:-9_000])
    (tmp_path / "other").write_bytes(b"Booking date;Amount")
    (tmp_path / "empty").touch()
    for name in ("cut", "other", "empty", "absent"):
        with pytest.raises(Refusal, match=r"no_backup|damaged|no_such_file"):
            restore(tmp_path / name, elsewhere, Unlock(), HOST, by="admin", now=NOW)
    assert books_at(elsewhere) is BooksAt.NONE


@of_rules()
def test_only_who_has_the_key_reads_an_encrypted_one(lived: Book, tmp_path: Path, elsewhere: str) -> None:
    key, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    sealed = backed_up(lived, tmp_path, Lock((str(key.to_public()),)), "by-key")
    spoken = backed_up(lived, tmp_path, Lock(passphrase=WORDS), "by-word")
    for file, right, wrong in (
        (sealed, Unlock(key=str(key)), Unlock(key=str(other))),
        (spoken, Unlock(passphrase=WORDS), Unlock(passphrase=WORDS[::-1])),
    ):
        assert b"SQLite" not in file.read_bytes()
        assert b"Tamm" not in file.read_bytes()
        assert verified(file, right) == ()
        with pytest.raises(Refusal, match="backup_not_opened"):
            verify(file, wrong, HOST)
        with pytest.raises(Refusal, match="no_secret"):
            verify(file, Unlock(), HOST)
    restore(sealed, elsewhere, Unlock(key=str(key)), HOST, by="admin", now=NOW)
    with pytest.raises(Refusal, match="short_passphrase"):
        Lock(passphrase=WORDS[:9])
    with pytest.raises(Refusal, match="bad_recipient"):
        backed_up(lived, tmp_path, Lock(("age1",)), "to-nobody")
    assert not (tmp_path / "to-nobody").exists()


@pytest.mark.parametrize("own", ["", "another host's key, and as long as a key is"])
def test_who_opens_an_encrypted_one_needs_no_other_secret(
    lived: Book, tmp_path: Path, elsewhere: str, own: str
) -> None:
    key = pyrage.x25519.Identity.generate()
    copy, unlock = backed_up(lived, tmp_path, Lock((str(key.to_public()),))), Unlock(key=str(key))
    host = HostKey(own, tmp_path / "restored.key")
    assert verify(copy, unlock, host).wrong == ()
    restore(copy, elsewhere, unlock, host, by="admin", now=NOW)
    assert (tmp_path / "restored.key").exists() is not bool(own)
    engine = open_engine(elsewhere, key=HostKey(own, tmp_path / "restored.key"))
    assert Book(engine).ledger() == lived.ledger()
    assert not Book(engine).broken()
    engine.dispose()
    plain = backed_up(lived, tmp_path, name="plain")
    assert HOST_KEY.encode() not in plain.read_bytes()
    with pytest.raises(Refusal, match="no_key"):
        verify(plain, Unlock(), HostKey("", tmp_path / "nowhere.key"))


@of_rules()
def test_nobody_else_may_read_what_is_written(lived: Book, tmp_path: Path, elsewhere: str) -> None:
    before = os.umask(0)
    try:
        copy = backed_up(lived, tmp_path)
        key = pyrage.x25519.Identity.generate()  # a passphrase takes a second
        sealed = backed_up(lived, tmp_path, Lock((str(key.to_public()),)), "sealed")
        restore(copy, elsewhere, Unlock(), HOST, by="admin", now=NOW)
    finally:
        os.umask(before)
    for file in (copy, sealed, tmp_path / "restored.sqlite"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {each.name for each in tmp_path.iterdir()} >= {"copy", "sealed", "restored.sqlite"}
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".")]


@of_rules()
def test_living_books_are_never_overwritten_without_a_word(lived: Book, tmp_path: Path, elsewhere: str) -> None:
    copy = backed_up(lived, tmp_path)
    engine = open_engine(elsewhere, key=HOST_KEY)
    migrate(engine)
    living = Book(engine)
    living.take(statement("05-01", "05-31", gift("05-05", 4400), opening=0))
    ledger = living.ledger()
    with pytest.raises(Refusal, match="books_are_there"):
        restore(copy, elsewhere, Unlock(), HOST, by="admin", now=NOW)
    assert living.ledger() == ledger
    engine.dispose()
    _, aside = restore(copy, elsewhere, Unlock(), HOST, by="admin", now=NOW, replace=True)
    assert aside is not None
    kept, restored = open_engine(f"sqlite:///{aside}", key=HOST_KEY), open_engine(elsewhere, key=HOST_KEY)
    assert Book(kept).ledger() == ledger
    assert Book(restored).ledger() == lived.ledger()
    kept.dispose()
    restored.dispose()


@of_rules()
def test_books_that_are_served_are_not_put_aside(lived: Book, tmp_path: Path, elsewhere: str) -> None:
    copy, place = backed_up(lived, tmp_path), tmp_path / "restored.sqlite"
    server = open_engine(elsewhere, key=HOST_KEY)
    migrate(server)
    with server.connect():
        """It keeps the connection, and does nothing with it."""
    mark_served(server)
    before = place.stat().st_ino
    with pytest.raises(Refusal, match="books_are_served"):
        restore(copy, elsewhere, Unlock(), HOST, by="admin", now=NOW, replace=True)
    assert is_served(place)
    assert place.stat().st_ino == before
    server.dispose()  # killed: the mark stays, and nobody has the file open
    assert is_served(place)
    assert restore(copy, elsewhere, Unlock(), HOST, by="admin", now=NOW, replace=True)[1] is not None


def test_a_backup_waits_for_who_imports(lived: Book, tmp_path: Path) -> None:
    """What was made whole waits to be told of in the log, where others are refused."""
    writers: WritersTurn = lived.engine.get_execution_options()[TURN]
    impatient = lived.engine.execution_options(**{TURN: writers._replace(seconds=0)})
    with ThreadPoolExecutor(1) as threads:
        with writing(lived.engine):
            made = threads.submit(back_up, impatient, tmp_path / "copy", Lock(), by="admin", now=NOW)
            while not writers.turn.waiting:
                assert not made.done()
        made.result()
    assert (tmp_path / "copy").exists()


@of_rules()
def test_a_series_keeps_the_newest_and_other_files(lived: Book, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    times = [NOW + LATER_BY * hour for hour in range(3)]
    for now in times:
        back_up(lived.engine, tmp_path / name_of_backup(now), Lock(), by="admin", now=now)
    gone = keep_newest(tmp_path, 2)
    assert [each.name for each in gone] == [name_of_backup(times[0])]
    assert sorted(each.name for each in tmp_path.glob(f"*{SUFFIX}")) == [name_of_backup(now) for now in times[1:]]
    assert (tmp_path / "letter.txt").exists()
    with pytest.raises(Refusal, match="file_is_there"):
        back_up(lived.engine, tmp_path / name_of_backup(times[1]), Lock(), by="admin", now=NOW)
    with reading(lived.engine) as session:
        assert last_backup(session) == times[2]


def test_what_a_killed_backup_left_goes_a_day_later(tmp_path: Path) -> None:
    killed, running = tmp_path / ".donations-backup-killed", tmp_path / ".donations-backup-running"
    for each in (killed, running):
        each.mkdir()
        (each / "books").touch()
    os.utime(killed, (0, 0))
    drop_half_done(tmp_path)
    assert list(tmp_path.iterdir()) == [running]
