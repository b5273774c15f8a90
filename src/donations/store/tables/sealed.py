"""Columns that are kept sealed: who has only the database, or a copy of it, reads nothing of them (docs/adr/0042)."""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from sqlalchemy import Connection, Dialect, Engine, ExceptionContext, LargeBinary, String, event
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from donations.core.refusal import Refusal
from donations.core.refusals import KeyCode

_NONCE_BYTES = 16
_LEVEL = 1
"""Of zlib: a tenth of a file is left in the time of writing it; more takes longer than it saves."""


class SealedKind(StrEnum):
    """What is sealed; each kind has a key of its own, and equal values of one kind are sealed alike."""

    NAME = "name"
    ACCOUNT = "account"
    CODE = "code"
    TEXT = "text"
    FILE = "file"
    DIGEST = "digest"
    """Seals nothing: by digests under this key values are found again (`store/interning.py`)."""


class BrokenSealError(Exception):
    """What is kept was sealed by another key, or changed since."""


class Ciphers:
    """Seals and opens with the data keys of some books, by AES-SIV (RFC 5297)."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Take a key of 64 bytes for each kind; none at all for books that are kept unsealed."""
        self._ciphers = {kind: AESSIV(key) for kind, key in keys.items()}
        self._digest_key = keys.get(SealedKind.DIGEST, b"")
        self.is_sealed = bool(keys)

    def sealed(self, kind: SealedKind, content: bytes, *, is_findable: bool) -> bytes:
        """Return what is kept of a content that is not empty; a findable one is always sealed alike."""
        if not self.is_sealed:
            return content
        if is_findable:
            return self._ciphers[kind].encrypt(content, None)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._ciphers[kind].encrypt(content, [nonce])

    def opened(self, kind: SealedKind, kept: bytes, *, is_findable: bool) -> bytes:
        """Return the content again. Raises `BrokenSealError`."""
        if not self.is_sealed:
            return bytes(kept)
        nonce = None if is_findable else [kept[:_NONCE_BYTES]]
        try:
            return self._ciphers[kind].decrypt(kept if nonce is None else kept[_NONCE_BYTES:], nonce)
        except InvalidTag as error:
            raise BrokenSealError from error

    def digest(self, *parts: str) -> bytes:
        """Return the digest of texts, 16 bytes; none that is kept has the letter that stands between them."""
        written = "\0".join(parts).encode(errors="surrogatepass")
        return blake2b(written, digest_size=16, key=self._digest_key).digest()


class HoldsCiphers(Protocol):
    """What a dialect holds under `CIPHERS`."""

    @property
    def ciphers(self) -> Ciphers:
        """The ciphers of the books. Raises `Refusal` where their keys cannot be had."""

    def opened(self, kind: SealedKind, kept: bytes, *, is_findable: bool) -> bytes:
        """Return what is sealed. Raises as `ciphers`, and `BrokenSealError`."""

    def learn(self, connection: Connection) -> None:
        """Read the keys of the books when a transaction begins, for books can be replaced."""

    def writers(self, connection: Connection) -> AbstractContextManager[None]:
        """Read them, and let this thread write with these and no other ones."""


CIPHERS = "donations_ciphers"
"""The attribute of an engine's dialect that holds its `HoldsCiphers`: types are given nothing but the dialect."""


def hold_ciphers(engine: Engine, holder: HoldsCiphers) -> None:
    """Let an engine seal and open with these."""
    setattr(engine.dialect, CIPHERS, holder)
    event.listen(engine, "handle_error", _refuse)


def _refuse(context: ExceptionContext) -> None:
    """Let a refusal be seen that SQLAlchemy would hide in an error of the statement."""
    if isinstance(context.original_exception, Refusal):
        raise context.original_exception


def ciphers_at(dialect: Dialect) -> HoldsCiphers:
    """Return what an engine with this dialect knows of the keys of its books."""
    found: HoldsCiphers = getattr(dialect, CIPHERS)
    return found


def ciphers_of(dialect: Dialect) -> Ciphers:
    """Return the ciphers of the books that are open. Raises `Refusal` where their keys cannot be had."""
    return ciphers_at(dialect).ciphers


def _ciphers(by: Ciphers | Dialect) -> Ciphers:
    return by if isinstance(by, Ciphers) else ciphers_of(by)


