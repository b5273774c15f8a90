"""What leaves a session: rows stay readable, whether they were only read, kept or rolled back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select
from tests.book import NOW, Book, gift, statement
from tests.conftest import FreshEngine

from donations.acts.importing import admit
from donations.acts.reading_files import Terms
from donations.core.statement import GivenFile, Reading
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


def kept_plans(engine: Engine) -> list[str]:
    with reading(engine) as session:
        found = text("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%FROM appeal%'")
        return [*session.scalars(found)]


def test_a_server_keeps_the_plans_of_who_asks_for_that_and_only_those(fresh_postgres: FreshEngine) -> None:
    def name(*, keeps_plans: bool) -> str:
        with reading(engine, keeps_plans=keeps_plans) as session:
            return session.exec(select(AppealRow)).one().name

    with fresh_postgres() as engine:
        engine.dispose()
        assert {name(keeps_plans=False) for _ in range(9)} == {"General"}
        assert kept_plans(engine) == []
        assert name(keeps_plans=True) == "General"
        assert len(kept_plans(engine)) == 1
        with writing(engine) as session:
            session.exec(select(AppealRow)).one().name = "Kevad"
        assert name(keeps_plans=True) == "Kevad"
        assert len(kept_plans(engine)) == 1


def test_what_reads_cannot_write_to_a_server(fresh_postgres: FreshEngine) -> None:
    with fresh_postgres() as engine, reading(engine) as session, pytest.raises(DBAPIError, match="read-only"):
        session.execute(text("DELETE FROM keyword"))


def test_what_is_tried_sees_itself_where_plans_of_the_books_are_kept(fresh_postgres: FreshEngine) -> None:
    """A plan that was made before knows the table of the books, not the copy that hides it."""
    with fresh_postgres() as engine:
        for name in ("Kevad", "Sügis"):
            for _ in range(3):
                with reading(engine, keeps_plans=True) as session:
                    assert session.exec(select(AppealRow)).one().name == "General"
            with writing(engine, keep=False) as session:
                row = session.exec(select(AppealRow)).one()
                for _ in range(9):
                    session.exec(select(AppealRow.name)).one()
                row.name = name
                session.flush()
                assert session.exec(select(AppealRow.name)).one() == name


LOCKED = """
SELECT DISTINCT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation
WHERE pid = pg_backend_pid() AND mode <> 'AccessShareLock' AND relnamespace = current_schema()::regnamespace
"""


def test_what_is_tried_on_a_server_locks_nothing_and_copies_what_it_changes(
    fresh_postgres: FreshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL itself is asked what it locked: whatever wrote to the books, in whatever words, would be among it."""
    monkeypatch.setattr("donations.store.session._MANY", 1)
    april = statement("04-01", "04-30", *(gift(f"04-{day:02}", 1_000) for day in range(1, 31)))
    march = statement("03-01", "03-31", *(gift(f"03-{day:02}", 1_000) for day in range(1, 31)))
    with fresh_postgres() as engine:
        book = Book(engine)
        book.take(march, name="march.xml")
        with writing(engine, keep=False) as session:
            read = Reading(format="by hand", statements=(april,), notices=())
            admit(session, GivenFile(name="april.xml", content=b"april"), read, Terms(by="treasurer", now=NOW))
            assert session.scalars(text(LOCKED)).all() == []
            copied = set(session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname LIKE 'pg_temp%'")))
        assert {"payment", "statement_line", "allocation"} <= copied
        assert not copied & {"person", "certificate", "keyword", "published_block"}
