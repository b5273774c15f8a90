"""What a database says of a trouble that is foreseen: in words only, which name no value."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, OperationalError

from donations.core.refusals import RunningCode

_SAID = {
    "locked": RunningCode.BUSY,
    "lock timeout": RunningCode.BUSY,
    "is full": RunningCode.STORAGE_FULL,
    "no space": RunningCode.STORAGE_FULL,
    "readonly": RunningCode.STORAGE_FULL,
    "read-only": RunningCode.STORAGE_FULL,
    "malformed": RunningCode.DAMAGED,
    "disk i/o": RunningCode.DAMAGED,
    "not a database": RunningCode.NO_DATABASE,
    "unable to open": RunningCode.NO_DATABASE,
}


def foreseen(error: Exception) -> RunningCode | None:
    """Return what an error of the database means; None where nobody foresaw it."""
    if not isinstance(error, DBAPIError):
        return None
    said = str(error.orig).lower()
    known = next((code for mark, code in _SAID.items() if mark in said), None)
    return known or (RunningCode.DATABASE_SILENT if isinstance(error, OperationalError) else None)
