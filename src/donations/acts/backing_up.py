"""Backups: whole books in one file, verified by restoring them aside, and restored where there are none.

A backup holds what the books hold, sealed as they are. One that is encrypted as a whole holds their key too, so that
whoever can open it can restore it anywhere; of the others the key is kept apart.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from donations.acts.rekeying import adopt, keep_brought
from donations.core.refusal import Refusal
from donations.core.refusals import BackupCode, RunningCode
from donations.ledger.audit import About, Action, Noted, complaints
from donations.reports.checking import check
from donations.reports.dump import digest, dump
from donations.store.copying import (
    BackupNote,
    bring_in,
    is_sound,
    make_books,
    note_in,
    write_copy,
)
from donations.store.encrypting import asks_passphrase, decrypt, decrypted, encrypt, encrypted, is_encrypted
from donations.store.host_key import HostKey, host_key_at, key_in_use, sync
from donations.store.log.audit import head, last_entry, note_access, whole_log
from donations.store.log.backed_up import BackupTo
from donations.store.mail import doubt_waiting
from donations.store.migrate import migrate
from donations.store.opening import close_books, is_alone, is_served, leave, open_engine
from donations.store.payments.payments import attested_ids
from donations.store.place import place_of, sqlite_file
from donations.store.revision import NEWEST, BooksAt, books_at
from donations.store.session import ReadSession, reading, writing
from donations.store.snapshot_file import keep_snapshot
from donations.store.users import all_people

PASSPHRASE_MIN = 12
"""Characters; age makes each guess cost a second."""
SUFFIX = ".donations-backup"
_HALF_DONE = ".donations-backup-"
_A_DAY = 24 * 60 * 60
_BUSY_SECONDS = 5
_NOTE_SECONDS = 60 * 60
"""How long what was made waits for who imports just then: it is whole, and only the log does not say so yet."""
_DUE_AFTER, _LATE_AFTER = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Lock:
    """Who can read a backup: whoever holds a secret key of these public ones, else whoever knows the passphrase."""

    recipients: tuple[str, ...] = ()
    passphrase: str = ""

    def __post_init__(self) -> None:
        """Raise `Refusal` for a passphrase that can be guessed."""
        if 0 < len(self.passphrase) < PASSPHRASE_MIN:
            raise Refusal(BackupCode.SHORT_PASSPHRASE, least=PASSPHRASE_MIN)

    @property
    def is_open(self) -> bool:
        """Whether anybody can read it."""
        return not (self.recipients or self.passphrase)


@dataclass(frozen=True, slots=True)
class Unlock:
    """What opens an encrypted backup."""

    key: str = ""
    """`AGE-SECRET-KEY-1…`."""
    passphrase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What restoring a backup aside came to."""

    note: BackupNote
    wrong: tuple[str, ...]
    """Names of what is not as it was when the backup was made; nothing where all is."""
    broken: tuple[str, ...]
    """Checks of the books that do not hold: so were the books themselves."""


def back_up(
    engine: Engine,
    file: Path,
    lock: Lock,
    *,
    by: str,
    now: datetime,
    verified: bool = False,
    to: BackupTo = BackupTo.FILE,
) -> BackupNote:
    """Write the books into a new file, while anybody may work on; it gets its name when it is whole.

    With `verified` it is restored aside before it is encrypted, for afterwards only who has the secret could.
    Raises `Refusal` where the file is there already, a key is none, or what was restored is not what the books are.
    """
    if file.exists():
        raise Refusal(BackupCode.FILE_IS_THERE, file=str(file))
    with TemporaryDirectory(dir=file.parent, prefix=_HALF_DONE) as folder:
        plain, made = Path(folder) / "books", Path(folder) / "encrypted"
        with reading(engine) as session:
            note = _note(session, key=_locked_key(session, lock), now=now)
            write_copy(session, plain, note)
        if verified:
            aside = Path(folder) / "aside"
            aside.touch(mode=0o600)
            shutil.copyfile(plain, aside)
            _refuse_damaged(_made_books(aside, note, host_key_at(engine)))
        if lock.is_open:
            made = plain
        else:
            made.touch(mode=0o600)
            encrypt(plain, made, recipients=lock.recipients, passphrase=lock.passphrase)
        done = Noted(
            action=Action.BACKED_UP,
            about=About.ORGANISATION,
            by=by,
            at=now,
            details={"is_encrypted": not lock.is_open, "log_entries": note.log_entries, "to": to},
        )
        with writing(engine, seconds=_NOTE_SECONDS) as write:
            note_access(write, [done])
        made.rename(file)
    return note


