"""`donations check`, `dump`: whether the ledger holds, and the whole of it in one order for all."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from donations.cli import context
from donations.cli.export import note_export
from donations.cli.report_table import show_report
from donations.cli.show import Json, as_json
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.ledger.audit import head_typed
from donations.reports.checking import check
from donations.reports.dump import digest, dump


def check_command(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[CHECK]...", help=N_("Only these; default all."))
    ] = None,
    *,
    rejudge: Annotated[
        bool,
        typer.Option("--rejudge", help=N_("Show what today's readers and rules would change; nothing is changed.")),
    ] = False,
    knew: Annotated[
        str | None, typer.Option("--knew", metavar="NUMBER:SHA256", help=N_("A head kept from an earlier time."))
    ] = None,
    json: Json = False,
) -> None:
    """Check every invariant of the books by name; exit status 1 if one is broken, or if there is nothing to check."""
    if rejudge:
        if names or knew is not None:
            raise Refusal(BooksCode.CHECK_OR_REJUDGE)
        from donations.cli.importing import rejudge as judge_again  # noqa: PLC0415 - else no reader is needed

        judge_again(keep=False, json=json)
        return
    known = head_typed(knew)
    with context.reader_of_log() as session:
        found = check(session, names or (), known=known)
    context.warn_of_open_files()
    show_report(found.table, csv=None, json=json)
    raise typer.Exit(found.exit_status)


def dump_command(
    *,
    hash_only: Annotated[
        bool, typer.Option("--hash", help=N_("Only the SHA-256: equal books have equal hashes."))
    ] = False,
    json: Json = False,
) -> None:
    """Print the canonical ledger: sorted JSON lines, whole minor units, no row numbers, no clocks."""
    with context.reader() as session:
        content = dump(session)
    if hash_only:
        as_json({"sha256": digest(content)}) if json else typer.echo(digest(content))
        return
    note_export("dump")
    if json:
        lines = ",".join(content.decode().splitlines())
        typer.echo(f'{{"sha256": "{digest(content)}", "payments": [{lines}]}}')
    else:
        sys.stdout.buffer.write(content)
