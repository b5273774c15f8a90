"""Engines and sessions: SQLite as embedded default, PostgreSQL beside it; reading and writing are different types."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any, NewType, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlmodel import Session

from donations.store.log.audit import note_seen
from donations.store.log.witness import SEEN, Seen, watch
from donations.store.texts import hold_texts
from donations.store.version import CHANGED, Changed, count_change, see_changes

ReadSession = NewType("ReadSession", Session)
WriteSession = NewType("WriteSession", Session)
"""Holds the one lock for writing; what can read can be given either (`as_reader`)."""

Item = TypeVar("Item")
_LATER = "donations_later"

BUSY_MILLISECONDS = 10_000
_WRITERS_LOCK = 0x446F6E61
"""Key of PostgreSQL's advisory lock: writers take turns there as they do on SQLite (docs/adr/0003)."""


def open_engine(url: str) -> Engine:
    """Open the database."""
    engine = create_engine(driver_url(url), hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    watch(engine)
    see_changes(engine)
    hold_texts(engine)
    return engine


def driver_url(url: str) -> str:
    """Return a place with its driver: `postgres://` of hosting services is PostgreSQL through psycopg 3."""
    if url.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + url.partition("://")[2]
    return url


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # The driver opens transactions too late: updates were lost in silence.
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writing_now = connection.get_execution_options().get("donations_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing_now else "BEGIN")


def close_books(engine: Engine, *, seconds: float) -> bool:
    """Close what is open, so that SQLite's books are whole in their one file; False where somebody is still in them.

    SQLite writes into a log beside the file first, and folds it in when the last connection closes; a program that
    just ends leaves it there. So long others are waited for.
    """
    engine.dispose()
    if engine.dialect.name != "sqlite":
        return True
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={round(seconds * 1000)}")
        is_busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    engine.dispose()
    return not is_busy


@contextmanager
def reading(engine: Engine) -> Iterator[ReadSession]:
    """Open a transaction that only reads; it sees one state of the database throughout.

    Rows stay as they were read when the session is closed, which rolls back: whoever holds one may go on reading it.
    """
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**options) as connection, Session(bind=connection) as session:
        yield ReadSession(session)


@contextmanager
def writing(engine: Engine, *, keep: bool = True) -> Iterator[WriteSession]:
    """Open the one writing transaction: committed at the end, rolled back on any exception.

    With `keep` False it is rolled back in any case: that is how a preview is made. What was done is written into the
    audit log in the same transaction. Rows stay as they are at the end, as with `reading`.
    """
    seen, changed = Seen(), Changed()
    options = {"donations_writing": True, SEEN: seen if keep else None, CHANGED: changed if keep else None}
    with (
        engine.connect().execution_options(**options) as connection,
        Session(bind=connection, expire_on_commit=False) as session,
    ):
        if engine.dialect.name == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS_LOCK})
        else:
            session.connection()
        yield WriteSession(session)
        if keep:
            do_what_waits(WriteSession(session))
            note_seen(session, seen)
            count_change(session, changed)
            session.commit()


def do_what_waits(session: WriteSession) -> None:
    """Do now what `before_commit` put off: for the end of the transaction, and for checks inside it."""
    for work, items in session.info.pop(_LATER, {}).items():
        work(session, items)


def before_commit(
    session: WriteSession, work: Callable[[WriteSession, set[Item]], None], items: Iterable[Item]
) -> None:
    """Let work be done once at the end of the transaction, on all that was named in it; a preview does without.

    For projections only, which nothing in the same transaction reads.
    """
    session.info.setdefault(_LATER, defaultdict(set))[work].update(items)


def as_reader(session: WriteSession) -> ReadSession:
    """Return the writing session for queries: inside its transaction it reads what it wrote."""
    return ReadSession(session)
