"""The migrations make the tables that the program declares, on both databases."""

from __future__ import annotations

from sqlalchemy import Engine

from donations.store.migrate import differences, is_current, is_empty, migrate


def test_the_migrated_tables_are_the_declared_ones(engine: Engine) -> None:
    assert differences(engine) == []
    assert is_current(engine)


def test_migrating_again_does_nothing(engine: Engine) -> None:
    migrate(engine)
    assert is_current(engine)
    assert not is_empty(engine)
