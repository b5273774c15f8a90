"""The number of the books' state: another one after anything was changed, in any table, by any way, by anybody."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlmodel import col
from tests.store.older_books import empty_sqlite, make_tables

from donations.store.migrate import migrate
from donations.store.opening import open_engine
from donations.store.session import reading, writing
from donations.store.tables import AppealRow, metadata
from donations.store.tables.rules import PendingUploadRow
from donations.store.version import UNCOUNTED, books_version

ARGUED = frozenset().union(*UNCOUNTED.values())


def version(engine: Engine) -> int:
    with reading(engine) as session:
        return books_version(session)


def counted(engine: Engine) -> set[tuple[str, str]]:
    """Return the tables, each with the verbs that the database counts in it."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            wanted = "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%books_version%'"
            found = connection.execute(text(wanted)).all()
            return {(table, sql.partition(" AFTER ")[2].split()[0]) for table, sql in found}
        wanted = (
            "SELECT event_object_table, event_manipulation FROM information_schema.triggers"
            " WHERE action_statement LIKE '%count_change()' AND action_timing = 'AFTER'"
        )
        return {(table, verb) for table, verb in connection.execute(text(wanted))}


def test_every_table_counts_that_is_not_left_out_for_a_reason(engine: Engine) -> None:
    """A table that somebody adds counts without anybody thinking of it."""
    assert metadata.tables.keys() | {"alembic_version"} > ARGUED
    wanted = {(table, verb) for table in metadata.tables.keys() - ARGUED for verb in ("INSERT", "UPDATE", "DELETE")}
    assert counted(engine) == wanted


@pytest.mark.parametrize(
    "change",
    ["UPDATE appeal SET name = 'x'", "DELETE FROM keyword", "INSERT INTO appeal (id, name) VALUES (900, 'x')"],
)
def test_whoever_changes_it_by_whatever_program_counts(engine: Engine, change: str) -> None:
    """Another process with nothing of ours in it: a second program beside `serve`, or SQL that somebody typed."""
    before = version(engine)
    by_another_process(engine, change)
    assert version(engine) != before


def by_another_process(engine: Engine, change: str) -> None:
    """Let a process that knows nothing of this program change the books."""
    if engine.dialect.name == "sqlite":
        code = "import sqlite3, sys; books = sqlite3.connect(sys.argv[1]); books.execute(sys.argv[2]); books.commit()"
        place = engine.url.database
    else:
        code = "import psycopg, sys; books = psycopg.connect(sys.argv[1]); books.execute(sys.argv[2]); books.commit()"
        place = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    assert place is not None
    subprocess.run([sys.executable, "-c", code, place, change], check=True, env={**os.environ})


def test_what_is_flushed_only_at_the_end_counts(engine: Engine) -> None:
    before = version(engine)
    with writing(engine) as session:
        session.get_one(AppealRow, 1).name = "Kevad"
    assert version(engine) != before


def test_each_change_makes_another_number(engine: Engine) -> None:
    seen = {version(engine)}
    for name in ("a", "b", "c"):
        with writing(engine) as session:
            session.execute(text("UPDATE appeal SET name = :name"), {"name": name})
            session.execute(text("DELETE FROM keyword"))
        seen.add(version(engine))
    assert len(seen) == 4


def test_who_only_reads_tries_or_fails_changes_nothing(engine: Engine) -> None:
    before = version(engine)
    with writing(engine) as session:
        session.execute(select(col(PendingUploadRow.id))).all()
    with writing(engine, keep=False) as session:
        session.execute(text("UPDATE appeal SET name = 'x'"))
    assert version(engine) == before


@contextmanager
def opened(directory: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{directory / 'books.sqlite'}")
    yield engine
    engine.dispose()


def test_books_of_an_older_program_are_counted_once_they_are_migrated(tmp_path: Path) -> None:
    """And so is a table that a later migration adds."""
    with empty_sqlite(tmp_path) as engine:
        make_tables(engine, "0021")
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE later (id INTEGER PRIMARY KEY)"))
        migrate(engine)
        assert {table for table, _ in counted(engine)} == {*(metadata.tables.keys() - ARGUED), "later"}
