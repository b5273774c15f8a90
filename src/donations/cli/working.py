"""Does what the pages begin, and what is due each day, in a program of its own."""

from __future__ import annotations

from datetime import time
from pathlib import Path

from donations.acts.backing_up import Lock
from donations.cli import context
from donations.cli.workers import ending_in_peace
from donations.jobs.backups import DailyBackup
from donations.jobs.known import KINDS
from donations.jobs.running import do_all
from donations.store.opening import unpooled


def work_beside(*, backup: Path | None, at: time, keep: int | None, recipients: tuple[str, ...], once: bool) -> None:
    """Do what waits; a backup at this time of day (Europe/Tallinn) where there is a folder for it. Raises `Refusal`."""
    context.engine().dispose()
    engine, kinds = unpooled(context.engine()), dict(KINDS)  # while it waits, SQLite's file may be put aside
    if backup is not None:
        lock = Lock(recipients, context.settings().backup_passphrase.get_secret_value())
        daily = DailyBackup(folder=backup, lock=lock, at=at, keep=keep, by=context.person())
        kinds[daily.kind.name] = daily.kind

    with ending_in_peace() as told:
        do_all(engine, kinds, context.now, once=once, stop=told)
