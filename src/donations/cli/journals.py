"""`donations journal`: a month as bookings for the accountant's program."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from donations.cli import context
from donations.cli.importing import Json
from donations.cli.private_file import write_private
from donations.cli.show import as_json, say
from donations.cli.taking_along import note_export
from donations.core.language import N_, Language
from donations.core.period import Period
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import typed_month
from donations.documents.tax_list import JournalFormat, as_file
from donations.reports.journal import journal
from donations.views.language import speaking


def journal_command(
    month: Annotated[str, typer.Argument(metavar="YYYY-MM")],
    *,
    rendering: Annotated[JournalFormat, typer.Option("--format")] = JournalFormat.CSV,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Default: standard output.")
    ] = None,
    names: Annotated[bool, typer.Option("--names", help="With the names of donors.")] = False,
    opening: Annotated[
        bool, typer.Option("--opening", help="Begin with the opening balances: hledger and beancount, the first file.")
    ] = False,
    language: Annotated[Language, typer.Option("--language", help="Of CSV and XLSX.")] = Language.ESTONIAN,
    json: Json = False,
) -> None:
    """Write a month as bookings: CSV and XLSX with the accountant's numbers, or what hledger and beancount read."""
    wanted = typed_month(month)
    if output is None and (json or rendering is JournalFormat.XLSX):
        raise Refusal(BooksCode.OUTPUT_NEEDED)
    with context.reader() as session, speaking(language):
        content = as_file(session, wanted, rendering, with_names=names, with_opening=opening)
        bookings = len(journal(session, Period(wanted.first_day, wanted.last_day)).bookings)
    note_export(f"journal {wanted}", format=rendering, names=names)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    write_private(output, content)
    if json:
        as_json({"month": str(wanted), "bookings": bookings, "file": str(output)})
        return
    say(N_("{month}: {count} bookings written to {file}."), month=wanted, count=bookings, file=output)
