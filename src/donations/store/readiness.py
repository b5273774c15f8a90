"""Whether books can be served: open, of today's tables, with their key, and writable."""

from __future__ import annotations

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from donations.core.refusal import RefusalCode
from donations.core.refusals import KeyCode, RunningCode
from donations.store.host_key import KeyState, key_state
from donations.store.opening import beside_writers
from donations.store.place import foreseen
from donations.store.revision import KNOWN, NEWEST, revision_of

_KEYS = {KeyState.WRONG: KeyCode.WRONG_KEY, KeyState.MISSING: KeyCode.NO_KEY}


def why_not_ready(engine: Engine) -> RefusalCode | None:
    """Return why these books cannot be served, None where they can; that somebody writes just now is no reason."""
    try:
        with engine.connect() as connection:
            code = _of_tables(connection) or _KEYS.get(key_state(connection))
        if code is None:
            with beside_writers(engine, seconds=0) as connection:
                _try_to_write(connection)
    except DBAPIError as error:
        found = foreseen(error) or RunningCode.DATABASE_SILENT
        return None if found is RunningCode.BUSY else found
    return code


def _of_tables(connection: Connection) -> RefusalCode | None:
    here = revision_of(connection)
    if here == NEWEST:
        return None
    if here is None:
        return RunningCode.NO_BOOKS
    return RunningCode.OLDER_BOOKS if here in KNOWN else RunningCode.NEWER_BOOKS


def _try_to_write(connection: Connection) -> None:
    """Change nothing; raises `DBAPIError` where nothing could be changed."""
    connection.exec_driver_sql("UPDATE books_version SET number = number WHERE false")
