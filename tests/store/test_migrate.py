"""The migrations make the tables that the program declares, on both databases."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, text

from donations.store.migrate import differences, is_current, migrate
from donations.store.migrations import versions
from donations.store.revision import RELEASED


def test_the_migrated_tables_are_the_declared_ones(engine: Engine) -> None:
    assert differences(engine) == []
    assert is_current(engine)


def test_migrating_again_does_nothing(engine: Engine) -> None:
    migrate(engine)
    assert is_current(engine)


def test_the_revisions_are_those_of_the_migrations() -> None:
    assert list(RELEASED) == [each.stem[:4] for each in sorted(Path(versions.__file__).parent.glob("0*.py"))]


def test_books_of_the_first_release_get_what_came_later(engine: Engine) -> None:
    with engine.begin() as connection:
        for name in ("association_logo", "name_in_language"):
            connection.execute(text(f"DROP TABLE {name}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0027'"))
    assert not is_current(engine)
    migrate(engine)
    assert differences(engine) == []
    assert is_current(engine)
