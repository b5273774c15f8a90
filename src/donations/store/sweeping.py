"""Lets what was destroyed be gone from the database's file too: databases only mark deleted rows as free places."""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from donations.store.personal_data import Goes, tables_going


def sweep(engine: Engine) -> bool:
    """Write the database anew without its free places; False where somebody else was busy, so that it is not done.

    Backups, and on PostgreSQL its own log, hold what was there before until they are thrown away.
    """
    try:
        if engine.dialect.name == "sqlite":
            _sweep_sqlite(engine)
        else:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f"VACUUM (FULL) {', '.join(tables_going(*Goes))}"))
    except OperationalError:
        return False
    return True


def _sweep_sqlite(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ROLLBACK")  # of the transaction that every connection begins with
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
