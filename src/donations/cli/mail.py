"""`donations mail` and `donations thanks`: the outbox, messages to many donors, and whom to thank."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

import typer

from donations.acts.registering import called
from donations.acts.thanking import thank, to_thank
from donations.cli import context
from donations.cli.export import note_program
from donations.cli.importing import AsShown
from donations.cli.show import (
    UNCHANGED,
    Json,
    as_json,
    print_mark,
    print_translated,
    show_line,
    sums_text,
    table,
    translated,
)
from donations.core.calendar import day_of
from donations.core.donor import DonorId
from donations.core.language import N_
from donations.core.typed import typed_day
from donations.jobs.mailing import WHY_NOT_MAILED, NotMailedReason
from donations.jobs.mailings import THANKED_BACK, Mailing, MailingKind
from donations.store.mail import outbox_after
from donations.views.mail import MailingView, ThankedView, ToThankList, mail_views, to_thank_view
from donations.views.value import ListOf

mail_app = typer.Typer(no_args_is_help=True)
thanks_app = typer.Typer(no_args_is_help=True)

_LISTED = 200
Since = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help=N_("For gifts from this day on; else of the last 92 days."))
]


@mail_app.command("outbox")
def outbox_command(
    *,
    after: Annotated[int, typer.Option("--after", min=0, help=N_("Only messages with a higher number."))] = 0,
    json: Json = False,
) -> None:
    """Show the messages of the outbox in the order they were written, each with how far it is."""
    with context.reader() as session:
        found = mail_views(session, outbox_after(session, after=after, limit=_LISTED))
    if json:
        note_program("mail outbox")
        as_json(ListOf(items=found).document())
        return
    rows = [(str(each.id), each.kind, each.state, each.address, each.reply) for each in found]
    table(translated(N_("Outbox")), (N_("Number"), N_("Kind"), N_("State"), N_("To"), N_("Answer")), rows)


@mail_app.command("send")
def send_command(
    kind: Annotated[MailingKind, typer.Argument(help=N_("What is sent."))],
    *,
    year: Annotated[
        int | None, typer.Option("--year", min=2000, max=2100, help=N_("Of certificates and codes; else last year."))
    ] = None,
    since: Since = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Show what would be sent; send nothing."))] = False,
    as_shown: AsShown = None,
    json: Json = False,
) -> None:
    """Mail certificates, requests for codes, or thanks: each donor gets one message, in the donor's language."""
    today = day_of(context.now())
    asked = partial(Mailing, kind=kind, year=year or today.year - 1, since=_since(since), now=context.now())
    if dry_run:
        with context.reader() as session:
            organisation = called(session, configured=context.settings().organisation)
            found = asked(organisation=organisation).shown(session)
    else:
        with context.writer() as session:
            found = asked(organisation=context.name_given_out(session)).send(
                session, promised=as_shown, by=context.person()
            )
    if json:
        note_program("mail send")
        as_json(found.document())
        return
    _show(found)


def _show(found: MailingView) -> None:
    if found.example is not None:
        show_line(f"{found.example.address}\n{found.example.subject}\n\n{found.example.body}\n")
    for each in found.not_mailed:
        why = translated(WHY_NOT_MAILED[NotMailedReason(each.why)])
        print_translated(N_("Gets none: donor {donor}, {reason}"), donor=each.donor.id, reason=why)
    print_translated(N_("{count} messages; {known} were sent before."), count=found.messages, known=found.known)
    if found.is_preview:
        print_translated(UNCHANGED)
        print_mark(found.promised)
    else:
        print_translated(N_("They are in the outbox: a running server sends them, or `donations worker --once`."))


@thanks_app.command("list")
def list_command(*, since: Since = None, json: Json = False) -> None:
    """Show the donors with gifts for which nobody thanked yet; who gave last comes first."""
    found = _to_thank(_since(since))
    if json:
        note_program("thanks list")
        as_json(found.document())
        return
    rows = [
        (str(each.donor.id), each.donor.name, str(each.gifts), sums_text(each.totals), each.language)
        for each in found.items
    ]
    heads = (N_("Donor"), N_("Name"), N_("Gifts"), N_("Sum"), N_("Language"))
    table(translated(N_("Whom to thank")), heads, rows, right=[N_("Donor"), N_("Gifts"), N_("Sum")])
    print_mark(found.promised)


@thanks_app.command("done")
def done_command(
    donor: Annotated[int | None, typer.Argument(metavar="[DONOR]", min=1, help=N_("Only this one; else all."))] = None,
    *,
    since: Since = None,
    as_shown: AsShown = None,
    json: Json = False,
) -> None:
    """Keep that somebody thanked, by whatever way, for gifts since a day."""
    donors = None if donor is None else {DonorId(donor)}
    with context.writer() as session:
        count = thank(session, donors, since=_since(since), by=context.person(), now=context.now(), promised=as_shown)
    if json:
        as_json(ThankedView(thanked=count).document())
        return
    print_translated(N_("{count} donors are marked as thanked."), count=count)


def _to_thank(since: date) -> ToThankList:
    with context.reader() as session:
        return to_thank_view(to_thank(session, since=since), since=since)


def _since(typed: str | None) -> date:
    return typed_day(typed) if typed else day_of(context.now()) - THANKED_BACK
