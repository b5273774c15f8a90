"""The migrations make the tables that the program declares, on both databases."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine
from tests.book import Book, gift, statement
from tests.conftest import FreshEngine

from donations.store.migrate import differences, is_current, migrate
from donations.store.migrations import versions
from donations.store.revision import RELEASED
from donations.store.session import table_of
from donations.store.tables.derived import RegularDueRow, RegularGiftRow, RegularTurnRow


def test_the_migrated_tables_are_the_declared_ones(engine: Engine) -> None:
    assert differences(engine) == []
    assert is_current(engine)


def test_migrating_again_does_nothing(engine: Engine) -> None:
    migrate(engine)
    assert is_current(engine)


def test_the_revisions_are_those_of_the_migrations() -> None:
    assert list(RELEASED) == [each.stem[:4] for each in sorted(Path(versions.__file__).parent.glob("0*.py"))]


def test_books_of_the_first_release_get_streams(fresh_engine: FreshEngine) -> None:
    with fresh_engine() as engine:
        book = Book(engine)
        for month in ("01", "02", "03"):
            book.take(statement(f"{month}-01", f"{month}-28", gift(f"{month}-05", 1_000)))
        rows = [table_of(each).select() for each in (RegularGiftRow, RegularTurnRow, RegularDueRow)]
        with book.reading() as session:
            before = [session.execute(each).all() for each in rows]
        with engine.begin() as connection:
            for each in ("regular_turn", "regular_due", "regular_gift"):
                connection.exec_driver_sql(f"DROP TABLE {each}")
            connection.exec_driver_sql("CREATE TABLE regular_gift (donor_id INTEGER, beat INTEGER)")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0027'")
        migrate(engine)
        assert differences(engine) == []
        with book.reading() as session:
            assert [session.execute(each).all() for each in rows] == before
        assert before[0]
