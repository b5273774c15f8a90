"""Several programs at sealed books while their keys change: nothing is lost, and nothing kept under other keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pyrage
import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.pool import Pool
from sqlmodel import col, select
from tests import engines
from tests.book import JAAN, MARI, NOW, Book, gift, statement
from tests.conftest import HOST_KEY, FreshEngine

from donations.acts import backing_up
from donations.acts.backing_up import Lock, Unlock, back_up, restore
from donations.acts.rekeying import rotate, seal_books, unseal_books
from donations.core.refusal import Refusal
from donations.store import opening
from donations.store.data_keys import keep_keys, new_keys, unwrapped
from donations.store.host_key import KEY, HostKey, host_key_at, write_word
from donations.store.opening import open_engine
from donations.store.personal_data import sweep
from donations.store.resealing import reseal
from donations.store.session import WATCHES, ReadSession, WriteSession, reading, writing
from donations.store.tables import DonorRow, PayerRow, SourceDocumentRow
from donations.store.tables.sealed import SealedKind


def own(monkeypatch: pytest.MonkeyPatch, fresh: FreshEngine) -> Iterator[Engine]:
    """Open books as programs do, each with a dialect of its own: engines of other tests share one, and so its keys."""
    with fresh() as shared:
        monkeypatch.setattr(Engine, "__init__", engines._make)
        with elsewhere(shared) as engine:
            yield engine


@pytest.fixture
def engine(fresh_sqlite: FreshEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    yield from own(monkeypatch, fresh_sqlite)


@pytest.fixture
def either(fresh_engine: FreshEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """On both databases, where snapshots and copies differ."""
    yield from own(monkeypatch, fresh_engine)


WORDS = "neli sõna ja koer"
OTHER_WORD = "another word that is as long as a key is"
Act = Callable[[WriteSession], object]


def anew(session: WriteSession) -> None:
    reseal(session, new_keys(), HOST_KEY)


def sealing(session: WriteSession) -> None:
    seal_books(session, by="admin", now=NOW)


def unsealing(session: WriteSession) -> None:
    unseal_books(session, by="admin", now=NOW)


@contextmanager
def elsewhere(engine: Engine, key: str | HostKey = HOST_KEY) -> Iterator[Engine]:
    """Open the same books as another program does."""
    other = open_engine(engine.url.render_as_string(hide_password=False), key=key)
    try:
        yield other
    finally:
        other.dispose()


def change_keys(engine: Engine, act: Act) -> None:
    """Let another program change what the books are sealed with."""
    with elsewhere(engine) as other, writing(other.execution_options(**{WATCHES: ()})) as session:
        act(session)


def names(session: ReadSession) -> set[str]:
    return set(session.scalars(select(col(PayerRow.name))).all())


def lived(engine: Engine) -> Book:
    book = Book(engine)
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), opening=0))
    return book


LATER = statement("04-01", "04-30", gift("04-05", 500, "Jaan Tamm", JAAN), opening=1_000)


def read_elsewhere(engine: Engine) -> set[str]:
    with elsewhere(engine) as other, reading(other) as session:
        return names(session)


@pytest.mark.parametrize("acts", [(anew,), (unsealing,), (unsealing, sealing), (unsealing, anew)])
def test_a_server_follows_whatever_another_program_does_to_the_keys(engine: Engine, acts: tuple[Act, ...]) -> None:
    book = lived(engine)
    before = book.ledger()
    for act in acts:
        change_keys(engine, act)
        assert book.ledger() == before
    book.take(LATER, name="later.xml")
    assert read_elsewhere(engine) == {"Mari Mets", "Jaan Tamm"}
    assert not book.broken()


@contextmanager
def just_after(what: str, then: Callable[[], object]) -> Iterator[None]:
    """Do something once when a statement with these words is over, whichever connection it was of."""
    waits = [then]

    def look(_connection: Connection, _cursor: Any, said: str, *_: Any) -> None:
        if waits and what in said:
            waits.pop()()

    event.listen(Engine, "after_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(Engine, "after_cursor_execute", look)
    assert not waits, "it came to that"


def begins_to_read(engine: Engine) -> AbstractContextManager[Any]:
    return reading(engine)


def begins_a_preview(engine: Engine) -> AbstractContextManager[Any]:
    return writing(engine, keep=False)


@pytest.mark.parametrize(
    ("begins", "act"), [(begins_to_read, anew), (begins_a_preview, unsealing), (begins_a_preview, sealing)]
)
def test_who_still_sees_the_books_of_before_gives_no_writer_their_keys(
    either: Engine, begins: Callable[[Engine], AbstractContextManager[Any]], act: Act
) -> None:
    """A reader saw the keys of before, others were made, a writer learned these: the reader's are not the writer's."""
    engine = either
    lived(engine)
    if act is sealing:
        change_keys(engine, unsealing)
        with reading(engine):
            pass
    with ExitStack() as open_:
        writer: list[WriteSession] = []

        def meanwhile() -> None:
            change_keys(engine, act)
            writer.append(open_.enter_context(writing(engine)))

        with just_after("FROM data_key ORDER BY", meanwhile), begins(engine):
            pass
        add_donor(writer[0])
    with elsewhere(engine) as other, reading(other) as session:
        assert session.scalars(select(col(DonorRow.name)).where(col(DonorRow.id) == 50)).one() == "Uus Annetaja"


def test_who_reads_while_keys_change_reads_on(engine: Engine) -> None:
    lived(engine)
    with reading(engine) as session:
        assert names(session) == {"Mari Mets"}
        change_keys(engine, anew)
        with reading(engine) as later:
            assert names(later) == {"Mari Mets"}
        session.expire_all()
        assert names(session) == {"Mari Mets"}


def kept_keys(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT kind, wrapped, mark FROM data_key ORDER BY kind")).all())


def add_donor(session: WriteSession) -> None:
    session.add(DonorRow(id=50, name="Uus Annetaja", name_key="uus annetaja", said_name="Uus Annetaja"))
    session.flush()


def rotating(session: WriteSession) -> None:
    rotate(session, host_key_at(session.connection()), old_file=None, by="admin", now=NOW)


@pytest.mark.parametrize("word", [OTHER_WORD, ""])
def test_a_wrong_or_missing_key_lets_nobody_in_and_invents_none(engine: Engine, tmp_path: Path, word: str) -> None:
    lived(engine)
    before = kept_keys(engine)
    with elsewhere(engine, HostKey(word, tmp_path / "none.key")) as stranger:
        with pytest.raises(Refusal, match=r"wrong_key|no_key"), reading(stranger) as session:
            names(session)
        for change in (add_donor, anew_as_found, unsealing, rotating):
            with pytest.raises(Refusal, match=r"wrong_key|no_key"), writing(stranger) as writer:
                change(writer)
    assert kept_keys(engine) == before
    assert list(tmp_path.iterdir()) == []
    assert read_elsewhere(engine) == {"Mari Mets"}


def anew_as_found(session: WriteSession) -> None:
    reseal(session, new_keys(), OTHER_WORD)


def wrapped_by_a_third_key(engine: Engine, old: Path) -> Engine:
    """Let the old key be the books' by its check value, and open no data key; return the books on a new host."""
    write_word(old, HOST_KEY)
    with writing(engine) as session:
        keys = unwrapped(session.connection(), HOST_KEY)
        assert keys
        keep_keys(session.connection(), keys, OTHER_WORD[::-1])
    return engine.execution_options(**{KEY: HostKey(OTHER_WORD)})


