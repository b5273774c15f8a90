"""Where the database is, as addresses and files say it, and what can go wrong with it."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from donations.core.refusals import RunningCode

_DRIVERS = {"sqlite", "postgres", "postgresql", "postgresql+psycopg"}


def is_place(url: str) -> bool:
    """Whether an address is one of a database that can keep books: a file of SQLite, or PostgreSQL."""
    try:
        return make_url(url).drivername in _DRIVERS and not re.fullmatch(r"sqlite:(//)?(/:memory:.*)?", url)
    except (ArgumentError, ValueError):
        return False


def driver_url(url: str) -> str:
    """Return a place with its driver: `postgres://` of hosting services is PostgreSQL through psycopg 3."""
    if url.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + url.partition("://")[2]
    return url


_SECRET_IN_QUERY = ("password", "sslpassword")


def place_of(url: str) -> str:
    """Return where that is, for people: a whole path, or the address without its password."""
    parsed = make_url(driver_url(url))
    if parsed.get_backend_name() == "sqlite":
        return str(Path(parsed.database or "").absolute())
    open_ = parsed.set(drivername="postgresql").difference_update_query(_SECRET_IN_QUERY)
    return open_.render_as_string(hide_password=True)


def sqlite_file(url: str) -> Path | None:
    """Return the file of the books; None for those of a server or in memory."""
    parsed = make_url(driver_url(url))
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def key_file_at(url: str) -> Path:
    """Return where the host's key is beside the books of an address, as a whole path."""
    return (key_file_of(make_url(driver_url(url))) or Path()).absolute()


def is_open_to_others(file: Path) -> bool:
    """Whether others than its owner may read or change a file."""
    return file.exists() and bool(stat.S_IMODE(file.stat().st_mode) & 0o077)


def key_file_of(url: URL) -> Path | None:
    """Return where the host's key is: beside the file of the books, in the working folder for a server's.

    Books in memory have none.
    """
    if url.get_backend_name() != "sqlite":
        return Path("donations.key")
    return Path(url.database).with_suffix(".key") if url.database else None


def looks_folder_of(url: URL) -> Path | None:
    """Return where looks wait while somebody writes: beside the books, for those of a server in the working folder.

    Books in memory have none.
    """
    if url.get_backend_name() != "sqlite":
        return Path("donations-looks")
    return Path(f"{url.database}-looks") if url.database else None


def snapshot_file_of(url: URL) -> Path | None:
    """Return where what is published is kept for when the database is silent: where looks wait, too."""
    looks = looks_folder_of(url)
    return None if looks is None else looks.with_name(looks.name.removesuffix("-looks") + "-public")


_SAID = {
    "locked": RunningCode.BUSY,
    "lock timeout": RunningCode.BUSY,
    "statement timeout": RunningCode.STATEMENT_TOO_LONG,
    "idle-in-transaction": RunningCode.TRANSACTION_IDLE,
    "is full": RunningCode.STORAGE_FULL,
    "no space": RunningCode.STORAGE_FULL,
    "readonly": RunningCode.STORAGE_FULL,
    "read-only": RunningCode.STORAGE_FULL,
    "malformed": RunningCode.DAMAGED,
    "disk i/o": RunningCode.DAMAGED,
    "not a database": RunningCode.NO_DATABASE,
    "unable to open": RunningCode.NO_DATABASE,
}


def foreseen(error: BaseException) -> RunningCode | None:
    """Return what an error of the database means; None where nobody foresaw it."""
    if not isinstance(error, DBAPIError):
        return None
    said = str(error.orig).lower()
    known = next((code for mark, code in _SAID.items() if mark in said), None)
    return known or (RunningCode.DATABASE_SILENT if isinstance(error, OperationalError) else None)
