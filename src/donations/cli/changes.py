"""`donations changes`: what nobody changes alone, and waits for a second person."""

from __future__ import annotations

from typing import Annotated

import typer

from donations.access.person import Role
from donations.acts import agreeing
from donations.cli import context
from donations.cli.show import Json, account_text, as_json, complain, print_translated, show_line, translated
from donations.core.language import N_
from donations.store.session import as_reader
from donations.views.change import WaitingChangeView, change_view
from donations.views.value import ListOf

changes_app = typer.Typer(no_args_is_help=True)
ChangeNumber = Annotated[int, typer.Argument(metavar="NUMBER", min=1, help=N_("As `changes list` shows it."))]
_WAITS = N_("It waits as change {number}: another person has to agree, with: donations changes agree {number}")
_WAITS_ALONE = N_("It waits as change {number}: all are told, and from {time} UTC on: donations changes agree {number}")


@changes_app.command("list")
def list_command(*, json: Json = False) -> None:
    """Show what waits for a second person, and who may agree."""
    with context.reader() as session:
        found = [change_view(session, each) for each in agreeing.waiting(session, now=context.now())]
    if json:
        as_json(ListOf(items=found).document())
        return
    for each in found:
        show_line(f"{each.number}. {_what(each)} ({each.by}, {each.at:%Y-%m-%d %H:%M} UTC)")
        if each.is_outdated:
            print_translated(N_("  What it rests on is not so any more: it can only be withdrawn."))
        elif each.agreeing:
            print_translated(N_("  May agree: {names}"), names=", ".join(each.agreeing))
        else:
            print_translated(N_("  Nobody else may agree: it can be done from {time} UTC on."), time=_time(each))
    if not found:
        print_translated(N_("Nothing waits."))


@changes_app.command("agree")
def agree_command(number: ChangeNumber, *, json: Json = False) -> None:
    """Agree to what another person wished, and let it be done."""
    with context.writer() as session:
        agreeing.agree(session, number, context.asker(as_reader(session), "changes"))
    if json:
        as_json({"agreed": number})
    else:
        print_translated(N_("Done, as it was wished."))


@changes_app.command("withdraw")
def withdraw_command(number: ChangeNumber, *, json: Json = False) -> None:
    """Let a change wait no more: nothing is done."""
    with context.writer() as session:
        agreeing.withdraw(session, number, context.asker(as_reader(session), "changes"))
    if json:
        as_json({"withdrawn": number})
    else:
        print_translated(N_("Withdrawn."))


def show_waiting(found: WaitingChangeView, *, json: bool) -> None:
    """Say that something waits, in place of what would have been done."""
    if json:
        as_json({"waits": found.document()})
    else:
        show_line(_told(found))


def warn_that_it_waits(found: WaitingChangeView) -> None:
    """Say that something waits, beside what was done."""
    complain("waits", _told(found))


def _told(found: WaitingChangeView) -> str:
    return translated(_WAITS if found.agreeing else _WAITS_ALONE, number=found.number, time=_time(found))


def _time(found: WaitingChangeView) -> str:
    return f"{found.due:%Y-%m-%d %H:%M}"


def _what(found: WaitingChangeView) -> str:
    if found.kind == "roles":
        more = (
            f"({translated(N_('with names'))})" if found.sees_names and Role.VIEWER in found.roles else "",
            "" if found.until is None else translated(N_("until {day}"), day=found.until),
            translated(N_("without a last day")) if found.loses_last_day else "",
            translated(N_("switched on again")) if found.is_on_again else "",
        )
        comes_in = translated(N_("{person} comes in as: {roles}"), person=found.person, roles=" ".join(found.roles))
        return " ".join((comes_in, *filter(None, more)))
    if found.kind == "account":
        return translated(N_("New own account: {account}"), account=account_text(found.account))
    return translated(
        N_("Gifts are asked to {account}; published from {donors} donors on, with {percent} %"),
        account=account_text(found.account),
        donors=found.donors_min,
        percent=found.percent,
    )
