"""`donations donors`: who is the same, the letter with everything held, and a donor's way out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from donations.acts.erasing import due, hold, purge, refuse_restricted, release, restrict, retention_status_of
from donations.acts.merging import MergeResult, merge, unmerge
from donations.acts.promise import promise_of, refuse_outdated
from donations.cli import context
from donations.cli.export import note_program, write_private
from donations.cli.importing import AsShown
from donations.cli.show import (
    Json,
    account_text,
    as_json,
    money_text,
    print_mark,
    print_translated,
    show_line,
    sums_text,
    translated,
)
from donations.core.calendar import day_of
from donations.core.donor import DonorId
from donations.core.donor_field import donor_fields
from donations.core.language import N_, Language
from donations.core.refusal import Refusal
from donations.core.refusals import DonorCode
from donations.documents.certificate import letter_paper
from donations.documents.printed import Imprint
from donations.ledger.audit import About, Action, Noted
from donations.ledger.retention import RetentionReason
from donations.reports.association import association
from donations.reports.donor import known_donor
from donations.reports.duplicates import Duplicate, duplicates, pairs_alike
from donations.reports.letter import letter
from donations.store.association import logo
from donations.store.donors.merges import merges_of
from donations.store.donors.subject_access import everything_on
from donations.store.log.audit import note_access
from donations.store.personal_data import sweep
from donations.store.session import ID_MAX, as_reader
from donations.views.donor import LikePair, MergeView
from donations.views.formats import TELLER
from donations.views.language import speaking
from donations.views.value import ListOf, Named

donors_app = typer.Typer(no_args_is_help=True)

Donor = Annotated[int, typer.Argument(metavar="DONOR", min=1, max=ID_MAX)]
DryRun = Annotated[bool, typer.Option("--dry-run", help=N_("Only show what it would come to."))]
Without = Annotated[
    list[str] | None,
    typer.Option(
        metavar="TEXT", help=N_("A text to leave out, as `note-3`; by default those that seem to name others.")
    ),
]


@donors_app.command("show")
def show_command(donor: Donor, *, json: Json = False) -> None:
    """Show a donor, or the one that it was merged into: what was given, and by which accounts it is known."""
    with context.reader() as session:
        found = known_donor(session, donor)
        if found is None:
            refuse_restricted(session, [DonorId(donor)])
    if found is None:
        raise Refusal(DonorCode.UNKNOWN_DONOR)
    if json:
        note_program(f"donors show {donor}")
        as_json(found.document())
        return
    show_line(f"{found.id} {found.name}")
    for each in found.given:
        print_translated(N_("  {sum}, gifts: {count}"), sum=money_text(each.money), count=each.gifts)
    for number in found.accounts:
        show_line(f"  {account_text(number)}")
    for key, value in found.contacts.items():
        show_line(f"  {translated(donor_fields()[key].label)}: {value}")
    if found.has_code:
        print_translated(N_("  A personal or registry code is known."))
    for year in found.years:
        print_translated(
            N_("  {year}: {sum}, gifts: {count}"), year=year.period, sum=sums_text(year.totals), count=year.gifts
        )
    for gift in found.regular:
        regular = N_("  Regular, every {months} months: {sum}, {count} in a row, next about {day}")
        print_translated(regular, months=gift.every, sum=money_text(gift.usual), count=gift.in_a_row, day=gift.next_due)
    for note in found.notes:
        show_line(f"  {note.written_at:%Y-%m-%d} {note.written_by}: {note.text}")


@donors_app.command("export")
def export_command(
    donor: Donor,
    *,
    pdf: Annotated[
        Path | None, typer.Option(metavar="FILE", help=N_("Write it as a letter; else JSON is shown."))
    ] = None,
    language: Annotated[Language, typer.Option(help=N_("Of the letter."))] = Language.ESTONIAN,
    without: Without = None,
) -> None:
    """Take along everything that is held on a donor: look through the texts, and send it to the donor only."""
    with context.writer() as session:
        reader = as_reader(session)
        retention_status_of(reader, DonorId(donor))
        organisation = context.name_given_out(session)
        held = everything_on(reader, DonorId(donor))
        own = association(reader, called=organisation)
        found, own_logo = letter(held, sender=own, without=without, has_codes=True), logo(reader, own.presence.logo)
        exported = Noted(
            action=Action.EXPORTED, about=About.DONOR, id=str(donor), by=context.person(), at=context.now()
        )
        note_access(session, [exported])
    if pdf is None:
        as_json(found.document())
        return
    with speaking(language):
        imprint = Imprint(organisation=organisation, language=language, teller=TELLER, made_on=day_of(context.now()))
        write_private(pdf, letter_paper(found, imprint, own, own_logo))


@donors_app.command("erase")
def erase_command(donor: Donor, *, dry_run: DryRun = False, as_shown: AsShown = None, json: Json = False) -> None:
    """Take a donor who asks for it out of sight, and destroy what no law asks for."""
    now = context.now()
    with context.writer(keep=not dry_run) as session:
        result = restrict(
            session, DonorId(donor), why=RetentionReason.ASKED, by=context.person(), now=now, today=day_of(now)
        )
        refuse_outdated(as_shown, result)
    swept = not dry_run and sweep(context.engine())
    until = result.stays.kept_until
    if json:
        as_json(
            {
                "donor": donor,
                "is_preview": dry_run,
                "swept": swept,
                "shown_as": result.name,
                "kept_until": until,
                "digest": promise_of(result),
            }
        )
        return
    _say_preview(result, is_preview=dry_run)
    print_translated(N_("Donor {number} is shown as {name} from now on."), number=donor, name=result.name)
    print_translated(N_("Gifts that stay with their days and amounts: {count}."), count=result.stays.gifts)
    if until is not None:
        by_law = N_("Kept until {day} by law: {lines} lines of the bank, the files, and the name and code.")
        print_translated(by_law, day=until, lines=result.stays.lines)


@donors_app.command("purge")
def purge_command(
    donor: Annotated[int | None, typer.Argument(metavar="[DONOR]", min=1, max=ID_MAX)] = None,
    *,
    dry_run: DryRun = False,
    as_shown: AsShown = None,
    json: Json = False,
) -> None:
    """Destroy the rest of a donor whose time is over; of all such donors where none is named."""
    now = context.now()
    with context.writer(keep=not dry_run) as session:
        donors = due(as_reader(session), today=day_of(now)) if donor is None else [DonorId(donor)]
        results = tuple(purge(session, each, by=context.person(), now=now, today=day_of(now)) for each in donors)
        refuse_outdated(as_shown, results)
    swept = bool(results) and not dry_run and sweep(context.engine())
    if json:
        as_json({"donors": donors, "is_preview": dry_run, "swept": swept, "digest": promise_of(results)})
    elif not results:
        print_translated(N_("There is nothing that the law lets go today."))
    elif dry_run:
        _say_preview(results, is_preview=True)
    for each in () if json else results:
        gone = N_("Donor {number}: {lines} lines and {files} files are destroyed.")
        print_translated(gone, number=each.donor, lines=each.destroyed.lines, files=each.destroyed.files)


@donors_app.command("hold")
def hold_command(
    donor: Donor,
    *,
    why: Annotated[RetentionReason, typer.Option(help=N_("`dispute` or `audit`."))] = RetentionReason.DISPUTE,
    json: Json = False,
) -> None:
    """Let nothing of a donor be destroyed until it is released."""
    now = context.now()
    with context.writer() as session:
        hold(session, DonorId(donor), why=why, by=context.person(), now=now, today=day_of(now))
    if json:
        as_json({"donor": donor, "held": True})
    else:
        print_translated(N_("Donor {number} is on hold: nothing is destroyed until it is released."), number=donor)


@donors_app.command("release")
def release_command(donor: Donor, *, json: Json = False) -> None:
    """Let a donor's data be destroyed again: the reason to hold it is over."""
    now = context.now()
    with context.writer() as session:
        release(session, DonorId(donor), by=context.person(), now=now, today=day_of(now))
    if json:
        as_json({"donor": donor, "held": False})
    else:
        print_translated(N_("Donor {number} is released."), number=donor)


