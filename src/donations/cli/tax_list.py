"""`donations inf4`: who can be told to the tax board for a year, and the list to take along."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from donations.cli import context
from donations.cli.importing import Json
from donations.cli.private_file import write_private
from donations.cli.show import as_json, money, money_text, say, table, told
from donations.cli.taking_along import export_of, note_program
from donations.core.calendar import day_of
from donations.core.language import N_, Language
from donations.core.money import EUR
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.documents.tax_list import as_csv, as_workbook
from donations.reports.inf4 import inf4, inf4_view, year_to_declare
from donations.store.log.audit import note_look
from donations.store.papers.paper_settings import TaxLayout, paper_settings
from donations.store.papers.tax_lists import keep_list, lines_of
from donations.store.session import as_reader
from donations.views.inf4 import WHY_UNLISTED, Inf4View
from donations.views.language import speaking
from donations.views.value import money as shown

inf4_app = typer.Typer(no_args_is_help=True)

Year = Annotated[int | None, typer.Argument(min=2000, max=2100, help="Default: the year that is declared now.")]


class TaxListFormat(StrEnum):
    """As what the list can be written."""

    CSV = "csv"
    XLSX = "xlsx"


@inf4_app.command("list")
def list_command(year: Year = None, *, json: Json = False) -> None:
    """Show who can be listed today, who cannot and why, and what changed since a list was taken along."""
    with context.reader() as session:
        found = inf4_view(session, inf4(session, year or _year_now()))
    if json:
        note_program(f"inf4 list {found.year}")
        as_json(found.document())
        return
    rows = [[str(each.donor.id), each.donor.name, money_text(each.money), ""] for each in found.listed]
    rows += [
        [str(each.donor.id), each.donor.name, money_text(each.money), told(WHY_UNLISTED[each.why])]
        for each in found.not_listed
    ]
    title = told(N_("INF 4 working list, {year}"), year=found.year)
    table(title, [N_("Donor"), N_("Name"), N_("Sum"), N_("In the way")], rows, right=["Donor", "Sum"])
    _say_sums(found)
    for each in found.changed:
        before, now = (told(N_("not listed")) if one is None else money_text(one) for one in (each.before, each.now))
        changes = N_("Changed since list {number}: {donor}, {before}, now {now}")
        say(changes, number=found.lists[0].id, donor=each.donor.name, before=before, now=now)


def _say_sums(found: Inf4View) -> None:
    say(
        N_(
            "Listed {listed}, not listed {not_listed}, anonymous {anonymous}, refunds without a donor {without_donor}:"
            " {total}."
        ),
        listed=money_text(found.listed_sum),
        not_listed=money_text(found.not_listed_sum),
        anonymous=money_text(found.anonymous),
        without_donor=money_text(found.without_donor),
        total=money_text(found.total),
    )
    if found.total != found.booked:
        say(
            N_(
                "With {later} that was returned later and less {before} returned in {year} of earlier gifts: {booked},"
                " as `donations report donor-years` says."
            ),
            later=money_text(found.returned_later),
            before=money_text(found.returned_of_before),
            year=found.year,
            booked=money_text(found.booked),
        )


@inf4_app.command("take")
def take_command(
    year: Year = None,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Holds whole codes: keep it safe.")],
    rendering: Annotated[TaxListFormat, typer.Option("--format")] = TaxListFormat.CSV,
    language: Annotated[Language, typer.Option("--language", help="Of the workbook.")] = Language.ESTONIAN,
    json: Json = False,
) -> None:
    """Keep the list as it is now, to compare with later, and write it to a file."""
    with context.writer() as session:
        context.name_given_out(session)
        reader = as_reader(session)
        found = inf4(reader, year or _year_now())
        if not found.lines:
            raise Refusal(BooksCode.NOTHING_TO_LIST)
        number = keep_list(session, found.lines, year=found.year, by=context.person(), at=context.now())
        lines = lines_of(reader, number)
        if rendering is TaxListFormat.CSV:
            content = as_csv(lines, paper_settings(reader, TaxLayout))
        else:
            with speaking(language):
                content = as_workbook(lines, found.year)
        note_look(session, [export_of(f"inf4 take {found.year}")])
        write_private(output, content)  # before the list is kept for good: what cannot be written was not taken along
    if json:
        as_json(
            {
                "list": number,
                "year": found.year,
                "donors": len(found.lines),
                "money": shown(found.listed, EUR).document(),
                "file": str(output),
            }
        )
        return
    written = N_("{count} donors, {sum}, written to {file} and kept as list {number}.")
    say(written, count=len(found.lines), sum=money(found.listed, EUR), file=output, number=number)


def _year_now() -> int:
    return year_to_declare(day_of(context.now()))
