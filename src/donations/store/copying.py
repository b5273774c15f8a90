"""Whole books in one file of SQLite, from either database and into either, with a note of what they came to.

One reading transaction makes a copy: it is one state of the books, however many people work meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlmodel import col

from donations.ledger.audit import Head
from donations.store.as_kept import AS_KEPT
from donations.store.host_key import HostKey
from donations.store.migrate import migrate
from donations.store.opening import close_books, open_engine
from donations.store.place import driver_url
from donations.store.session import ReadSession, count_tables
from donations.store.tables import metadata
from donations.store.tables.audit import BooksVersionRow

_NOTE = Table(
    "backup_note",
    MetaData(),
    Column("made_at", DateTime),
    Column("version", String),
    Column("revision", String),
    Column("payments", BigInteger),
    Column("ledger", String),
    Column("log_entries", BigInteger),
    Column("log_digest", String),
    Column("key", String),
)
"""Beside the tables of the books, in a copy only."""
NOT_COPIED = frozenset({"job", "job_piece"})
"""What servers do just now is theirs, and what it made is sealed with their key and gone in an hour."""
_ROWS_AT_ONCE = 2_000
_FILES_AT_ONCE = 10
"""Each may be as large as an upload."""
_CLOSING_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupNote:
    """What a copy of the books says of them."""

    made_at: datetime
    version: str
    """Of the program that made it."""
    revision: str
    """Of the tables."""
    payments: int
    ledger: str
    """SHA-256 of the canonical ledger, in hexadecimal."""
    log_entries: int
    """Number of the newest entry of the audit log."""
    log_digest: str
    key: str = field(default="", repr=False)
    """That of the books, encrypted by itself, in a copy that is encrypted as a whole; empty in any other."""

    @property
    def head(self) -> Head:
        """The newest entry of the audit log; the empty head of an empty log."""
        return Head(self.log_entries, self.log_digest)


def write_copy(session: ReadSession, file: Path, note: BackupNote) -> None:
    """Write the books that a session reads into a new file, sealed as they are, which nobody else may read."""
    file.touch(mode=0o600, exist_ok=False)
    fresh = open_engine(f"sqlite:///{file}", seals=False)  # the keys come with the rows
    migrate(fresh)
    close_books(fresh, seconds=_CLOSING_SECONDS)
    copy = create_engine(f"sqlite:///{file}")
    with copy.begin() as connection:
        _fill(session.connection(), connection)
        _NOTE.create(connection)
        connection.execute(insert(_NOTE), [asdict(note) | {"made_at": note.made_at.astimezone(UTC)}])
    copy.dispose()


def note_in(file: Path) -> BackupNote | None:
    """Return what a copy says of itself; None where the file is none. Raises `sqlalchemy.exc.DatabaseError`."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        row = None
        if inspect(connection).has_table(_NOTE.name):
            there = {each["name"] for each in inspect(connection).get_columns(_NOTE.name)}  # older ones have no key
            row = connection.execute(select(*(each for each in _NOTE.c if each.name in there))).mappings().one_or_none()
    engine.dispose()
    return None if row is None else BackupNote(**{**row, "made_at": row["made_at"].replace(tzinfo=UTC)})


def is_sound(file: Path) -> bool:
    """Whether SQLite finds its own file whole. Raises `sqlalchemy.exc.DatabaseError` where it is no database."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        found: str = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
    engine.dispose()
    return found == "ok"


def bring_in(file: Path, url: str) -> None:
    """Write the rows of a copy, whose tables are those of today, into books that nobody has used yet."""
    copy, place = create_engine(f"sqlite:///{file}"), create_engine(driver_url(url), hide_parameters=True)
    with copy.connect() as source, place.begin() as target:
        _fill(source, target)
        count_tables(target)
    copy.dispose()
    place.dispose()


def make_books(file: Path, host: HostKey) -> None:
    """Let a copy be books: of the newest tables, and without its note. Raises `Refusal`, as `migrate`."""
    engine = open_engine(f"sqlite:///{file}", key=host)
    with engine.begin() as connection:
        _NOTE.drop(connection, checkfirst=True)
    migrate(engine)
    close_books(engine, seconds=_CLOSING_SECONDS)


def _fill(source: Connection, target: Connection) -> None:
    """Let each table have the rows that it has there; nothing watches, and what refers to what is proven at the end."""
    with _unguarded(target):
        for table in reversed(AS_KEPT.values()):
            target.execute(delete(table))
        for table in AS_KEPT.values():
            for rows in () if table.name in NOT_COPIED else _rows(source, table):
                target.execute(insert(table), rows)
            _count_on(target, table)
        # Whoever saw something of these books before has to look again.
        target.execute(update(BooksVersionRow).values(number=col(BooksVersionRow.number) + 1))


def _rows(source: Connection, table: Table) -> Iterator[Sequence[dict[str, Any]]]:
    size = _FILES_AT_ONCE if "content" in table.columns else _ROWS_AT_ONCE
    with source.execute(select(table), execution_options={"yield_per": size}) as found:
        for rows in found.mappings().partitions():
            yield [dict(row) for row in rows]


def _count_on(target: Connection, table: Table) -> None:
    if target.dialect.name == "postgresql" and "id" in table.columns:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        highest = select(func.max(table.c.id)).scalar_subquery()
        target.execute(select(func.setval(sequence, highest)).where(sequence.is_not(None), highest.is_not(None)))


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """Take triggers and references away for a while, in the same transaction."""
    guards = _guards_of_sqlite if connection.dialect.name == "sqlite" else _guards_of_postgres
    with guards(connection):
        yield


@contextmanager
def _guards_of_sqlite(connection: Connection) -> Iterator[None]:
    """SQLite checks references only where it is asked to, which a plain connection does not."""
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in found:
        connection.execute(text(f'DROP TRIGGER "{name}"'))
    yield
    for _, sql in found:
        connection.exec_driver_sql(sql)
    if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise ValueError("rows refer to rows that are not there")


@contextmanager
def _guards_of_postgres(connection: Connection) -> Iterator[None]:
    references = connection.execute(
        text(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for table, name, _ in references:
        connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'))
    for each in metadata.sorted_tables:
        connection.execute(text(f'ALTER TABLE "{each.name}" DISABLE TRIGGER USER'))
    yield
    for each in metadata.sorted_tables:
        connection.execute(text(f'ALTER TABLE "{each.name}" ENABLE TRIGGER USER'))
    for table, name, definition in references:
        connection.execute(text(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'))