@donors_app.command("alike")
def alike_command(*, json: Json = False) -> None:
    """Show the donors who may be one, the surest pairs first."""
    with context.reader() as session:
        found = duplicates(session, pairs_alike(session), year=context.now().year)
    if json:
        as_json(ListOf(items=list(map(_pair, found))).document())
    elif not found:
        print_translated(N_("No possible duplicates."))
    for pair in () if json else found:
        show_line(f"{pair.goes.id} {pair.goes.name} = {pair.stays.id} {pair.stays.name}? ({pair.likeness})")


@donors_app.command("merge")
def merge_command(
    donor: Donor,
    into: Annotated[int, typer.Argument(metavar="INTO", min=1, max=ID_MAX, help=N_("The donor that stays."))],
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help=N_("How you know."))],
    dry_run: DryRun = False,
    as_shown: AsShown = None,
    json: Json = False,
) -> None:
    """Let two donors be one; every gift keeps its amount and its day."""
    with context.writer(keep=not dry_run) as session:
        result = merge(
            session, DonorId(donor), into=DonorId(into), reason=reason, by=context.person(), now=context.now()
        )
        number = next(each.id for each in merges_of(as_reader(session), DonorId(into)))
        refuse_outdated(as_shown, result)
    _show(result, number, is_kept=not dry_run, json=json)


@donors_app.command("apart")
def apart_command(
    number: Annotated[int, typer.Argument(metavar="MERGE", min=1, max=ID_MAX, help=N_("As `donors merge` said it."))],
    *,
    dry_run: DryRun = False,
    as_shown: AsShown = None,
    json: Json = False,
) -> None:
    """Take a merge apart; each gift goes back to the donor that it was booked for."""
    with context.writer(keep=not dry_run) as session:
        result = unmerge(session, number, by=context.person(), now=context.now())
        refuse_outdated(as_shown, result)
    _show(result, number, is_kept=not dry_run, json=json)


def _show(result: MergeResult, number: int, *, is_kept: bool, json: bool) -> None:
    one, other = result.goes.donor, result.stays.donor
    found = MergeView(
        is_preview=not is_kept,
        id=number,
        donor=Named(id=one.id, name=one.name),
        into=Named(id=other.id, name=other.name),
        answered=result.became.answered,
        asked=result.became.asked,
        digest=promise_of(result),
    )
    if json:
        as_json(found.document())
        return
    _say_preview(result, is_preview=found.is_preview)
    pair = {"one": f"{one.id} {one.name}", "other": f"{other.id} {other.name}"}
    print_translated(N_("Merge {number}: {one}, {other}."), number=number, **pair)
    becomes = N_("Questions answered by it: {answered}; that come up again: {asked}.")
    print_translated(becomes, answered=found.answered, asked=found.asked)


def _say_preview(result: object, *, is_preview: bool) -> None:
    if is_preview:
        print_translated(N_("Nothing is kept."))
        print_mark(promise_of(result))


def _pair(each: Duplicate) -> LikePair:
    goes, stays = (Named(id=donor.id, name=donor.name) for donor in (each.goes, each.stays))
    return LikePair(donor=goes, into=stays, likeness=each.likeness)