class as_mark(FunctionElement[str]):  # noqa: N801 - it stands in queries, as the functions of SQL do
    """What is kept of a sealed value, as text that databases put in some order: to tell one of several from the rest.

    It is empty where the value is.
    """

    inherit_cache = True
    type = String()


@compiles(as_mark, "sqlite")
def _on_sqlite(mark: as_mark, compiler: Any, **options: Any) -> str:
    return f"hex({compiler.process(mark.clauses, **options)})"


@compiles(as_mark, "postgresql")
def _on_postgres(mark: as_mark, compiler: Any, **options: Any) -> str:
    return f"encode({compiler.process(mark.clauses, **options)}, 'hex')"


class _OnlyEqual(TypeDecorator.Comparator[Any]):
    """Lets a sealed column be compared for equality only: there is no order among sealed values, and no part of one."""

    _MEANT = frozenset(
        {
            operators.eq,
            operators.ne,
            operators.in_op,
            operators.not_in_op,
            operators.is_,
            operators.is_not,
            operators.distinct_op,
        }
    )

    def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
        if op not in self._MEANT:
            raise TypeError(f"a sealed column cannot be asked for {op.__name__}")
        return super().operate(op, *other, **kwargs)


class Sealed(TypeDecorator[str]):
    """A text. An empty one is kept empty, so that SQL can ask whether there is any."""

    impl = LargeBinary
    cache_ok = True
    comparator_factory = _OnlyEqual

    def __init__(self, kind: SealedKind, is_findable: bool = True) -> None:  # noqa: FBT001, FBT002 - part of the cache key by name
        """Take what it is, and whether equal texts are sealed alike, so that they can be found, joined and counted."""
        super().__init__()
        self.kind = kind
        self.is_findable = is_findable

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], bytes | None]:
        """Return what makes of a text what is kept."""
        return lambda value: self.kept(value, dialect)

    def kept(self, value: str | None, by: Ciphers | Dialect) -> bytes | None:
        """Return what is kept of a text by these ciphers, or by those of the books that are open."""
        if not value:
            return None if value is None else b""
        return _ciphers(by).sealed(self.kind, value.encode(), is_findable=self.is_findable)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[bytes | None], str | None]:  # noqa: ARG002
        """Return what makes a text of what is kept; it raises `Refusal` where that cannot be had."""

        def process(kept: bytes | None) -> str | None:
            if not kept:
                return None if kept is None else ""
            try:
                return ciphers_at(dialect).opened(self.kind, kept, is_findable=self.is_findable).decode()
            except (BrokenSealError, UnicodeDecodeError, TypeError) as error:  # text, where somebody wrote it there
                raise Refusal(KeyCode.BROKEN_SEAL) from error

        return process


class SealedFile(TypeDecorator[bytes]):
    """Bytes of a file, packed by zlib (RFC 1950) and sealed. Empty ones are kept empty, as texts are."""

    impl = LargeBinary
    cache_ok = True
    comparator_factory = _OnlyEqual

    def bind_processor(self, dialect: Dialect) -> Callable[[bytes | None], bytes | None]:
        """Return what makes of bytes what is kept."""
        return lambda value: self.kept(value, dialect)

    def kept(self, value: bytes | None, by: Ciphers | Dialect) -> bytes | None:
        """Return what is kept of bytes, as `Sealed.kept`."""
        return _ciphers(by).sealed(SealedKind.FILE, zlib.compress(value, _LEVEL), is_findable=True) if value else value

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[bytes | None], bytes | None]:  # noqa: ARG002
        """Return what makes of them what was given; it raises `Refusal` where that cannot be had."""

        def process(kept: bytes | None) -> bytes | None:
            if not kept:
                return None if kept is None else b""
            try:
                return zlib.decompress(ciphers_at(dialect).opened(SealedKind.FILE, kept, is_findable=True))
            except (BrokenSealError, zlib.error, TypeError) as error:
                return self.unopened(bytes(kept), error)

        return process

    def unopened(self, kept: bytes, error: Exception) -> bytes:  # noqa: ARG002
        """Raise `Refusal`: what is kept is not what was given."""
        raise Refusal(KeyCode.BROKEN_SEAL) from error


class SealedFileToCheck(SealedFile):
    """The same file for who looks whether it is whole: one that was changed is given as it stands."""

    cache_ok = True

    def unopened(self, kept: bytes, error: Exception) -> bytes:  # noqa: ARG002
        """Return what is kept."""
        return kept
