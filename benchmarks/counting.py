"""Counts what a page asks of the database: statements sent and rows fetched."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event


@dataclass(slots=True)
class Asked:
    """What was asked of the database."""

    statements: int = 0
    rows: int = 0


@contextmanager
def counted(engine: Engine) -> Iterator[Asked]:
    """Count from here on, in connections that are opened from now on; SQLite only."""
    asked = Asked()

    def row(_: sqlite3.Cursor, values: tuple[Any, ...]) -> tuple[Any, ...]:
        asked.rows += 1
        return values

    def connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.row_factory = row

    def executed(*_: Any) -> None:
        asked.statements += 1

    engine.dispose()
    event.listen(engine, "connect", connected)
    event.listen(engine, "before_cursor_execute", executed)
    yield asked
    event.remove(engine, "connect", connected)
    event.remove(engine, "before_cursor_execute", executed)
    engine.dispose()
