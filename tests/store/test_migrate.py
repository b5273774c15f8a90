"""The migrations make the tables that the program declares, on both databases."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, select, text
from tests.book import Book, gift, line, statement

from donations.core.statement import LineKind
from donations.store.migrate import differences, is_current, migrate
from donations.store.migrations import versions
from donations.store.revision import RELEASED
from donations.store.session import table_of
from donations.store.tables import DaySumRow


def test_the_migrated_tables_are_the_declared_ones(engine: Engine) -> None:
    assert differences(engine) == []
    assert is_current(engine)


def test_migrating_again_does_nothing(engine: Engine) -> None:
    migrate(engine)
    assert is_current(engine)


def test_the_revisions_are_those_of_the_migrations() -> None:
    assert list(RELEASED) == [each.stem[:4] for each in sorted(Path(versions.__file__).parent.glob("0*.py"))]


def test_books_of_the_first_release_get_sums_by_appeal(book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), line("03-07", -250, kind=LineKind.FEE)))
    with book.engine.connect() as connection:
        before = connection.execute(select(table_of(DaySumRow))).all()
    with book.engine.begin() as connection:
        for said in (
            "DROP INDEX ix_statement_line_total",
            "DROP TABLE day_sum",
            "CREATE TABLE day_sum (day DATE)",
            "UPDATE alembic_version SET version_num = '0027'",
        ):
            connection.execute(text(said))
    migrate(book.engine)
    assert differences(book.engine) == []
    with book.engine.connect() as connection:
        assert connection.execute(select(table_of(DaySumRow))).all() == before
    assert {row.appeal_id for row in before} == {0, 1}
