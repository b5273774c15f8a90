"""Books of releases come to the newest tables by the steps of releases: every row stays, on both databases."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from tests.book import Book
from tests.conftest import HOST_KEY, FreshEngine
from tests.store.older_books import catalogue, empty_postgres, empty_sqlite

from donations.store.migrate import differences, is_current, migrate
from donations.store.opening import open_engine

OLDER = Path(__file__).with_name("older")
FIRST_ROWS = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY)",
    "INSERT INTO alembic_version VALUES ('0027')",
    "INSERT INTO books_version (id, number) VALUES (1, 0)",
)


def unpacked(name: str) -> bytes:
    return lzma.decompress((OLDER / f"{name}.xz").read_bytes())


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_the_tables_of_a_release_become_those_of_today(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with (
        request.getfixturevalue(f"fresh_{database}")() as today,
        empty_sqlite(tmp_path) if database == "sqlite" else empty_postgres(today) as released,
    ):
        with released.execution_options(donations_writing=10).begin() as connection:
            for said in (*unpacked(f"tables-0027.{today.dialect.name}.sql").decode().splitlines(), *FIRST_ROWS):
                connection.exec_driver_sql(said.replace("%", "%%") if database == "postgres" else said)
        migrate(released)
        assert differences(released) == []
        assert is_current(released)
        assert in_one_line(catalogue(released)) == in_one_line(catalogue(today))


def in_one_line(found: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """SQLite keeps statements as they were said: with their blanks, and the parts of a table in any order."""
    return sorted(tuple(" ".join(str(part).split()) for part in each) for each in found if each[0] != "table")


def test_released_books_say_the_same_after_all_steps(fresh_sqlite: FreshEngine, tmp_path: Path) -> None:
    del fresh_sqlite
    file = tmp_path / "books.sqlite"
    file.write_bytes(unpacked("books-d612903.sqlite"))
    engine = open_engine(f"sqlite:///{file}", key=HOST_KEY)
    before = counts(engine)
    migrate(engine)
    after = counts(engine)
    book = Book(engine)
    assert {table: after[table] for table in before.keys() & after.keys() if table not in MADE_ANEW} == {
        table: number for table, number in before.items() if table in after and table not in MADE_ANEW
    }
    assert book.ledger() == unpacked("dump-d612903.jsonl")
    assert not book.broken()
    engine.dispose()


MADE_ANEW = {"day_sum", "regular_gift", "books_version", "alembic_version"}


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}  # noqa: S608