def name_of_backup(now: datetime) -> str:
    """Return the name of a backup in a folder of many: names sort by time (UTC)."""
    return f"{now.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}{SUFFIX}"


def drop_half_done(folder: Path) -> None:
    """Delete what killed backups left in a folder of many a day ago: it is not encrypted, and takes room."""
    for each in folder.glob(f"{_HALF_DONE}*"):
        with suppress(OSError):  # somebody else's, or gone by now
            if time() - each.stat().st_mtime > _A_DAY:
                shutil.rmtree(each)


def keep_newest(folder: Path, most: int) -> list[Path]:
    """Delete the oldest backups of a folder, so that so many are left; returns what went. Other files stay."""
    there = sorted(each for each in folder.glob(f"*{SUFFIX}") if each.is_file())
    gone = there[: max(0, len(there) - most)]
    for each in gone:
        each.unlink(missing_ok=True)
    return gone


def last_backup(session: ReadSession) -> datetime | None:
    """Return when these books were backed up last."""
    return last_entry(session, Action.BACKED_UP)


@dataclass(frozen=True, slots=True)
class BackupDue:
    """Books should be backed up again."""

    last: datetime | None
    """None where they never were."""
    is_late: bool
    """Whether there was none for a month, or never one in books that are older than that."""


def backup_due(session: ReadSession, *, now: datetime) -> BackupDue | None:
    """Return that a backup is due, a week after the last one; None where it is not."""
    last = last_backup(session)
    if last is not None and now - last < _DUE_AFTER:
        return None
    since = last or next((each.entry.at for each in whole_log(session)), now)
    return BackupDue(last, is_late=now - since >= _LATE_AFTER)


def verify(file: Path, unlock: Unlock, host: HostKey) -> Verified:
    """Restore a backup aside and compare it with what it says of itself.

    Raises `Refusal` where it is none, or where the host lacks the key of its books.
    """
    with _opened(file, unlock) as (plain, note):
        return _made_books(plain, note, _key_of(note, unlock, host))


def restore(
    file: Path, url: str, unlock: Unlock, host: HostKey, *, by: str, now: datetime, replace: bool = False
) -> tuple[BackupNote, Path | None]:
    """Make the books of a verified backup at a place without any; returns its note and where older ones were put.

    With `replace` books in a file of SQLite are put aside first, under another name beside it. Raises `Refusal`.
    """
    with _opened(file, unlock) as (plain, note):
        key = _key_of(note, unlock, host)
        _refuse_damaged(_made_books(plain, note, key))
        to, are_there = sqlite_file(url), _has_books(url, key)
        if are_there and (to is None or not replace):
            raise Refusal(BackupCode.BOOKS_ARE_THERE, place=place_of(url))
        _make_own(plain, note, key, by=by, now=now)
        if to is None:
            keep_brought(host, key.brought)
            _bring_to_server(plain, url, key)
            return note, None
        with TemporaryDirectory(dir=to.parent, prefix=".restore-") as folder:  # on the same disk, to be renamed
            beside = Path(folder) / "books"
            beside.touch(mode=0o600)
            shutil.copyfile(plain, beside)
            sync(beside)
            aside = _put_aside(to, url, now=now) if are_there else None
            keep_brought(host, key.brought)
            keep_snapshot(open_engine(url, key=key), None)  # other books published it
            beside.rename(to)
            sync(to.parent)
    return note, aside


def _has_books(url: str, key: HostKey) -> bool:
    """Whether there are books at a place. On a server tables that nobody used are what a killed restore has left."""
    found = books_at(url)
    if found is not BooksAt.CURRENT or sqlite_file(url) is not None:
        return found is not BooksAt.NONE
    engine = open_engine(url, key=key)
    with reading(engine) as session:
        is_used = head(session).number > 0 or bool(all_people(session))
    engine.dispose()
    return is_used


def _make_own(plain: Path, note: BackupNote, key: HostKey, *, by: str, now: datetime) -> None:
    """Let restored books be the host's before they are in their place: then whoever is killed left all or nothing."""
    engine = open_engine(f"sqlite:///{plain}", key=key)
    done = Noted(action=Action.RESTORED, about=About.ORGANISATION, by=by, at=now, details={"payments": note.payments})
    with writing(engine) as session:
        note_access(session, [done])
        doubt_waiting(session)
        if key.brought:
            adopt(session, key, by=by, now=now)
    close_books(engine, seconds=_BUSY_SECONDS)


