"""The key of the host: where it is, and whether it is the one of these books, which keep a check value of it.

It seals secrets (`store/sealing.py`) and finds again what is kept hashed only (`store/keyed.py`). It is a setting, or a
file beside the database. Books know their key once it is used: from then on no other one does, and none is made.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path

from sqlalchemy import Connection, DateTime, Engine, bindparam, exists, or_, select, text
from sqlmodel import Session, col

from donations.core.giving_code import giving_codes
from donations.core.refusal import Refusal
from donations.core.refusals import KeyCode
from donations.store.keyed import Keyed, hashed
from donations.store.line_texts import line_texts
from donations.store.sealing import SEALED, SecretSeal
from donations.store.session import WRITES, table_of
from donations.store.tables import LineCodeRow, LineDetailRow
from donations.store.tables.access import PersonRow, StrangerAskedRow
from donations.store.tables.documents import DocumentSettingRow

KEY = "donations_key"
"""The execution option of an engine that holds the key of its host."""
WORD_MIN = 32
_NAME, _BEFORE = "host_key", "host_key_before"
_KEEP = text(
    "INSERT INTO document_setting (name, value, set_by, set_at) VALUES (:name, :value, '', :at)"
    " ON CONFLICT (name) DO NOTHING"
).bindparams(bindparam("at", type_=DateTime))
"""Of two servers that begin at once the second one finds what the first has kept. It is no act of anybody's."""
_FORGET = text("DELETE FROM document_setting WHERE name IN (:name, :before)")
_LINES_TRIED = 50


class KeyState(Enum):
    """What the key of the host is to these books."""

    OPENS = auto()
    UNUSED = auto()
    """Nothing is sealed or hashed yet."""
    WRONG = auto()
    MISSING = auto()

    @property
    def is_well(self) -> bool:
        """Whether nothing is shut."""
        return self in {KeyState.OPENS, KeyState.UNUSED}


@dataclass(slots=True)
class HostKey:
    """What the host has for a key: a word of its settings, else a file beside the books; in memory a word."""

    word: str = ""
    file: Path | None = None
    seals: bool = True
    """Whether books that are made here, or brought over from an older program, are sealed (`store/data_keys.py`)."""
    brought: str = field(default="", repr=False)
    """The key that a backup brings along, which is tried after the host's own."""
    _known: list[str] = field(default_factory=list)
    """What opened these books last; files are read again once it does not."""

    @property
    def next_file(self) -> Path | None:
        """Where a new key waits until the books know it."""
        return None if self.word or self.file is None else self.file.with_name(f"{self.file.name}.next")

    def words(self) -> Iterator[str]:
        """Yield the keys that there are, the one that is meant first. Raises `Refusal` where one is too short."""
        if self.word:
            yield self.word
        else:
            yield from self._known
            yield from (word_in(file) for file in (self.file, self.next_file) if file is not None and file.exists())
        if self.brought:
            yield self.brought

    def remember(self, word: str) -> None:
        """Try this one first from now on."""
        if not self.word:
            self._known = [word]

    def meant(self) -> str:
        """Return the key that is meant, made where there is none. Raises as `words`."""
        return next(self.words(), None) or self.make()

    def drop_waiting(self) -> None:
        """Drop what a change left that was broken off before the books knew its key."""
        if self.next_file is not None:
            for left in (self.next_file, *self.next_file.parent.glob(f".{self.next_file.name}.*")):
                left.unlink(missing_ok=True)

    def put_in_place(self) -> Path | None:
        """Let the file have the key that waits beside it; returns where the one of before is."""
        if self.file is None or self.next_file is None:
            return None
        aside = self.file.with_name(f"{self.file.name}.before-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S.%fZ}")
        if self.file.exists():
            self.file.rename(aside)
        self.next_file.rename(self.file)
        sync(self.file.parent)
        return aside if aside.exists() else None

    def make(self) -> str:
        """Make a key, where there is none."""
        word = new_word()
        if self.file is not None:
            with suppress(FileExistsError):  # somebody else was quicker
                write_word(self.file, word)
            word = word_in(self.file)
        self.remember(word)
        return word


def new_word() -> str:
    """Return a new key."""
    return secrets.token_urlsafe(32)


def word_in(file: Path) -> str:
    """Return the key that stands in a file. Raises `Refusal` where it is too short to be one, and `OSError`."""
    word = file.read_bytes().decode("ascii", "replace").strip()
    if len(word) < WORD_MIN:
        raise Refusal(KeyCode.NO_KEY_IN_FILE, file=str(file.absolute()), least=WORD_MIN)
    return word


