"""Where the books are: an address of a database, read without opening it."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

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


def place_of(url: str) -> str:
    """Return where that is, for people: a whole path, or the address without its password."""
    parsed = make_url(driver_url(url))
    if parsed.get_backend_name() == "sqlite":
        return str(Path(parsed.database or "").absolute())
    return parsed.set(drivername="postgresql").render_as_string(hide_password=True)


def file_of(url: URL) -> Path | None:
    """Return the file of the books; `donations` stands for a server's, None for those in memory."""
    if url.get_backend_name() != "sqlite":
        return Path("donations")
    return Path(url.database) if url.database else None
