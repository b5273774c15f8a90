"""`donations donors`: the letter with everything held on a donor, and a donor's way out of the books."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from donations.cli import context
from donations.cli.donors import Donor, DryRun
from donations.cli.importing import Json
from donations.cli.private_file import write_private
from donations.cli.show import as_json, say
from donations.core.day import day_of
from donations.core.donor import DonorId
from donations.core.language import Language
from donations.documents.letter import letter_paper
from donations.documents.printed import Imprint
from donations.knowing.erasure import due, hold, purge, release, restrict, standing_of
from donations.ledger.acts import About, Action
from donations.ledger.audit import Noted
from donations.ledger.retention import Why
from donations.reports.held import letter
from donations.store.donors.held import held_on
from donations.store.ids import ID_MAX
from donations.store.log.audit import note_look
from donations.store.session import as_reader
from donations.store.sweeping import sweep
from donations.web.formats import TELLER
from donations.web.language import speaking

rights_app = typer.Typer()

Without = Annotated[
    list[str] | None,
    typer.Option(metavar="TEXT", help="A text to leave out, as `note-3`; by default those that seem to name others."),
]


@rights_app.command("export")
def export_command(
    donor: Donor,
    *,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as a letter; else JSON is shown.")] = None,
    language: Annotated[Language, typer.Option(help="Of the letter.")] = Language.ESTONIAN,
    without: Without = None,
) -> None:
    """Take along everything that is held on a donor: look through the texts, and send it to the donor only."""
    with context.writer() as session:
        reader = as_reader(session)
        standing_of(reader, DonorId(donor))
        organisation = context.name_given_out(session)
        held = held_on(reader, DonorId(donor))
        found = letter(held, organisation=organisation, without=without, has_codes=True)
        exported = Noted(
            action=Action.EXPORTED, about=About.DONOR, id=str(donor), by=context.person(), at=context.now()
        )
        note_look(session, [exported])
    if pdf is None:
        as_json(found.document())
        return
    with speaking(language):
        imprint = Imprint(organisation=organisation, language=language, teller=TELLER, made_on=day_of(context.now()))
        write_private(pdf, letter_paper(found, imprint))


@rights_app.command("erase")
def erase_command(donor: Donor, *, dry_run: DryRun = False, json: Json = False) -> None:
    """Take a donor who asks for it out of sight, and destroy what no law asks for."""
    now = context.now()
    with context.writer(keep=not dry_run) as session:
        result = restrict(session, DonorId(donor), why=Why.ASKED, by=context.person(), now=now, today=day_of(now))
    swept = not dry_run and sweep(context.engine())
    until = result.stays.kept_until
    if json:
        as_json({"donor": donor, "is_preview": dry_run, "swept": swept, "shown_as": result.name, "kept_until": until})
        return
    say(f"{'Nothing is kept. ' if dry_run else ''}Donor {donor} is shown as {result.name} from now on.")
    say(f"Gifts that stay with their days and amounts: {result.stays.gifts}.")
    if until is not None:
        say(f"Kept until {until} by law: {result.stays.lines} lines of the bank, the files, and the name and code.")


@rights_app.command("purge")
def purge_command(
    donor: Annotated[int | None, typer.Argument(metavar="[DONOR]", min=1, max=ID_MAX)] = None,
    *,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Destroy the rest of a donor whose time is over; of all such donors where none is named."""
    now = context.now()
    with context.writer(keep=not dry_run) as session:
        donors = due(as_reader(session), today=day_of(now)) if donor is None else [DonorId(donor)]
        results = [purge(session, each, by=context.person(), now=now, today=day_of(now)) for each in donors]
    swept = bool(results) and not dry_run and sweep(context.engine())
    if json:
        as_json({"donors": donors, "is_preview": dry_run, "swept": swept})
    elif not results:
        say("There is nothing that the law lets go today.")
    for each in () if json else results:
        gone = f"{each.destroyed.lines} lines and {each.destroyed.files} files are destroyed"
        say(f"{'Nothing is kept. ' if dry_run else ''}Donor {each.donor}: {gone}.")


@rights_app.command("hold")
def hold_command(
    donor: Donor,
    *,
    why: Annotated[Why, typer.Option(help="`dispute` or `audit`.")] = Why.DISPUTE,
    json: Json = False,
) -> None:
    """Let nothing of a donor be destroyed until it is released."""
    now = context.now()
    with context.writer() as session:
        hold(session, DonorId(donor), why=why, by=context.person(), now=now, today=day_of(now))
    if json:
        as_json({"donor": donor, "held": True})
    else:
        say(f"Donor {donor} is on hold: nothing is destroyed until it is released.")


@rights_app.command("release")
def release_command(donor: Donor, *, json: Json = False) -> None:
    """Let a donor's data be destroyed again: the reason to hold it is over."""
    now = context.now()
    with context.writer() as session:
        release(session, DonorId(donor), by=context.person(), now=now, today=day_of(now))
    if json:
        as_json({"donor": donor, "held": False})
    else:
        say(f"Donor {donor} is released.")
