"""What is only tried is tried on a private copy: nobody waits for it, and nothing of it can stay (docs/adr/0037).

SQLite copies its file; on PostgreSQL a table is copied when the preview is about to change it, for most change few.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text

from donations.store.patience import be_patient
from donations.store.plans import plans
from donations.store.tables import metadata
from donations.store.tables.sealed import HoldsCiphers, hold_ciphers
from donations.store.turn import Turn

Aside = Callable[[Engine], AbstractContextManager[Connection]]
"""Opens a connection for a preview: to the books as they are, and what is written there is never theirs."""

_AT_ONCE, _WAITING_MAX = 2, 8
_SECONDS = 60
"""How long a preview waits for other ones; each has its own copy."""
HIDDEN = "donations_hidden"
"""The execution option of a preview's connection to PostgreSQL that holds its `HiddenTables`."""
_COPY = """
DO $$ DECLARE books text := current_schema(); each record; copied bigint; BEGIN
    EXECUTE format('CREATE TEMPORARY TABLE %1$I (LIKE %2$I.%1$I INCLUDING DEFAULTS)', '{name}', books);
    EXECUTE format('INSERT INTO pg_temp.%1$I TABLE %2$I.%1$I', '{name}', books);
    GET DIAGNOSTICS copied = ROW_COUNT;
    FOR each IN SELECT indexdef AS made FROM pg_indexes WHERE schemaname = books AND tablename = '{name}' LOOP
        EXECUTE replace(each.made, format(' ON %I.', books), ' ON pg_temp.');
    END LOOP;
    IF copied > 1000 THEN EXECUTE format('ANALYZE pg_temp.%I', '{name}'); END IF;
END $$"""
"""A temporary table hides that of the books. Indexes come last: made at once they take half the time. A large table is
counted, or queries over it are planned as over an empty one."""
_CHANGED = re.compile(r'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE)


def aside_of(engine: Engine, keys: HoldsCiphers, *, statements_max: int) -> Aside | None:
    """Return what opens copies with the same keys, and so many statements kept.

    None for books in memory, which are one's own anyway.
    """
    if engine.dialect.name == "postgresql":
        return _opens(_beside_books)
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
    return _opens(lambda books: copies.connect().execution_options(**books.get_execution_options()))


def _opens(connect: Callable[[Engine], AbstractContextManager[Connection]]) -> Aside:
    turn = Turn(_AT_ONCE, waiting_max=_WAITING_MAX)

    @contextmanager
    def opened(books: Engine) -> Iterator[Connection]:
        with turn.taken(seconds=_SECONDS), connect(books) as connection:
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


@dataclass(frozen=True, slots=True)
class HiddenTables:
    """The tables of PostgreSQL's books that a preview sees copies of, for it changes them."""

    connection: Connection
    names: set[str] = field(default_factory=set)

    def hide(self, name: str) -> None:
        """Let the connection have a copy of its own of a table, from now on."""
        if name in metadata.tables and name not in self.names:
            self.names.add(name)
            self.connection.execute(text(_COPY.format(name=name)))

    def look(self, _connection: Connection, _cursor: Any, said: str, *_: Any) -> None:
        """Hide what a statement is about to change."""
        for changed in _CHANGED.findall(said):
            self.hide(changed)


@contextmanager
def _beside_books(books: Engine) -> Iterator[Connection]:
    """Open a transaction that sees one state of PostgreSQL's books, and is never committed."""
    with books.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        hidden = HiddenTables(connection)
        event.listen(connection, "before_cursor_execute", hidden.look)
        connection.execution_options(**{HIDDEN: hidden})
        with plans(connection, are_kept=False):  # one of before may be for the table that is hidden
            be_patient(connection)
            yield connection
