"""`donations certificates`: who can get one for a year, issuing them, and writing them as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from donations.acts.certificate import WHY_NONE, CertificateState, YearOfCertificates
from donations.acts.issuing import find_certificate, issue, letterhead, year_of_certificates
from donations.cli import context
from donations.cli.importing import Json
from donations.cli.private_file import write_private
from donations.cli.show import UNCHANGED, as_json, errors, say, sums_text, table, told
from donations.cli.taking_along import note_export, note_program
from donations.core.calendar import day_of
from donations.core.donor import DonorId
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.documents.batch import zipped
from donations.documents.certificate import paper, papers, to_set
from donations.store.session import as_reader
from donations.views.certificate import certificates_view

certificates_app = typer.Typer(no_args_is_help=True)

_STATES = {
    CertificateState.STANDS: N_("stands"),
    CertificateState.VOID: N_("void"),
    CertificateState.REPLACED: N_("replaced"),
}
Year = Annotated[int, typer.Argument(min=2000, max=2100)]


@certificates_app.command("list")
def list_command(year: Year, *, json: Json = False) -> None:
    """Show what was issued and what became of it, who can get one, and who cannot and why."""
    found = certificates_view(_year(year))
    if json:
        note_program(f"certificates list {year}")
        as_json(found.document())
        return
    rows = [
        [
            each.number,
            each.donor.name or told(N_("erased")),
            sums_text(each.totals),
            told(_STATES[each.state]),
        ]
        for each in found.issued
    ]
    rows += [
        ["", each.donor.name, sums_text(each.totals), told(N_("ready, donor {number}"), number=each.donor.id)]
        for each in found.ready
    ]
    rows += [["", each.donor.name, sums_text(each.totals), told(WHY_NONE[each.why])] for each in found.cannot]
    title = told(N_("Certificates of {year}"), year=year)
    table(title, [N_("Number"), N_("Donor"), N_("Sum"), N_("State")], rows, right=["Sum"])
    if not found.is_over:
        say(N_("{year} is not over."), year=year)
    elif found.open_months:
        say(N_("Not closed yet: {months}"), months=", ".join(found.open_months))


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
    issued = N_("{count} certificates: {first} to {last}.")
    say(issued, count=len(numbers), first=numbers[0], last=numbers[-1])
    say(UNCHANGED if dry_run else N_("As PDF: donations certificates write {year} -o FILE"), year=year)


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
        with_progress = track(standing, description=told(N_("Setting")), console=errors, transient=True)
        write_private(output, b"".join(zipped(papers(with_progress))))
        written = len(standing)
    if json:
        as_json({"written": written, "file": str(output)})
        return
    say(N_("{count} written to {file}."), count=written, file=output)


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
