"""`donations worker`: does what the pages begin, and what is due each day, in a program of its own.

What it does is imported once it does it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from donations.core.language import N_


def worker_command(
    *,
    backup: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help=N_("Make a backup into this folder each day."))
    ] = None,
    at: Annotated[
        datetime, typer.Option(formats=["%H:%M"], help=N_("When the backup is due, by the clock of Estonia."))
    ] = datetime(1900, 1, 1, 3, 10),  # noqa: DTZ001 - the time of a day alone
    keep: Annotated[
        int | None, typer.Option(min=1, help=N_("Delete the oldest backups, so that so many are left."))
    ] = None,
    recipient: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="age1…", help=N_("Encrypt it for this public key of age; may be repeated.")),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help=N_("Do what waits now, and end."))] = False,
) -> None:
    """Do what the pages begin, as the PDFs of certificates, until stopped; and make a backup each day if you like."""
    from donations.cli.worker import work  # noqa: PLC0415

    work(backup=backup, at=at.time(), keep=keep, recipients=tuple(recipient or ()), once=once)
