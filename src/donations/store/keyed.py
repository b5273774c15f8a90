"""Keyed hashes: by them the database finds again what it does not hold, and who has only the database finds nothing."""

from __future__ import annotations

import hmac
from enum import StrEnum
from hashlib import sha256


class Keyed(StrEnum):
    """What is hashed: what is alike gets another hash where it is something else."""

    GIVING_CODE = "giving code"
    ADDRESS = "address"
    ACCOUNT = "account"
    SNAPSHOT = "snapshot"
    """What is published, in a file beside the books (`store/snapshot_file.py`)."""
    REQUEST = "request"
    """One that may be repeated: names can stand in it."""
    CHECK = "check value"
    """The key itself: what the books keep to know it by."""


def hashed(word: str, what: Keyed, text: str) -> str:
    """Return the hash of a text under a key (`key_of` in `store/host_key.py`), 64 hexadecimal characters."""
    return hmac.new(word.encode(), f"{what}:{text}".encode(), sha256).hexdigest()
