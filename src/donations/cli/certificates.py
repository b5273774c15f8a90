"""`donations certificates`: who can get one for a year, issuing them, and writing them as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from donations.acts.certificate import YearOfCertificates
from donations.acts.issuing import find_certificate, issue, letterhead, year_of_certificates
from donations.cli import context
from donations.cli.importing import Json
from donations.cli.private_file import write_private
from donations.cli.show import as_json, errors, say, sums_text, table
from donations.cli.taking_along import note_export, note_program
from donations.core.calendar import day_of
from donations.core.donor import DonorId
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.documents.batch import zipped
from donations.documents.certificate import paper, papers, to_set
from donations.store.session import as_reader
from donations.views.certificate import certificates_view

certificates_app = typer.Typer(no_args_is_help=True)

Year = Annotated[int, typer.Argument(min=2000, max=2100)]


@certificates_app.command("list")
def list_command(year: Year, *, json: Json = False) -> None:
    """Show what was issued and what became of it, who can get one, and who cannot and why."""
    found = certificates_view(_year(year))
    if json:
        note_program(f"certificates list {year}")
        as_json(found.document())
        return
    rows = [[each.number, each.donor.name or "(erased)", sums_text(each.totals), each.state] for each in found.issued]
    rows += [["", each.donor.name, sums_text(each.totals), f"ready, donor {each.donor.id}"] for each in found.ready]
    rows += [["", each.donor.name, sums_text(each.totals), each.why] for each in found.cannot]
    table(f"Certificates of {year}", ["Number", "Donor", "Sum", "State"], rows, right=["Sum"])
    if not found.is_over:
        say(f"{year} is not over.")
    elif found.open_months:
        say(f"Not closed yet: {', '.join(found.open_months)}")


@certificates_app.command("issue")
def issue_command(
    year: Year,
    *,
    donor: Annotated[list[int] | None, typer.Option("--donor", help="Only to this one; may be repeated.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the numbers; change nothing.")] = False,
    json: Json = False,
) -> None:
    """Issue one to everybody who can get one. What is issued stays; after a change a new one replaces it."""
    with context.writer(keep=not dry_run) as session:
        numbers = issue(
            session,
            year,
            donors=None if donor is None else set(map(DonorId, donor)),
            issuer=letterhead(as_reader(session), organisation=context.name_given_out(session)),
            by=context.person(),
            now=context.now(),
            today=day_of(context.now()),
        )
    if json:
        as_json({"is_preview": dry_run, "numbers": numbers})
        return
    say(f"{len(numbers)} certificates: {numbers[0]} to {numbers[-1]}.")
    say(
        "Nothing was changed: this was a dry run."
        if dry_run
        else f"As PDF: donations certificates write {year} -o FILE"
    )


@certificates_app.command("write")
def write_command(
    year: Year,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="A ZIP; with --number a PDF.")],
    number: Annotated[int | None, typer.Option("--number", min=1, help="Only this one: 12 is 2026-0012.")] = None,
    json: Json = False,
) -> None:
    """Write those that stand as PDF into one ZIP, or one alone; one that is void says so."""
    if number is not None:
        _write_one(year, number, output)
        written = 1
    else:
        standing = to_set(_year(year).issued)
        if not standing:
            raise Refusal(BooksCode.NOTHING_TO_WRITE)
        note_export(f"certificates write {year}")
        with_progress = track(standing, description="Setting", console=errors, transient=True)
        write_private(output, b"".join(zipped(papers(with_progress))))
        written = len(standing)
    if json:
        as_json({"written": written, "file": str(output)})
        return
    say(f"{written} written to {output}.")


def _write_one(year: int, number: int, output: Path) -> None:
    with context.reader() as session:
        found = find_certificate(session, year, number)
    if found is None:
        raise Refusal(BooksCode.UNKNOWN_CERTIFICATE)
    note_export(f"certificates write {year}", number=number)
    write_private(output, paper(found))


def _year(year: int) -> YearOfCertificates:
    with context.reader() as session:
        return year_of_certificates(session, year, today=day_of(context.now()))
