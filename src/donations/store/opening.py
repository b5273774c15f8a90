"""Opens the books' database: SQLite as embedded default, PostgreSQL beside it, each with what is watched in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from donations.store.log.audit import note_seen
from donations.store.log.witness import SEEN, SeenActs, watch
from donations.store.place import driver_url
from donations.store.session import WATCHES, TransactionWatch
from donations.store.texts import hold_texts

BUSY_MILLISECONDS = 10_000
_WATCHES = (TransactionWatch(SEEN, SeenActs, note_seen),)


def open_engine(url: str) -> Engine:
    """Open the database."""
    engine = create_engine(driver_url(url), hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    watch(engine)
    hold_texts(engine)
    engine.update_execution_options(**{WATCHES: _WATCHES})
    return engine


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
