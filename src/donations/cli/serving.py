"""`donations serve`, `demo`, `worker`: what can be said to them; what serves and works is imported when it is to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from donations.core.language import N_

Port = Annotated[int, typer.Option(min=1, max=65535, help=N_("Where to serve."))]


def serve_command(
    *,
    host: Annotated[str, typer.Option(help=N_("127.0.0.1 is this computer only."))] = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help=N_("How many processes answer; more than one with PostgreSQL only."))
    ] = 1,
    access_log: Annotated[
        bool, typer.Option("--access-log", help=N_("Print a line of JSON for each request, which names nobody."))
    ] = False,
) -> None:
    """Serve the pages until stopped (Ctrl-C, or the signals by which systems stop programs); that is exit status 0."""
    from donations.cli.server import serve_books  # noqa: PLC0415

    serve_books(host=host, port=port, workers=workers, access_log=access_log)


def demo_command(
    *,
    no_serve: Annotated[bool, typer.Option("--no-serve", help=N_("End after the table."))] = False,
    port: Port = 8000,
    seed: Annotated[int, typer.Option(help=N_("Another number is another association."))] = 1,
    donors: Annotated[int, typer.Option(min=1, max=10_000, help=N_("How many people give."))] = 400,
) -> None:
    """Show a made-up association that kept its books for two years, in a fresh database, and the pages over them."""
    from donations.cli.server import show_demo  # noqa: PLC0415

    show_demo(no_serve=no_serve, port=port, seed=seed, donors=donors)


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
    from donations.cli.working import work_beside  # noqa: PLC0415

    work_beside(backup=backup, at=at.time(), keep=keep, recipients=tuple(recipient or ()), once=once)
