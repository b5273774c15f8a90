"""The data keys of books: random, one for each kind of what is sealed, wrapped by the key of the host.

Changing the host's key wraps them anew and leaves what they sealed alone. Books without any are kept unsealed.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from threading import get_ident
from typing import NamedTuple

from sqlalchemy import Connection, Dialect, delete, inspect, select
from sqlmodel import col

from donations.core.refusal import Refusal
from donations.store.host_key import host_key_at, key_of, refusal_of
from donations.store.sealing import SecretSeal
from donations.store.session import table_of
from donations.store.tables import DataKeyRow
from donations.store.tables.sealed import BrokenSealError, Ciphers, SealedKind, ciphers_at

_KEY_BYTES = 64
"""AES-256 in SIV takes two keys."""
Keys = Mapping[str, bytes]
"""The data key of each kind; empty for unsealed books."""


class _Known(NamedTuple):
    """What was read of the keys last."""

    marks: tuple[str, ...]
    ciphers: Ciphers | Refusal


@dataclass(slots=True, eq=False)
class _Writer:
    """A transaction that writes, and the keys that it sees."""

    known: _Known | None


class BooksKeys:
    """What an engine knows of the data keys of its books: read when a transaction begins, for books can be replaced.

    Who writes keeps to the keys that were read under the writer's lock, in its own thread, whatever others read
    meanwhile who still see the books of before. What is read was sealed by one of the last few: a seal tells which.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: _Known | None = None
        self._recent: list[Ciphers] = []
        self._of_writers: defaultdict[int, list[_Writer]] = defaultdict(list)
        """Of each thread, the last of which counts."""

    @property
    def ciphers(self) -> Ciphers:
        """The ciphers of the books. Raises `Refusal` where the host's key does not open the data keys."""
        known = self._of_writers[get_ident()][-1].known if get_ident() in self._of_writers else self._known
        if known is None:
            raise RuntimeError("no transaction of these books has begun")
        if isinstance(known.ciphers, Refusal):
            raise known.ciphers
        return known.ciphers

    def opened(self, kind: SealedKind, kept: bytes, *, is_findable: bool) -> bytes:
        """Return what is sealed. Raises as `ciphers`, and `BrokenSealError`."""
        now = self.ciphers
        for each in (now, *self._recent) if now.is_sealed else self._recent:
            with suppress(BrokenSealError):
                return each.opened(kind, kept, is_findable=is_findable)
        return now.opened(kind, kept, is_findable=is_findable)

    def learn(self, connection: Connection) -> None:
        """Read the keys where they are others than those that are known; without tables nothing is known."""
        self._read(connection)

    @contextmanager
    def writers(self, connection: Connection) -> Iterator[None]:
        """Let this thread write with the keys that its transaction sees, and no other ones."""
        thread, writer = get_ident(), _Writer(self._read(connection))
        self._of_writers[thread].append(writer)
        try:
            yield
        finally:
            self._of_writers[thread].remove(writer)
            if not self._of_writers[thread]:
                del self._of_writers[thread]

    def renew(self, connection: Connection) -> None:
        """Let who writes go on with the keys that it has just kept."""
        known = self._read(connection)
        if get_ident() in self._of_writers:
            self._of_writers[get_ident()][-1].known = known

    def _read(self, connection: Connection) -> _Known | None:
        known = self._known
        if known is None and not inspect(connection).has_table(DataKeyRow.__tablename__):
            return None
        marks = tuple(connection.execute(_MARKS).scalars())
        if known is None or known.marks != marks or isinstance(known.ciphers, Refusal):
            known = self._known = _Known(marks, _opened(connection) if marks else Ciphers({}))
            if isinstance(known.ciphers, Ciphers) and known.ciphers.is_sealed:
                self._recent = [known.ciphers, *self._recent[: _RECENT - 1]]
        return known

    def forget(self) -> None:
        """Let nothing be known: what was read, or made, was rolled back."""
        self._known = None


_RECENT = 4
"""So many keys of before are tried: who reads may have begun before they were changed."""
_MARKS = select(col(DataKeyRow.mark)).order_by(col(DataKeyRow.kind))


def keys_at(dialect: Dialect) -> BooksKeys:
    """Return what an engine with this dialect knows of the keys of its books."""
    found = ciphers_at(dialect)
    assert isinstance(found, BooksKeys)  # noqa: S101 - `open_engine` lets it hold nothing else
    return found


def new_keys() -> Keys:
    """Return new data keys."""
    return {kind: secrets.token_bytes(_KEY_BYTES) for kind in SealedKind}


def keep_keys(connection: Connection, keys: Keys, word: str) -> None:
    """Let these be the data keys of the books, wrapped by this key of the host."""
    seal = SecretSeal(word)
    connection.execute(delete(DataKeyRow))
    rows = [
        {"kind": kind, "wrapped": seal.boxed(key, bound_to=f"data key: {kind}"), "mark": _mark(key)}
        for kind, key in keys.items()
    ]
    if rows:
        connection.execute(table_of(DataKeyRow).insert(), rows)
    keys_at(connection.dialect).renew(connection)


def make_keys(connection: Connection) -> None:
    """Let books without content have data keys, where new ones are to be sealed. Raises `Refusal`, as `key_of`."""
    seals = host_key_at(connection).seals
    keep_keys(connection, new_keys() if seals else {}, key_of(connection) if seals else "")


def has_keys(connection: Connection) -> bool:
    """Whether the books are sealed, whether or not the key of the host is here."""
    return connection.execute(_MARKS).first() is not None


def unwrapped(connection: Connection, word: str) -> Keys | None:
    """Return the data keys of the books, as a key of the host opens them; None where it is another one."""
    seal, keys = SecretSeal(word), dict[str, bytes]()
    for kind, wrapped in connection.execute(select(col(DataKeyRow.kind), col(DataKeyRow.wrapped))):
        key = seal.unboxed(wrapped, bound_to=f"data key: {kind}")
        if key is None:
            return None
        keys[kind] = key
    return keys


def _opened(connection: Connection) -> Ciphers | Refusal:
    host = host_key_at(connection)
    try:
        keys = next((keys for word in host.words() if (keys := unwrapped(connection, word)) is not None), None)
        return refusal_of(host) if keys is None else Ciphers(keys)
    except Refusal as refusal:  # what is in the file is no key
        return refusal


def _mark(key: bytes) -> str:
    """Return what tells one data key from another, and nothing else of it."""
    return blake2b(key, digest_size=16, person=b"donations mark").hexdigest()