def _bring_to_server(plain: Path, url: str, key: HostKey) -> None:
    engine = open_engine(url, key=key)
    migrate(engine)
    keep_snapshot(engine, None)
    engine.dispose()
    bring_in(plain, url)


def _key_of(note: BackupNote, unlock: Unlock, host: HostKey) -> HostKey:
    """Return what the host has for a key, with the one that a backup brings along."""
    word = decrypted(note.key, key=unlock.key, passphrase=unlock.passphrase) if note.key else ""
    return replace(host, brought=word)


def _refuse_damaged(found: Verified) -> None:
    if found.wrong:
        raise Refusal(BackupCode.DAMAGED_BACKUP, what=", ".join(found.wrong))


def _made_books(plain: Path, note: BackupNote, host: HostKey) -> Verified:
    """Let a backup that lies open be books, and compare them with its note.

    Raises `Refusal` where it is damaged, or its key is not here.
    """
    if not is_sound(plain):
        raise Refusal(BackupCode.DAMAGED_BACKUP, what="SQLite")
    make_books(plain, host)
    engine = open_engine(f"sqlite:///{plain}", key=host)
    try:
        with reading(engine) as session:
            found = {
                "ledger": digest(dump(session)) == note.ledger,
                "log": head(session) == note.head and not any(complaints(whole_log(session), known=note.head)),
            }
            broken = check(session).broken
    finally:
        close_books(engine, seconds=_BUSY_SECONDS)
    wrong = tuple(name for name, holds in found.items() if not holds)
    return Verified(note=note, wrong=wrong, broken=tuple(sorted(broken)))


def _locked_key(session: ReadSession, lock: Lock) -> str:
    """Return the key of the books, encrypted by itself: sealed rows and their key never lie open in one place."""
    word = "" if lock.is_open else key_in_use(session.connection())
    return encrypted(word, recipients=lock.recipients, passphrase=lock.passphrase) if word else ""


def _note(session: ReadSession, *, key: str, now: datetime) -> BackupNote:
    newest = head(session)
    return BackupNote(
        made_at=now,
        version=version("donations"),
        revision=NEWEST,
        payments=len(attested_ids(session)),
        ledger=digest(dump(session)),
        log_entries=newest.number,
        log_digest=newest.digest,
        key=key,
    )


@contextmanager
def _opened(file: Path, unlock: Unlock) -> Iterator[tuple[Path, BackupNote]]:
    """Lay a backup open in a folder of its own, which goes again. Raises `Refusal`."""
    if not file.is_file():
        raise Refusal(RunningCode.NO_SUCH_FILE, file=str(file))
    with TemporaryDirectory(prefix="donations-") as folder:
        plain = Path(folder) / "books"
        plain.touch(mode=0o600)
        if is_encrypted(file):
            if not (unlock.passphrase if asks_passphrase(file) else unlock.key):
                raise Refusal(BackupCode.NO_SECRET)
            decrypt(file, plain, key=unlock.key, passphrase=unlock.passphrase)
        else:
            shutil.copyfile(file, plain)
        try:
            note = note_in(plain)
        except DatabaseError as error:
            raise Refusal(BackupCode.NO_BACKUP, file=str(file)) from error
        if note is None:
            raise Refusal(BackupCode.NO_BACKUP, file=str(file))
        yield plain, note


def _put_aside(file: Path, url: str, *, now: datetime) -> Path:
    """Give the file of books that nobody uses another name too: its own is taken by what comes. Raises `Refusal`."""
    engine = open_engine(url)
    with engine.connect():
        pass  # after a server that was killed, who comes and goes is the last one
    leave(engine)
    if is_served(file):
        raise Refusal(BackupCode.BOOKS_ARE_SERVED, place=place_of(url))
    if not close_books(engine, seconds=_BUSY_SECONDS):
        raise Refusal(RunningCode.BUSY)
    if not is_alone(engine):  # a worker, which would go on with the file that is put aside
        raise Refusal(BackupCode.BOOKS_ARE_SERVED, place=place_of(url))
    aside = file.with_name(f"{file.name}.before-{now.astimezone(UTC):%Y-%m-%dT%H-%M-%SZ}")
    try:
        os.link(file, aside)  # who is killed now leaves the books in their place, and no place for empty ones
    except OSError:  # there are no links on this disk
        file.rename(aside)
    return aside