def write_word(file: Path, word: str) -> None:
    """Write a key into a new file that only its owner can read: whole, or not at all. Raises `FileExistsError`."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:
        opened.write(f"{word}\n")
        opened.flush()
        os.fsync(opened.fileno())
    try:
        os.link(beside, file)
    except FileExistsError:
        raise
    except OSError:  # there are no links on this disk
        beside.rename(file)
    finally:
        beside.unlink(missing_ok=True)
    sync(file.parent)


def sync(place: Path) -> None:
    """Let the disk have what is in a file, or the names in a folder."""
    opened = os.open(place, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def host_key_at(opened: Engine | Connection) -> HostKey:
    """Return what the host has for a key."""
    found: HostKey = opened.get_execution_options()[KEY]
    return found


def key_of(connection: Connection) -> str:
    """Return the key of these books; the first time it is used they keep its check value.

    Raises `Refusal` where the host has none or another one: `wrong_key`, `no_key`.
    """
    host, kept = host_key_at(connection), _check_kept(connection)
    if kept is None:
        return _first_used(connection, host)
    word = next((each for each in host.words() if _check_of(each) == kept), None)
    if word is None:
        raise refusal_of(host)
    host.remember(word)
    return word


def key_in_use(connection: Connection) -> str:
    """Return the key of books that know one; empty where nothing needed it yet. Raises as `key_of`."""
    return "" if _check_kept(connection) is None else key_of(connection)


def keyed_hash(connection: Connection, what: Keyed, text: str) -> str:
    """Return the hash of a text in these books, 64 hexadecimal characters. Raises as `key_of`."""
    return hashed(key_of(connection), what, text)


def is_hash_of(connection: Connection, kept: str, what: Keyed, text: str) -> bool:
    """Whether this is the hash of a text under the key of these books or the one before it. Raises as `key_of`."""
    return any(hashed(word, what, text) == kept for word in own_words(connection))


def seal_of(session: Session) -> SecretSeal:
    """Return the seal of these books. Raises as `key_of`."""
    return SecretSeal(key_of(session.connection()))


def is_key_of(connection: Connection, word: str) -> bool:
    """Whether a key is the one of these books, as far as they can tell."""
    kept = _check_kept(connection)
    return _fits(connection, word) if kept is None else _check_of(word) == kept


def key_state(connection: Connection) -> KeyState:
    """Return what the key of the host is to these books; nothing is made."""
    host = host_key_at(connection)
    words = list(host.words())
    if _check_kept(connection) is None and not _is_needed(connection):
        return KeyState.UNUSED
    if not words:
        return KeyState.MISSING
    return KeyState.OPENS if any(is_key_of(connection, each) for each in words) else KeyState.WRONG


def know_key(connection: Connection, word: str, *, before: str | None) -> None:
    """Let this be the key of the books from now on; they keep the one before it, sealed by it."""
    connection.execute(_FORGET, {"name": _NAME, "before": _BEFORE})
    _keep_check(connection, word)
    if before is not None:
        box = SecretSeal(word).boxed(before.encode(), bound_to=_BEFORE)
        _keep(connection, _BEFORE, b64encode(box).decode())


def own_words(connection: Connection) -> Iterator[str]:
    """Yield the key of these books, and the one before it if they had another. Raises as `key_of`."""
    word, kept = key_of(connection), _value(connection, _BEFORE)
    yield word
    before = None if kept is None else SecretSeal(word).unboxed(b64decode(kept), bound_to=_BEFORE)
    if before is not None:
        yield before.decode()


def _first_used(connection: Connection, host: HostKey) -> str:
    """Return the key of books that do not know theirs yet: new ones, or those of an older version."""
    word = next(host.words(), None)
    if word is None and not _is_needed(connection):
        word = host.make()
    elif word is None or not _fits(connection, word):
        raise refusal_of(host)
    if WRITES in connection.get_execution_options():
        _keep_check(connection, word)
        if _check_kept(connection) != _check_of(word):
            raise refusal_of(host)
    return word


def refusal_of(host: HostKey) -> Refusal:
    """Return what is said where the host's key is missing, or is not the one of the books."""
    place = "DONATIONS_SECRET_KEY" if host.word or host.file is None else str(host.file.absolute())
    return Refusal(KeyCode.WRONG_KEY if any(host.words()) else KeyCode.NO_KEY, place=place)


def _check_of(word: str) -> str:
    return hashed(word, Keyed.CHECK, "")


def _check_kept(connection: Connection) -> str | None:
    return _value(connection, _NAME)


def _value(connection: Connection, name: str) -> str | None:
    query = select(col(DocumentSettingRow.value)).where(col(DocumentSettingRow.name) == name)
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def _keep_check(connection: Connection, word: str) -> None:
    _keep(connection, _NAME, _check_of(word))


def _keep(connection: Connection, name: str, value: str) -> None:
    connection.execute(_KEEP, {"name": name, "value": value, "at": datetime.now(UTC)})


def _is_needed(connection: Connection) -> bool:
    """Whether there is anything that a key sealed or hashed."""
    kinds = (
        exists().where(col(PersonRow.totp_secret).startswith(SEALED)),
        exists().where(col(LineCodeRow.line_id).is_not(None)),
        exists().where(col(StrangerAskedRow.subject) != ""),
    )
    return bool(connection.execute(select(or_(*kinds))).scalar_one())


def _fits(connection: Connection, word: str) -> bool:
    """Whether a key opens or finds any of what books of before they kept a check value hold; of nothing it is true."""
    seal = SecretSeal(word)
    sealed = select(col(PersonRow.id), col(PersonRow.totp_secret)).where(col(PersonRow.totp_secret).startswith(SEALED))
    opened = [seal.opened(str(kept), person_id=id_) is not None for id_, kept in connection.execute(sealed)]
    lines = select(col(LineCodeRow.line_id), col(LineCodeRow.digest)).limit(_LINES_TRIED)
    found = [_finds(connection, word, line, digest) for line, digest in connection.execute(lines)]
    return any(opened + found) or not (opened or found)


def _finds(connection: Connection, word: str, line: int, digest: str) -> bool:
    texts = (
        text_of
        for texts in (line_texts.c, table_of(LineDetailRow).c)
        for text_of in connection.execute(select(texts.text).where(texts.line_id == line)).scalars()
    )
    return any(hashed(word, Keyed.GIVING_CODE, code) == digest for each in texts for code in giving_codes(each))
