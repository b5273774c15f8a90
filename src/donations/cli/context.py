"""What every command needs: settings, the database, who is asking, and what time it is."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache

import typer
from sqlalchemy import Engine

from donations.settings import Settings
from donations.store.log.acting import acting_as
from donations.store.migrate import is_current, is_empty, migrate
from donations.store.session import ReadSession, WriteSession, open_engine, reading, writing


@cache
def settings() -> Settings:
    """Read the settings once."""
    return Settings()


@cache
def engine() -> Engine:
    """Open the database, made if there is none yet; one that an older version made must be migrated first."""
    opened = open_engine(settings().database_url)
    if is_empty(opened):
        migrate(opened)
    elif not is_current(opened):
        typer.echo("The database is of an older version. Nothing was changed. Run: donations migrate", err=True)
        raise typer.Exit(2)
    return opened


def close() -> None:
    """Close the database if it was opened: nothing of the books is beside their one file when a command is over."""
    if engine.cache_info().currsize:
        engine().dispose()
        engine.cache_clear()


@contextmanager
def reader() -> Iterator[ReadSession]:
    """Open a transaction that reads."""
    with reading(engine()) as session:
        yield session


@contextmanager
def writer(*, keep: bool = True) -> Iterator[WriteSession]:
    """Open the writing transaction, in the name of who types."""
    with acting_as(person(), at=now()), writing(engine(), keep=keep) as session:
        yield session


def person() -> str:
    """Return who is named as having decided: `DONATIONS_USER`, else the login name."""
    return os.environ.get("DONATIONS_USER") or getpass.getuser()


def now() -> datetime:
    """Return the time that is kept with what is done."""
    return datetime.now(UTC)
