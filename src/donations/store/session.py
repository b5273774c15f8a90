"""Sessions: reading and writing are different types, one writes at a time, and the writer takes row ids in runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any, NamedTuple, NewType, TypeVar

from sqlalchemy import Connection, Engine, Table, func, text
from sqlmodel import Session, SQLModel, select

from donations.store.aside import HIDDEN, Aside, HiddenTables
from donations.store.patience import IS_PATIENT, be_patient
from donations.store.plans import plans
from donations.store.tables.sealed import ciphers_at
from donations.store.turn import Turn

ReadSession = NewType("ReadSession", Session)
WriteSession = NewType("WriteSession", Session)
"""Holds the one lock for writing; what can read can be given either (`as_reader`)."""

Item = TypeVar("Item")
_LATER, _FOUND = "donations_later", "donations_found"

WRITES = "donations_writing"
"""The execution option of a connection that writes: for how many seconds SQLite waits for another program's turn."""
TURN = "donations_turn"
"""The execution option of an engine that holds the writers' `Turn` in this program, and how long one waits for it."""
ASIDE = "donations_aside"
"""The execution option of an engine that opens copies for what is only tried; None where they are one's own anyway."""

WATCHES = "donations_watches"
"""The execution option of an engine that holds its watches, in the order in which they finish."""
_LOCK = text(f"SELECT pg_advisory_xact_lock({0x446F6E61})")
"""PostgreSQL's advisory lock: writers take turns there as they do on SQLite (docs/adr/0003)."""
_WAIT = text("SELECT set_config('lock_timeout', :milliseconds, true)")


class WritersTurn(NamedTuple):
    """How writers of one program take turns."""

    turn: Turn
    seconds: float
    """How long one waits."""


class TransactionWatch(NamedTuple):
    """What an engine notices of each writing transaction, and what is done with it before the commit."""

    option: str
    """The execution option under which a connection holds what is noticed; absent in a preview."""
    begin: Callable[[], Any]
    finish: Callable[[Session, Any], None]


@contextmanager
def reading(engine: Engine, *, keeps_plans: bool = False) -> Iterator[ReadSession]:
    """Open a transaction that only reads; it sees one state of the database throughout.

    Rows stay as they were read when the session is closed: whoever holds one may go on reading it. `keeps_plans` is for
    questions about one thing, which PostgreSQL is to plan once a connection, whichever thing it is: to order ten joined
    tables takes it longer than to read them. How much of a year is asked for changes a plan; such are made anew.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    options = {} if is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with (
        engine.connect().execution_options(**options) as connection,
        Session(bind=connection) as session,
        plans(connection, are_kept=keeps_plans),
    ):
        if IS_PATIENT in engine.get_execution_options():
            be_patient(connection)
        ciphers_at(engine.dialect).learn(connection)
        session.info[_FOUND] = {}
        yield ReadSession(session)
        if not is_sqlite and not connection.invalidated:
            connection.commit()  # of nothing: a rollback would have all plans forgotten


def once(session: ReadSession, find: Callable[[ReadSession], Item]) -> Item:
    """Return what is found, looked for once in a session that only reads, for it sees one state of the books."""
    found: dict[Callable[[ReadSession], Item], Item] | None = session.info.get(_FOUND)
    if found is None:
        return find(session)
    if find not in found:
        found[find] = find(session)
    return found[find]


def bytes_kept(session: ReadSession) -> int:
    """Return how large the database is, in bytes."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    size = (
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        if is_sqlite
        else "SELECT pg_database_size(current_database())"
    )
    found: int = session.execute(text(size)).scalar_one()
    return found


