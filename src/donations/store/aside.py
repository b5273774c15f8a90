"""What is only tried is tried on a private copy: nobody waits for it, and nothing of it can stay (docs/adr/0037)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text

from donations.store.patience import be_patient
from donations.store.tables.sealed import HoldsCiphers, hold_ciphers
from donations.store.turn import Turn

Aside = Callable[[Engine], AbstractContextManager[Connection]]
"""Opens a connection for a preview: to the books as they are, and what is written there is never theirs."""

_AT_ONCE, _WAITING_MAX = 2, 8
_SECONDS = 60
"""How long a preview waits for other ones; each has its own copy."""
_COPY = """
DO $$ DECLARE books text := current_schema(); each record; copied bigint; BEGIN
    FOR each IN SELECT tablename AS name FROM pg_tables WHERE schemaname = books LOOP
        EXECUTE format('CREATE TEMPORARY TABLE %1$I (LIKE %2$I.%1$I INCLUDING DEFAULTS)', each.name, books);
        EXECUTE format('INSERT INTO pg_temp.%1$I TABLE %2$I.%1$I', each.name, books);
        GET DIAGNOSTICS copied = ROW_COUNT;
        IF copied > 1000 THEN EXECUTE format('ANALYZE pg_temp.%I', each.name); END IF;
    END LOOP;
    FOR each IN SELECT indexdef AS made FROM pg_indexes WHERE schemaname = books LOOP
        EXECUTE replace(each.made, format(' ON %I.', books), ' ON pg_temp.');
    END LOOP;
END $$"""
"""Temporary tables hide those of the books. Indexes come last: made at once they take half the time. Large tables are
counted, or queries over them are planned as over empty ones."""


def aside_of(engine: Engine, keys: HoldsCiphers, *, statements_max: int) -> Aside | None:
    """Return what opens copies with the same keys, and so many statements kept.

    None for books in memory, which are one's own anyway.
    """
    if engine.dialect.name == "postgresql":
        return _opens(lambda books: books.connect().execution_options(isolation_level="REPEATABLE READ"), _hide_books)
    if not engine.url.database:
        return None
    copies = create_engine(
        "sqlite://",
        creator=_copies(engine.url.database),
        poolclass=NullPool,
        hide_parameters=True,
        query_cache_size=statements_max,
    )
    hold_ciphers(copies, keys)
    event.listen(copies, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return _opens(lambda books: copies.connect().execution_options(**books.get_execution_options()), None)


def _opens(connect: Callable[[Engine], Connection], prepare: Callable[[Connection], None] | None) -> Aside:
    turn = Turn(_AT_ONCE, waiting_max=_WAITING_MAX)

    @contextmanager
    def opened(books: Engine) -> Iterator[Connection]:
        with turn.taken(seconds=_SECONDS), connect(books) as connection:
            if prepare is not None:
                prepare(connection)
            yield connection

    return opened


def _copies(file: str) -> Callable[[], sqlite3.Connection]:
    """Return what copies a file, as it is committed now, into a nameless file of SQLite that ends with its connection.

    It lies in memory up to the size of the cache, and beyond it where SQLite keeps temporary files.
    """

    def copied() -> sqlite3.Connection:
        copy = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for pragma in ("cache_size=-65536", "journal_mode=MEMORY", "synchronous=OFF", "foreign_keys=ON"):
            copy.execute(f"PRAGMA {pragma}")
        with closing(sqlite3.connect(file)) as books:
            books.backup(copy)
        return copy

    return copied


def _hide_books(connection: Connection) -> None:
    be_patient(connection)
    connection.execute(text(_COPY))
    connection.execute(text("SET TRANSACTION READ ONLY"))  # temporary tables apart: the books cannot be written to