def test_rotation_with_an_old_key_that_opens_no_data_key_drops_none(engine: Engine, tmp_path: Path) -> None:
    """The check value of the key says yes and the data keys say no: nobody may drop what seals everything."""
    lived(engine)
    new = wrapped_by_a_third_key(engine, tmp_path / "old.key")
    with pytest.raises(Refusal), writing(new) as session:
        rotate(session, host_key_at(new), old_file=tmp_path / "old.key", by="admin", now=NOW)
    assert len(kept_keys(engine)) == len(SealedKind)


def test_kinds_do_not_open_each_others_values(engine: Engine) -> None:
    lived(engine)
    pairs = [
        ("UPDATE payer SET name = account", PayerRow.name),
        ("UPDATE payer SET account = name", PayerRow.account),
        ("UPDATE donor SET name = (SELECT text FROM wording LIMIT 1) WHERE id > 1", DonorRow.name),
        ("UPDATE payer SET name = digest", PayerRow.name),
    ]
    for said, column in pairs:
        with writing(engine) as session:
            session.execute(text(said))
            with pytest.raises(Refusal, match="broken_seal"):
                session.scalars(select(col(column)).where(col(column) != "")).all()
            session.rollback()


def test_no_key_stays_in_the_file_of_restored_books(engine: Engine, tmp_path: Path) -> None:
    """An encrypted backup brings the key along: it is for the file of the key, and for no free place of the books."""
    lived(engine)
    secret = pyrage.x25519.Identity.generate()
    back_up(engine, tmp_path / "backup", Lock(recipients=(str(secret.to_public()),)), by="admin", now=NOW)

    def forgets(connection: Any, _record: Any) -> None:
        if hasattr(connection, "create_function"):
            connection.execute("PRAGMA secure_delete=OFF")  # as SQLite is built by most others than Debian

    event.listen(Pool, "connect", forgets)
    try:
        host = HostKey("", tmp_path / "books.key")
        restore(
            tmp_path / "backup",
            f"sqlite:///{tmp_path / 'books.sqlite'}",
            Unlock(key=str(secret)),
            host,
            by="admin",
            now=NOW,
        )
    finally:
        event.remove(Pool, "connect", forgets)
    holding = {each.name for each in tmp_path.iterdir() if HOST_KEY.encode() in each.read_bytes()}
    assert holding == {"books.key"}


