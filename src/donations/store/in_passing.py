"""A note made in passing: written where nobody is writing just now, else not at all."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql.dml import Update

from donations.store.opening import BUSY_MILLISECONDS


def note_in_passing(engine: Engine, note: Update) -> None:
    """Change a row that no figure depends on; who only looks at something never waits for an import."""
    with engine.connect().execution_options(donations_writing=True) as connection:
        driver = connection.connection.driver_connection if engine.dialect.name == "sqlite" else None
        if driver is not None:
            driver.execute("PRAGMA busy_timeout=0")
        try:
            connection.execute(note)
            connection.commit()
        except OperationalError:
            return
        finally:
            if driver is not None:
                driver.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
