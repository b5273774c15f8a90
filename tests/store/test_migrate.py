"""The migrations make the tables that the program declares, on both databases."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

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
