"""Keyed hashes: by them the database finds again what it does not hold, and who has only the database finds nothing.

The key is that of the host which seals secrets too (`access/secret.py`): a setting, or a file beside the database.
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection

KEY = "donations_key"
"""The execution option of an engine that returns the host's key."""
WORD_MIN = 32


class BadKeyError(ValueError):
    """The key is too short to be one."""


class Keyed(StrEnum):
    """What is hashed: what is alike gets another hash where it is something else."""

    GIVING_CODE = "giving code"
    ADDRESS = "address"
    ACCOUNT = "account"


def keyed_hash(connection: Connection, what: Keyed, text: str) -> str:
    """Return the hash of a text in these books, 64 hexadecimal characters. Raises `BadKeyError`."""
    word = connection.get_execution_options()[KEY]()
    return hmac.new(word.encode(), f"{what}:{text}".encode(), sha256).hexdigest()


def host_key(books: Path | None, *, word: str) -> Callable[[], str]:
    """Return what gives the key when it is first needed: the setting's, else that of the file beside the books.

    Books in memory have a key for as long. A key that is too short raises `BadKeyError`.
    """

    @cache
    def key() -> str:
        found = word or (new_word() if books is None else _word_in(books.with_suffix(".key")))
        if len(found) < WORD_MIN:
            raise BadKeyError
        return found

    return key


def new_word() -> str:
    """Return a new key."""
    return secrets.token_urlsafe(32)


def _word_in(path: Path) -> str:
    """Return the key in a file that only its owner can read, made where there is none."""
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(made, "w", encoding="ascii") as file:
        file.write(new_word())
        file.flush()
        os.fsync(file.fileno())
    return path.read_text("ascii")
