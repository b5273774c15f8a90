"""What is told of what fails: a code, a sentence and an exit status; no traceback, whose values could name people."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError, OperationalError

from donations.core.refusal import RefusedError
from donations.core.texts import TextRefusedError
from donations.settings import BadSettingsError

REFUSED, MISUSE, UNFORESEEN = 1, 2, 3
"""Exit statuses: the books or the computer are in the way; what was typed or set cannot be meant; nobody knows."""

Told = tuple[str, str, int]
"""A stable code, a sentence, and the exit status."""

_SAFE = "What was finished before stands; doing the same again counts nothing twice."
_DISK_FULL: Told = ("disk_full", f"The disk is full. {_SAFE} Make room.", REFUSED)
_BUSY: Told = ("busy", f"The books are busy. {_SAFE} Wait a little.", REFUSED)
_DAMAGED: Told = (
    "damaged",
    f"The file of the books cannot be read whole. {_SAFE} Take the newest copy of it.",
    REFUSED,
)
_READ_ONLY: Told = ("read_only", f"The books may be read here, but not written. {_SAFE} Ask whose they are.", REFUSED)
_NO_FILE: Told = ("no_database", "What is to be the file of the books is none. See DONATIONS_DATABASE_URL.", MISUSE)
_NO_ANSWER: Told = ("no_database", f"The database does not answer. {_SAFE} See DONATIONS_DATABASE_URL.", REFUSED)
_NO_DRIVER: Told = ("no_driver", "PostgreSQL needs one thing more: pip install donations[postgres]", MISUSE)

_UNWRITABLE: Told = ("text_refused", "What was typed holds characters that no text has. Nothing was changed.", MISUSE)

_SQLITE = {
    "locked": _BUSY,
    "is full": _DISK_FULL,
    "readonly": _READ_ONLY,
    "not a database": _NO_FILE,
    "unable to open": _NO_FILE,
    "malformed": _DAMAGED,
    "disk I/O": _DAMAGED,
}
"""What stands in SQLite's message, which names no value."""


class MisuseError(Exception):
    """What was typed or set cannot be meant; nothing was changed. `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the stable code."""
        self.code = code
        super().__init__(message)


def told(error: Exception) -> Told:
    """Return what is told of an exception that ended a command."""
    match error:
        case BadSettingsError() | MisuseError() | TextRefusedError():
            return error.code, str(error), MISUSE
        case RefusedError():
            return error.code, str(error), REFUSED
        case _:
            unforeseen = f"Something went wrong ({type(error).__name__}). {_SAFE} DONATIONS_DEBUG=1 shows more."
            return _foreseen(error) or ("internal", unforeseen, UNFORESEEN)


def _foreseen(error: Exception) -> Told | None:
    if isinstance(error, DBAPIError):
        known = next((told for mark, told in _SQLITE.items() if mark in str(error.orig)), None)
        return known or (_NO_ANSWER if isinstance(error, OperationalError) else None)
    if isinstance(error, UnicodeEncodeError):
        return _UNWRITABLE
    if isinstance(error, OSError):
        used = f"A file or folder cannot be used ({error.strerror}). {_SAFE}"
        return _DISK_FULL if error.errno == errno.ENOSPC else ("file_system", used, MISUSE)
    return _NO_DRIVER if isinstance(error, ModuleNotFoundError) and error.name == "psycopg" else None
