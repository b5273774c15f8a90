"""`donations backup`, `verify`, `restore`: the whole books in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from donations.acts.backing_up import (
    Lock,
    Unlock,
    back_up,
    drop_half_done,
    keep_newest,
    name_of_backup,
    restore,
    verify,
)
from donations.cli import context
from donations.cli.keys import place_of_key, say_state
from donations.cli.show import Json, as_json, print_translated
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import RunningCode
from donations.store.copying import BackupNote
from donations.store.encrypting import asks_passphrase, is_encrypted
from donations.store.host_key import KeyState, key_state
from donations.store.tables.sealed import ciphers_of

Backup = Annotated[Path, typer.Argument(metavar="FILE", help=N_("A file that donations backup has written."))]
Identity = Annotated[
    Path | None, typer.Option("--identity", metavar="FILE", help=N_("The secret key of age that opens it."))
]


def backup_command(
    to: Annotated[
        Path, typer.Argument(metavar="FILE", help=N_("A new file, or a folder: there it gets its time as its name."))
    ],
    *,
    keep: Annotated[
        int | None, typer.Option(min=1, help=N_("In a folder: delete the oldest, so that so many backups are left."))
    ] = None,
    recipient: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="age1…", help=N_("Encrypt it for this public key of age; may be repeated.")),
    ] = None,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help=N_("Encrypt it by a passphrase: asked for, or of the settings."))
    ] = False,
    json: Json = False,
) -> None:
    """Write the whole books into one file, while anybody may work on; encrypted if you like."""
    if keep is not None:
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        drop_half_done(to)
    lock = Lock(tuple(recipient or ()), _passphrase(confirm=True) if passphrase else "")
    now = context.now()
    context.write_waiting_looks()
    file = to / name_of_backup(now) if to.is_dir() else to
    note = back_up(context.engine(), file, lock, by=context.person(), now=now)
    gone = keep_newest(to, keep) if keep is not None else []
    if json:
        as_json({"file": str(file), "is_encrypted": not lock.is_open, "deleted": list(map(str, gone)), **_said(note)})
        return
    print_translated(
        N_("{payments} payments and {entries} entries of the log are in {file}."),
        payments=note.payments,
        entries=note.log_entries,
        file=file,
    )
    if lock.is_open:
        _say_who_reads()
    if gone:
        print_translated(N_("Deleted, the oldest first: {files}"), files=", ".join(each.name for each in gone))


def _say_who_reads() -> None:
    """Say who can read a backup that is not encrypted."""
    with context.reader() as session:
        is_sealed = ciphers_of(session.get_bind().dialect).is_sealed
    if is_sealed:
        sealed = N_("Names, accounts and texts in it are sealed by the key: {place}. Without it nobody reads them.")
        print_translated(sealed, place=place_of_key())
        print_translated(N_("Keep a copy of the key, in another place than the backups. Days and amounts are open."))
    else:
        print_translated(N_("Whoever has this file can read all of it, names too. Keep it where nobody else comes."))


def verify_command(file: Backup, *, identity: Identity = None, json: Json = False) -> None:
    """Restore a backup aside, and compare it with what it says of itself; exit status 1 where it differs."""
    found = verify(file, _unlock(file, identity), context.host_key())
    if json:
        as_json({"file": str(file), "wrong": list(found.wrong), "broken": list(found.broken), **_said(found.note)})
    else:
        print_translated(
            N_("Made {time} UTC by version {version}: {payments} payments, {entries} entries of the log."),
            time=f"{found.note.made_at:%Y-%m-%d %H:%M}",
            version=found.note.version,
            payments=found.note.payments,
            entries=found.note.log_entries,
        )
        if found.wrong:
            print_translated(N_("Not as it was when it was made: {what}."), what=", ".join(found.wrong))
        else:
            print_translated(N_("The ledger and the log are as they were when it was made."))
        if found.broken:
            print_translated(
                N_("Checks of these books that did not hold then: {checks}"), checks=", ".join(found.broken)
            )
    if found.wrong:
        raise typer.Exit(1)


def restore_command(
    file: Backup,
    *,
    identity: Identity = None,
    replace: Annotated[
        bool, typer.Option("--replace", help=N_("Put books that are there aside, in a file beside theirs."))
    ] = False,
    json: Json = False,
) -> None:
    """Make books from a backup, where DONATIONS_DATABASE_URL says; never over others without a word."""
    url = context.settings().database_url
    unlock = _unlock(file, identity)
    note, aside = restore(
        file, url, unlock, context.host_key(), by=context.person(), now=context.now(), replace=replace
    )
    if json:
        put_aside = None if aside is None else str(aside)
        as_json({"file": str(file), "put_aside": put_aside, "key": _key().name.lower(), **_said(note)})
        return
    print_translated(
        N_("Restored: {payments} payments, as of {time} UTC."), payments=note.payments, time=f"{note.made_at:%F %H:%M}"
    )
    if aside is not None:
        print_translated(N_("The books that were there are in {file}."), file=aside)
    print_translated(
        N_("What people did since then is to be done again. Start the pages anew if they are being served.")
    )
    print_translated(N_("The key: {place}"), place=place_of_key())
    say_state(_key())


def _key() -> KeyState:
    with context.reader() as session:
        return key_state(session.connection())


def _said(note: BackupNote) -> dict[str, object]:
    return {
        "made_at": f"{note.made_at:%Y-%m-%dT%H:%M:%SZ}",
        "version": note.version,
        "payments": note.payments,
        "ledger": note.ledger,
        "log": {"number": note.log_entries, "sha256": note.log_digest},
    }


def _unlock(file: Path, identity: Path | None) -> Unlock:
    if not file.is_file():
        raise Refusal(RunningCode.NO_SUCH_FILE, file=str(file))
    if not is_encrypted(file):
        return Unlock()
    if asks_passphrase(file):
        return Unlock(passphrase=_passphrase(confirm=False))
    lines = identity.read_text().splitlines() if identity is not None else []
    return Unlock(key=next((line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")), ""))


def _passphrase(*, confirm: bool) -> str:
    known = context.settings().backup_passphrase.get_secret_value()
    return known or typer.prompt(N_("Passphrase"), hide_input=True, confirmation_prompt=confirm, err=True)
