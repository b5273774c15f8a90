"""The key of the host is changed, or given up where it is lost: all in one transaction, and written in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from donations.core.refusal import Refusal
from donations.core.refusals import KeyCode
from donations.ledger.audit import About, Action, Noted
from donations.store import users
from donations.store.data_keys import Keys, has_keys, keep_keys, new_keys, unwrapped
from donations.store.host_key import (
    HostKey,
    is_key_of,
    key_of,
    know_key,
    new_word,
    refusal_of,
    word_in,
    write_word,
)
from donations.store.jobs import forget_made
from donations.store.log.audit import note_access
from donations.store.resealing import reseal
from donations.store.sealing import SecretSeal, is_sealed
from donations.store.session import ReadSession, WriteSession, as_reader
from donations.store.statements.giving_codes import renew_codes
from donations.store.strangers import forget_counts
from donations.store.tables.sealed import ciphers_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """What the books have under their new key."""

    secrets: int
    """Of authenticator apps, sealed anew."""
    lost: tuple[str, ...]
    """The names of people whose app no key opens: they come in by recovery code, or by a link after a reset."""


def rotate(
    session: WriteSession, host: HostKey, *, old_file: Path | None, anew: bool = False, by: str, now: datetime
) -> Renewed:
    """Wrap, seal and hash everything under a new key, which lies on the disk before the books know it.

    With `anew` people's data gets new data keys too, and is sealed anew.

    Where the key is a file beside the books and no old one is named, the new one waits beside it until `settle`, which
    is called in a transaction of its own, after this one. Else it is the host's, and the old one is in `old_file`.
    Raises `Refusal`.
    """
    if old_file is None:
        old = key_of(session.connection())
        if host.next_file is None:
            raise Refusal(KeyCode.NEW_KEY_NEEDED)
        settle(session, host)
        host.drop_waiting()
        new = new_word()
        write_word(host.next_file, new)
    else:
        old, new = word_in(old_file), host.meant()
        if is_key_of(session.connection(), new):
            raise Refusal(KeyCode.KEY_IS_HERE)
        if not is_key_of(session.connection(), old):
            raise Refusal(KeyCode.OLD_KEY_WRONG, file=str(old_file))
    connection = session.connection()
    keys = _data_keys(session, old, host)
    if anew and keys:
        reseal(session, new_keys(), new)
    else:
        keep_keys(connection, keys, new)
    return _renew(session, old, new, Noted(action=Action.KEY_CHANGED, about=About.ORGANISATION, by=by, at=now))


def adopt(session: WriteSession, host: HostKey, *, by: str, now: datetime) -> None:
    """Let books that brought a key be the host's: they get its own, where it has one. Raises `Refusal`."""
    connection, own = session.connection(), next(host.words())
    if not is_key_of(connection, own):
        keep_keys(connection, _data_keys(session, host.brought, host), own)
        _renew(session, host.brought, own, Noted(action=Action.KEY_CHANGED, about=About.ORGANISATION, by=by, at=now))


def keep_brought(host: HostKey, word: str) -> None:
    """Let a host without a key keep the one that a backup brought. Raises `OSError` where it cannot be kept."""
    if word and host.file is not None and not any(host.words()):
        write_word(host.file, word)


def seal_books(session: WriteSession, *, by: str, now: datetime) -> None:
    """Seal people's data in books that were kept unsealed; sealed ones are left alone. Raises `Refusal`."""
    connection = session.connection()
    if ciphers_of(connection.dialect).is_sealed:
        return
    reseal(session, new_keys(), key_of(connection))
    note_access(session, [Noted(action=Action.BOOKS_SEALED, about=About.ORGANISATION, by=by, at=now)])


def unseal_books(session: WriteSession, *, by: str, now: datetime) -> None:
    """Let people's data stand in the books as it is. Raises `Refusal`."""
    if not ciphers_of(session.connection().dialect).is_sealed:
        raise Refusal(KeyCode.IS_UNSEALED)
    reseal(session, {}, "")
    note_access(session, [Noted(action=Action.BOOKS_UNSEALED, about=About.ORGANISATION, by=by, at=now)])


def forget(session: WriteSession, host: HostKey, *, by: str, now: datetime) -> Renewed:
    """Give a lost key up: from now on the books have the one of the host.

    Raises `Refusal` where the key is here, and where people's data is sealed: nobody could ever read it again.
    """
    connection = session.connection()
    if any(is_key_of(connection, each) for each in host.words()):
        raise Refusal(KeyCode.KEY_IS_HERE)
    if has_keys(connection):
        raise Refusal(KeyCode.LOST_FOR_GOOD)
    return _renew(
        session, None, host.meant(), Noted(action=Action.KEY_FORGOTTEN, about=About.ORGANISATION, by=by, at=now)
    )


def _data_keys(session: WriteSession, word: str, host: HostKey) -> Keys:
    """Return the data keys of the books, none for unsealed ones. Raises `Refusal` where this key does not open them."""
    keys = unwrapped(session.connection(), word)
    if keys is None:
        raise refusal_of(host)
    return keys


def people_locked_out(session: ReadSession) -> tuple[str, ...]:
    """Return whose authenticator app shows nothing that is right any more where the key is lost."""
    return tuple(row.name for row in users.all_people(session) if row.totp_secret and is_sealed(row.totp_secret))


def settle(session: WriteSession, host: HostKey) -> Path | None:
    """Let the file beside the books hold the key that they know; returns where the one of before is, if it changed.

    Backups of before need that one. Whatever a change of the key was broken off by, this ends it.
    """
    waiting = host.next_file
    if waiting is None or not waiting.exists() or not is_key_of(session.connection(), word_in(waiting)):
        return None
    return host.put_in_place()


def _renew(session: WriteSession, old: str | None, new: str, noted: Noted) -> Renewed:
    done, lost = 0, list[str]()
    seal = SecretSeal(new)
    for row in users.all_people(as_reader(session)):
        if row.totp_secret is None or not is_sealed(row.totp_secret):
            continue
        secret = None if old is None else SecretSeal(old).opened(row.totp_secret, person_id=row.id)
        if secret is None:
            lost.append(row.name)
        else:
            row.totp_secret = seal.sealed(secret, person_id=row.id)
            session.add(row)
            done += 1
    session.flush()
    know_key(session.connection(), new, before=old)
    renew_codes(session)
    forget_counts(session)
    forget_made(session)
    note_access(session, [noted])
    return Renewed(secrets=done, lost=tuple(lost))