def test_a_server_forgets_what_it_counted_before_the_books_were_sealed(fresh_postgres: FreshEngine) -> None:
    """PostgreSQL keeps the most common values of each column beside the tables."""
    with fresh_postgres() as engine:
        lived(engine)
        change_keys(engine, unsealing)
        Book(engine).take(LATER, name="later.xml")
        with engine.begin() as connection:
            connection.execute(text("ANALYZE payer, donor, donor_claim, wording"))
        change_keys(engine, sealing)
        assert sweep(engine)
        counted = "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE schemaname = 'public'"
        with engine.connect() as connection:
            kept = " ".join(str(each) for row in connection.execute(text(counted)) for each in row)
    assert b"Mari Mets".hex() not in kept
    assert b"Jaan Tamm".hex() not in kept
    assert MARI.encode().hex() not in kept


def test_a_file_is_given_as_it_came_or_not_at_all(engine: Engine) -> None:
    """Whoever began to read before the keys changed: sealed bytes are no file of a bank."""
    lived(engine)
    with reading(engine) as session:
        (before,) = session.scalars(select(col(SourceDocumentRow.content))).all()
        change_keys(engine, anew)
        with reading(engine):
            pass
        try:
            found = session.scalars(select(col(SourceDocumentRow.content))).all()
        except Refusal:
            return
    assert found == [before]


def test_an_old_key_that_opens_no_data_key_is_refused_though_nothing_is_sealed_yet(
    engine: Engine, tmp_path: Path
) -> None:
    """As above, in books that nobody imported anything into: no text stops it that cannot be read any more."""
    new = wrapped_by_a_third_key(engine, tmp_path / "old.key")
    with suppress(Refusal), writing(new) as session:
        rotate(session, host_key_at(new), old_file=tmp_path / "old.key", by="admin", now=NOW)
    assert len(kept_keys(engine)) == len(SealedKind)


def test_what_a_killed_backup_leaves_opens_nothing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sealed rows and their key never lie in one place that is not encrypted, not even for the time of encrypting."""
    lived(engine)
    seen: list[bytes] = []

    def killed(plain: Path, *_: object, **__: object) -> None:
        seen.extend(each.read_bytes() for each in plain.parent.iterdir())
        raise KeyboardInterrupt

    monkeypatch.setattr(backing_up, "encrypt", killed)
    with pytest.raises(KeyboardInterrupt):
        back_up(engine, tmp_path / "backup", Lock(passphrase=WORDS), by="admin", now=NOW)
    assert seen
    assert not [each for each in seen if HOST_KEY.encode() in each]


def test_who_seals_books_while_somebody_reads_is_not_told_that_nothing_is_left(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite folds its log into the file only when nobody reads what was before: until then the file stands open."""
    monkeypatch.setattr(opening, "BUSY_MILLISECONDS", 20)
    lived(engine)
    change_keys(engine, unsealing)
    engine.dispose()
    file = Path(str(engine.url.database))
    assert b"Mari Mets" in file.read_bytes(), "the control"
    with elsewhere(engine) as reader, reading(reader) as session:
        assert names(session) == {"Mari Mets"}
        change_keys(engine, sealing)
        with elsewhere(engine) as other:
            is_swept = sweep(other)
            is_open = b"Mari Mets" in file.read_bytes()
    assert not (is_swept and is_open)
