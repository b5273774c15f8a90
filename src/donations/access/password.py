"""Passwords: which ones are good enough, and hashing them without letting strangers fill the memory."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from secrets import token_bytes
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode

LENGTH_MIN = 12
BYTES_MAX = 1024
_REST_MIN = 5
"""What has to be left of a password when words that everybody would guess are taken out."""
_COMMON = (
    *("password", "passwort", "parool", "salasona", "пароль", "welcome", "teretulemast", "letmein", "administrator"),
    *("admin", "treasurer", "laekahoidja", "kassapidaja", "donations", "donation", "annetused", "annetus", "eesti"),
    *("estonia", "tallinn", "tartu", "iloveyou", "sunshine", "football", "correcthorsebatterystaple", "trustno"),
    *("qwertyuiop", "qwerty", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y", "qazwsxedc", "йцукен", "abc", "changeme"),
)
_RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")


class Weakness(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    """Guessed among the first: repetition, a run of keys, common words, or the words around it."""


def weakness_of(password: str, *, around: Iterable[str]) -> Weakness | None:
    """Return why the password is refused; `around` are the words next to it: names, address, organisation."""
    if len(password) < LENGTH_MIN:
        return Weakness.TOO_SHORT
    if len(password.encode()) > BYTES_MAX:
        return Weakness.TOO_LONG
    rest = "".join(_letters(password))
    words = {part for word in (*_COMMON, *around) for part in _letters(word) if len(part) > 2} | set(_RUNS)
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = _without_runs(rest)
    return Weakness.COMMON if len(set(rest)) < _REST_MIN else None


def _letters(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold().replace("_", " "))


def _without_runs(text: str) -> str:
    """Drop pieces of three and more that go on like 345 or cba."""
    for run in _RUNS:
        for length in range(min(len(run), len(text)), 2, -1):
            for start in range(len(run) - length + 1):
                text = text.replace(run[start : start + length], "")
    return text


class Passwords:
    """Hashes passwords with Argon2id, a few at a time: each takes 64 MiB, and whoever waits too long is sent away."""

    def __init__(
        self,
        *,
        time_cost: int = 3,
        memory_cost: int = 65_536,
        parallelism: int = 4,
        at_once: int = 4,
        waiting_max: int = 32,
        patience: float = 10,
    ) -> None:
        """Take Argon2's parameters (RFC 9106 § 4, the second choice; memory in KiB); `patience` is in seconds."""
        self._hash = PasswordHash((Argon2Hasher(time_cost, memory_cost, parallelism),))
        salt, digest = (b64encode(token_bytes(length)).decode().rstrip("=") for length in (16, 32))
        self._nobodys = f"$argon2id$v=19$m={memory_cost},t={time_cost},p={parallelism}${salt}${digest}"
        self._turns = BoundedSemaphore(at_once)
        self._places = BoundedSemaphore(at_once + waiting_max)
        self._patience = patience

    def hashed(self, password: str) -> str:
        """Return what is kept of a password; raises `Refusal`."""
        with self._turn():
            return self._hash.hash(_normal(password))

    def is_right(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the one that was hashed; None takes as long and is never right.

        Raises `Refusal`.
        """
        if len(password.encode()) > BYTES_MAX:
            password = ""
        with self._turn():
            return self._hash.verify(_normal(password), hashed or self._nobodys) and hashed is not None

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Refusal(AccessCode.SIGN_IN_BUSY)
        try:
            if not self._turns.acquire(timeout=self._patience):
                raise Refusal(AccessCode.SIGN_IN_BUSY)
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()


def _normal(password: str) -> str:
    """Return the password as every keyboard spells it (NIST SP 800-63B § 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
