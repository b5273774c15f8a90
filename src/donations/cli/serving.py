"""`donations serve`, `demo`: the pages, over the books or over a made-up association.

What they do is imported once they do it: their help needs no pages.
"""

from __future__ import annotations

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
    from donations.cli.demonstrating import show_demo  # noqa: PLC0415

    show_demo(no_serve=no_serve, port=port, seed=seed, donors=donors)
