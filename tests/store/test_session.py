"""What leaves a session: rows stay readable, whether they were only read, kept or rolled back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select
from tests.book import Book, gift, statement
from tests.conftest import FreshEngine

from donations.store.opening import open_engine
from donations.store.session import reading, writing
from donations.store.tables import AppealRow

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}
"""2 is FULL."""


def test_a_row_that_was_read_can_be_read_on(engine: Engine) -> None:
    with reading(engine) as session:
        rows = list(session.exec(select(AppealRow)))
    assert [row.name for row in rows] == ["General"]


@pytest.mark.parametrize("keep", [True, False])
def test_a_row_that_was_written_says_what_was_written(engine: Engine, *, keep: bool) -> None:
    with writing(engine, keep=keep) as session:
        row = session.exec(select(AppealRow)).one()
        row.name = "Kevad"
        session.flush()
    assert row.name == "Kevad"
    with reading(engine) as session:
        assert session.exec(select(AppealRow)).one().name == ("Kevad" if keep else "General")


def test_what_fails_leaves_nothing(engine: Engine) -> None:
    def fail_on_the_way() -> None:
        with writing(engine) as session:
            session.exec(select(AppealRow)).one().name = "Kevad"
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail_on_the_way()
    with reading(engine) as session:
        assert session.exec(select(AppealRow)).one().name == "General"


def test_a_commit_waits_for_the_disk_and_keys_hold(tmp_path: Path) -> None:
    """What was acknowledged is there after a power cut; tests themselves do not wait (tests/conftest.py)."""
    engine = open_engine(f"sqlite:///{tmp_path / 'books.sqlite'}")
    with engine.connect() as connection:
        said = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in PRAGMAS]
    engine.dispose()
    assert dict(zip(PRAGMAS, said, strict=True)) == PRAGMAS


def test_a_server_counts_many_lines_at_once(fresh_postgres: FreshEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    with fresh_postgres() as engine:
        with writing(engine) as session:
            session.execute(text("ANALYZE statement_line"))
        found = []
        for many, day in ((3, "03-05"), (2, "04-05")):
            monkeypatch.setattr("donations.store.session._MANY", many)
            Book(engine).take(statement(day, day, gift(day, 1_000), gift(day, 500), opening=0))
            with reading(engine) as session:
                counted = "SELECT reltuples FROM pg_class WHERE oid = 'public.statement_line'::regclass"
                found.append(session.execute(text(counted)).scalar_one())
    assert found == [0, 4]
