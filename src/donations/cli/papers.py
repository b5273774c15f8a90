"""`donations certificates`, `inf4`, `journal`: papers for donors, for the tax board and for the accountant."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from donations.acts.certificate import WHY_NONE, CertificateState, YearOfCertificates
from donations.acts.donor_certificates import find_certificate
from donations.acts.issuing import issue, letterhead, to_issue, year_of_certificates
from donations.acts.promise import mark_of, promise_of
from donations.cli import context
from donations.cli.export import export_of, note_export, note_program, write_private
from donations.cli.importing import AsShown
from donations.cli.show import (
    UNCHANGED,
    Json,
    as_json,
    errors,
    money,
    money_text,
    print_mark,
    print_translated,
    sums_text,
    table,
    translated,
)
from donations.core.calendar import Period, day_of
from donations.core.donor import DonorId
from donations.core.language import N_, Language
from donations.core.money import EUR
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.core.typed import typed_month
from donations.documents.archive import zipped
from donations.documents.certificate_archive import files, one_paper, to_set
from donations.documents.tax_list import JournalFormat, as_csv, as_file, as_workbook
from donations.reports.inf4 import inf4, inf4_view, refuse_other_list, year_to_declare
from donations.reports.journal import journal
from donations.store.log.audit import note_access
from donations.store.organisation import TaxLayout, paper_settings
from donations.store.papers import keep_list, lines_of_list
from donations.store.session import as_reader
from donations.views.donor import certificates_view
from donations.views.inf4 import UNSAID_LIST, WHY_UNLISTED, Inf4View
from donations.views.language import speaking
from donations.views.value import money as shown

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
            each.donor.name or translated(N_("erased")),
            sums_text(each.totals),
            translated(_STATES[each.state]),
        ]
        for each in found.issued
    ]
    rows += [
        ["", each.donor.name, sums_text(each.totals), translated(N_("ready, donor {number}"), number=each.donor.id)]
        for each in found.ready
    ]
    rows += [["", each.donor.name, sums_text(each.totals), translated(WHY_NONE[each.why])] for each in found.cannot]
    title = translated(N_("Certificates of {year}"), year=year)
    table(title, [N_("Number"), N_("Donor"), N_("Sum"), N_("State")], rows, right=["Sum"])
    if not found.is_over:
        print_translated(N_("{year} is not over."), year=year)
    elif found.open_months:
        print_translated(N_("Not closed yet: {months}"), months=", ".join(found.open_months))


@certificates_app.command("issue")
def issue_command(
    year: Year,
    *,
    donor: Annotated[list[int] | None, typer.Option("--donor", help=N_("Only to this one; may be repeated."))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Show the numbers; change nothing."))] = False,
    as_shown: AsShown = None,
    json: Json = False,
) -> None:
    """Issue one to everybody who can get one. What is issued stays; after a change a new one replaces it."""
    wanted = None if donor is None else set(map(DonorId, donor))
    with context.writer(keep=not dry_run) as session:
        issuer = letterhead(as_reader(session), organisation=context.name_given_out(session))
        ready = year_of_certificates(as_reader(session), year, today=day_of(context.now())).ready
        promised = promise_of(to_issue([each for each in ready if wanted is None or each.donor in wanted], issuer))
        numbers = issue(
            session,
            year,
            donors=wanted,
            issuer=issuer,
            by=context.person(),
            now=context.now(),
            today=day_of(context.now()),
            promised=as_shown,
        )
    if json:
        as_json({"is_preview": dry_run, "numbers": numbers, "promised": promised})
        return
    issued = N_("{count} certificates: {first} to {last}.")
    print_translated(issued, count=len(numbers), first=numbers[0], last=numbers[-1])
    print_translated(UNCHANGED if dry_run else N_("As PDF: donations certificates write {year} -o FILE"), year=year)
    if dry_run:
        print_mark(promised)


@certificates_app.command("write")
def write_command(
    year: Year,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help=N_("A ZIP; with --number a PDF."))],
    number: Annotated[int | None, typer.Option("--number", min=1, help=N_("Only this one: 12 is 2026-0012."))] = None,
    json: Json = False,
) -> None:
    """Write those that stand as PDF into one ZIP, or one alone; one that is void says so."""
    if number is not None:
        _write_one(year, number, output)
        written = 1
    else:
        with context.reader() as session:
            issued = year_of_certificates(session, year, today=day_of(context.now())).issued
            standing = to_set(session, issued, has_codes=True)
        if not standing:
            raise Refusal(BooksCode.NOTHING_TO_WRITE)
        note_export(f"certificates write {year}")
        with_progress = track(standing, description=translated(N_("Setting")), console=errors, transient=True)
        write_private(output, b"".join(zipped(files(with_progress))))
        written = len(standing)
    if json:
        as_json({"written": written, "file": str(output)})
        return
    print_translated(N_("{count} written to {file}."), count=written, file=output)


def _write_one(year: int, number: int, output: Path) -> None:
    with context.reader() as session:
        found = find_certificate(session, year, number)
        if found is None:
            raise Refusal(BooksCode.UNKNOWN_CERTIFICATE)
        content = one_paper(session, found, has_codes=True)
    note_export(f"certificates write {year}", number=number)
    write_private(output, content)


def _year(year: int) -> YearOfCertificates:
    with context.reader() as session:
        return year_of_certificates(session, year, today=day_of(context.now()))


inf4_app = typer.Typer(no_args_is_help=True)

DeclaredYear = Annotated[
    int | None, typer.Argument(min=2000, max=2100, help=N_("Default: the year that is declared now."))
]


class TaxListFormat(StrEnum):
    """As what the list can be written."""

    CSV = "csv"
    XLSX = "xlsx"


@inf4_app.command("list")
def inf4_list_command(year: DeclaredYear = None, *, json: Json = False) -> None:
    """Show who can be listed today, who cannot and why, and what changed since a list was taken along."""
    with context.reader() as session:
        found = inf4_view(session, inf4(session, year or _year_now()))
    if json:
        note_program(f"inf4 list {found.year}")
        as_json(found.document())
        return
    rows = [[str(each.donor.id), each.donor.name, money_text(each.money), ""] for each in found.listed]
    rows += [
        [str(each.donor.id), each.donor.name, money_text(each.money), translated(WHY_UNLISTED[each.why])]
        for each in found.not_listed
    ]
    title = translated(N_("INF 4 working list, {year}"), year=found.year)
    table(title, [N_("Donor"), N_("Name"), N_("Sum"), N_("In the way")], rows, right=["Donor", "Sum"])
    _say_sums(found)
    if not found.is_list_said:
        print_translated(UNSAID_LIST)
    if found.listed:
        print_translated(
            N_("To take along exactly this: donations inf4 take --as-shown {mark}"), mark=mark_of(found.promised)
        )
    for each in found.changed:
        before, now = (
            translated(N_("not listed")) if one is None else money_text(one) for one in (each.before, each.now)
        )
        changes = N_("Changed since list {number}: {donor}, {before}, now {now}")
        print_translated(changes, number=found.lists[0].id, donor=each.donor.name, before=before, now=now)


def _say_sums(found: Inf4View) -> None:
    print_translated(
        N_(
            "Listed {listed}, not listed {not_listed}, anonymous {anonymous}, refunds without a donor {without_donor},"
            " given while not on the tax board's list {outside}: {total}."
        ),
        listed=money_text(found.listed_sum),
        not_listed=money_text(found.not_listed_sum),
        anonymous=money_text(found.anonymous),
        without_donor=money_text(found.without_donor),
        outside=money_text(found.outside),
        total=money_text(found.total),
    )
    if found.total != found.booked:
        print_translated(
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
def inf4_take_command(
    year: DeclaredYear = None,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help=N_("Holds whole codes: keep it safe."))
    ],
    rendering: Annotated[TaxListFormat, typer.Option("--format")] = TaxListFormat.CSV,
    language: Annotated[Language, typer.Option("--language", help=N_("Of the workbook."))] = Language.ESTONIAN,
    as_shown: AsShown = None,
    json: Json = False,
) -> None:
    """Keep the list as it is now, to compare with later, and write it to a file."""
    with context.writer() as session:
        context.name_given_out(session)
        reader = as_reader(session)
        found = inf4(reader, year or _year_now())
        if not found.lines:
            raise Refusal(BooksCode.NOTHING_TO_LIST)
        refuse_other_list(reader, found, promised=as_shown)
        number = keep_list(session, found.lines, year=found.year, by=context.person(), at=context.now())
        lines = lines_of_list(reader, number)
        if rendering is TaxListFormat.CSV:
            content = as_csv(lines, paper_settings(reader, TaxLayout))
        else:
            with speaking(language):
                content = as_workbook(lines, found.year)
        note_access(session, [export_of(f"inf4 take {found.year}")])
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
    print_translated(written, count=len(found.lines), sum=money(found.listed, EUR), file=output, number=number)


def _year_now() -> int:
    return year_to_declare(day_of(context.now()))


def journal_command(
    month: Annotated[str, typer.Argument(metavar="YYYY-MM")],
    *,
    rendering: Annotated[JournalFormat, typer.Option("--format")] = JournalFormat.CSV,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=N_("Default: standard output."))
    ] = None,
    names: Annotated[bool, typer.Option("--names", help=N_("With the names of donors."))] = False,
    opening: Annotated[
        bool,
        typer.Option("--opening", help=N_("Begin with the opening balances: hledger and beancount, the first file.")),
    ] = False,
    language: Annotated[Language, typer.Option("--language", help=N_("Of CSV and XLSX."))] = Language.ESTONIAN,
    json: Json = False,
) -> None:
    """Write a month as bookings: CSV, XLSX, Merit with the accountant's numbers; or for hledger and beancount."""
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
    print_translated(N_("{month}: {count} bookings written to {file}."), month=wanted, count=bookings, file=output)
