"""`donations audit`: who did and looked at what, whether the log holds, and its head to be kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from donations.acts.registering import name_to_give_out
from donations.cli import context
from donations.cli.importing import Json
from donations.cli.show import NUMBER, as_json, say, show_line, table, told
from donations.core.calendar import day_of
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode
from donations.ledger.audit import AREAS, Area, Head, complaints
from donations.reports.audited import ACTION_NAMES
from donations.store.log.audit import EntryFilter, entries, head, whole_log
from donations.views.access import entry_views
from donations.views.value import ListOf

SHOWN_MAX = 20
"""Of what is wrong; the first ones tell."""

audit_app = typer.Typer(no_args_is_help=True)


@audit_app.command("head")
def head_command(
    *,
    mail_text: Annotated[bool, typer.Option("--mail-text", help="As a letter to the board.")] = False,
    json: Json = False,
) -> None:
    """Show the newest entry as `NUMBER:SHA256`. Keep it elsewhere: `audit verify --knew` compares with it."""
    with context.reader() as session:
        newest = head(session)
        organisation = name_to_give_out(session, said=context.settings().organisation) if mail_text else ""
    if json:
        as_json({"number": newest.number, "sha256": newest.digest})
    elif newest.number and mail_text:
        for each in _letter(newest, organisation):
            show_line(each)
    elif newest.number:
        show_line(f"{newest.number}:{newest.digest}")
    else:
        say(N_("Nothing was done yet."))


def _letter(newest: Head, organisation: str) -> Iterator[str]:
    day = day_of(context.now())
    yield told(
        N_("{organisation}: on {day} the log of the books has {count} entries. The newest has the fingerprint"),
        organisation=organisation,
        day=day,
        count=newest.number,
    )
    yield f"{newest.number}:{newest.digest}"
    yield told(N_("Please keep this letter. Whether an entry was changed or cut off since, this command tells later:"))
    yield f"donations audit verify --knew {newest.number}:{newest.digest}"


@audit_app.command("verify")
def verify_command(
    *,
    knew: Annotated[
        str, typer.Option("--knew", metavar="NUMBER:SHA256", help="A head kept from an earlier time.")
    ] = "",
    json: Json = False,
) -> None:
    """Check that no entry was changed, taken out or, with --knew, cut off; exit status 1 if one was."""
    known = _head_written(knew)
    with context.reader() as session:
        wrong = list(complaints(whole_log(session), known=known))
        newest = head(session)
    if wrong:
        found = "; ".join(f"entry {number} {what}" for number, what in wrong[:SHOWN_MAX])
        raise Refusal(BooksCode.LOG_BROKEN, what=found)
    if json:
        as_json({"entries": newest.number, "sha256": newest.digest})
        return
    say(N_("The log holds: {count} entries, each chained to the one before."), count=newest.number)
    if newest.number:
        head_now = f"{newest.number}:{newest.digest}"
        say(N_("Keep its head elsewhere to compare with later: {head}"), head=head_now)


@audit_app.command("list")
def list_command(
    *,
    by: Annotated[str | None, typer.Option(help="Only what this person did.")] = None,
    area: Annotated[Area | None, typer.Option(help="Only this part of the work.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, the newest first.")] = 50,
    json: Json = False,
) -> None:
    """Show what was done and looked at, the newest first."""
    wanted = EntryFilter(by=by, actions=None if area is None else AREAS[area])
    with context.reader() as session:
        found = entries(session, wanted, size=limit)
    if json:
        as_json(ListOf(items=entry_views(found)).document())
        return
    rows = [
        (str(each.number), f"{each.at:%Y-%m-%d %H:%M} UTC", each.by, told(ACTION_NAMES[each.done]), each.thing)
        for each in (kept.entry for kept in found)
    ]
    table(told(N_("Log")), (NUMBER, N_("When"), N_("Who"), N_("What"), N_("About")), rows, right=(NUMBER,))


def _head_written(text: str) -> Head:
    number, mark, digest = text.strip().partition(":")
    if not text.strip():
        return Head()
    if not (mark and number.isdecimal() and int(number) and digest):
        raise Refusal(BooksCode.BAD_HEAD)
    return Head(int(number), digest.lower())
