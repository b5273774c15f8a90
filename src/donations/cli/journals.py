"""`donations journal`: a month as bookings for the accountant's program."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from donations.cli import context
from donations.cli.importing import Json
from donations.cli.private_file import write_private
from donations.cli.show import as_json, fail, say
from donations.cli.taking_along import note_export
from donations.core.language import Language
from donations.core.month import BadMonthError, Month
from donations.documents.workbook import workbook
from donations.reports.journal import journal, journal_table
from donations.reports.period import Period
from donations.reports.plain_text import WRITERS
from donations.store.papers.paper_settings import AccountNumbers, paper_settings
from donations.store.session import ReadSession
from donations.web.formats import TELLER
from donations.web.language import gettext, speaking


class Rendering(StrEnum):
    """As what a journal can be written."""

    CSV = "csv"
    XLSX = "xlsx"
    HLEDGER = "hledger"
    BEANCOUNT = "beancount"


def journal_command(
    month: Annotated[str, typer.Argument(metavar="YYYY-MM")],
    *,
    rendering: Annotated[Rendering, typer.Option("--format")] = Rendering.CSV,
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
    try:
        wanted = Month.parse(month)
    except BadMonthError:
        fail("bad_month", "Write the month like 2026-10.", json_wanted=json)
    if output is None and (json or rendering is Rendering.XLSX):
        fail("output_needed", "Name the file: --output FILE.", json_wanted=json)
    with context.reader() as session, speaking(language):
        content, bookings = _written(session, wanted, rendering, with_names=names, with_opening=opening)
    note_export(f"journal {wanted}", format=rendering, names=names)
    if output is None:
        sys.stdout.buffer.write(content)
        return
    write_private(output, content)
    if json:
        as_json({"month": str(wanted), "bookings": bookings, "file": str(output)})
        return
    say(f"{wanted}: {bookings} bookings written to {output}.")


def _written(
    session: ReadSession, month: Month, rendering: Rendering, *, with_names: bool, with_opening: bool
) -> tuple[bytes, int]:
    """Return the file, and how many payments are in it."""
    period = Period(month.first_day, month.last_day)
    found = journal(session, period)
    if rendering in WRITERS:
        text = WRITERS[rendering](found, with_names=with_names, with_opening=with_opening)
        return text.encode(), len(found.bookings)
    numbers = paper_settings(session, AccountNumbers)
    table = journal_table(session, period, numbers, with_names=with_names).told(TELLER)
    content = workbook(table, notes_name=gettext("Notes")) if rendering is Rendering.XLSX else table.to_csv()
    return content, len(found.bookings)
