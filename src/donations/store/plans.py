"""Whether a connection to PostgreSQL keeps the plans of its statements, or has each of them planned anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

_ONE_FOR_ALL = text("SET LOCAL plan_cache_mode = force_generic_plan")


@contextmanager
def plans(connection: Connection, *, are_kept: bool) -> Iterator[None]:
    """Have what is asked meanwhile planned once a connection, whatever it is asked of; else each time.

    The driver keeps a plan until a transaction of its connection is rolled back, and begins to by itself with what was
    asked five times. SQLite plans in no time.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.driver_connection
    before, driver.prepare_threshold = driver.prepare_threshold, 0 if are_kept else None
    try:
        if are_kept:
            connection.execute(_ONE_FOR_ALL)
        yield
    finally:
        driver.prepare_threshold = before