@contextmanager
def writing(engine: Engine, *, keep: bool = True, seconds: float | None = None) -> Iterator[WriteSession]:
    """Open the one writing transaction: committed at the end, rolled back on any exception.

    With `keep` False it is a preview: it writes to a copy, which is thrown away. What the engine's watches noticed is
    written in the same transaction. Rows stay as they are at the end, as with `reading`.

    Others are waited for so many seconds, or as the engine was opened; after them raises `Refusal`: `busy`, or
    `sqlalchemy.exc.OperationalError` where another program writes.
    """
    options = engine.get_execution_options()
    if not keep:
        with (
            _aside(engine) as connection,
            Session(bind=connection) as session,
            ciphers_at(connection.dialect).writers(connection),
        ):
            yield WriteSession(session)
        return
    watches: tuple[TransactionWatch, ...] = options[WATCHES]
    noticed = {watch.option: watch.begin() for watch in watches}
    writers: WritersTurn = options[TURN]
    with (
        writers.turn.taken(seconds=writers.seconds if seconds is None else seconds) as left,
        engine.connect().execution_options(**{WRITES: left}, **noticed) as connection,
        Session(bind=connection, expire_on_commit=False) as session,
    ):
        if engine.dialect.name == "postgresql":
            be_patient(session.connection())  # begun by the session, or it would not be committed by it
            session.execute(_WAIT, {"milliseconds": str(max(1, round(left * 1000)))})
            session.execute(_LOCK)
        else:
            session.connection()
        with ciphers_at(engine.dialect).writers(connection):
            yield WriteSession(session)
            do_what_waits(WriteSession(session))
            for watch in watches:
                watch.finish(session, noticed[watch.option])
            session.commit()


def writers_so_far(engine: Engine) -> int:
    """Return how many writing transactions of this program are over: another number once it changed anything."""
    writers: WritersTurn = engine.get_execution_options()[TURN]
    return writers.turn.over


def _aside(engine: Engine) -> AbstractContextManager[Connection]:
    opened: Aside | None = engine.get_execution_options()[ASIDE]
    return engine.connect() if opened is None else opened(engine)


def do_what_waits(session: WriteSession) -> None:
    """Do now what `before_commit` put off: for the end of the transaction, and for checks inside it."""
    for work, items in session.info.pop(_LATER, {}).items():
        work(session, items)


def do_now(session: ReadSession, work: Callable[[WriteSession, set[Item]], None]) -> None:
    """Do what `before_commit` put off of this work, for somebody is about to read what it makes."""
    items = session.info.get(_LATER, {}).pop(work, None)
    if items:
        work(WriteSession(session), items)


def before_commit(
    session: WriteSession, work: Callable[[WriteSession, set[Item]], None], items: Iterable[Item]
) -> None:
    """Let work be done once at the end of the transaction, on all that was named in it; a preview does without.

    For projections only, which nothing in the same transaction reads, or only after `do_now`.
    """
    session.info.setdefault(_LATER, defaultdict(set))[work].update(items)


def as_reader(session: WriteSession) -> ReadSession:
    """Return the writing session for queries: inside its transaction it reads what it wrote."""
    return ReadSession(session)


_MANY = 5_000


def count_anew(session: WriteSession, lines: int) -> None:
    """Let PostgreSQL count what so many lines brought, where they are many."""
    if lines >= _MANY:
        count_tables(session.connection())


def count_tables(connection: Connection) -> None:
    """Let PostgreSQL count its rows: it plans queries by what it counted last, and by itself it counts a minute later.

    SQLite counts nothing, and its plans do not depend on it.
    """
    hidden: HiddenTables | None = connection.get_execution_options().get(HIDDEN)
    names = SQLModel.metadata.tables if hidden is None else hidden.names  # who tries something locks nothing
    if connection.dialect.name == "postgresql" and names:
        connection.execute(text(f"ANALYZE {', '.join(names)}"))


_RUN = 2_000
ID_MAX = 2**31 - 1
"""What PostgreSQL keeps in an INTEGER: no row has a higher number."""


def next_ids(session: WriteSession, table: type[SQLModel]) -> Iterator[int]:
    """Count on from the highest id; right because only one transaction writes at a time."""
    highest: int | None = session.scalar(select(func.max(table_of(table).c.id)))
    return count((highest or 0) + 1)


def table_of(row: type[SQLModel]) -> Table:
    """Return the table behind a row class, for statements on plain values."""
    table: Table = SQLModel.metadata.tables[str(row.__tablename__)]
    return table


def in_runs(values: list[Any], *, size: int = _RUN) -> Iterator[list[Any]]:
    """Cut a long list for `IN (...)`: databases limit how many values one statement binds (SQLite 32,766)."""
    for at in range(0, len(values), size):
        yield values[at : at + size]
