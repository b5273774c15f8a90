"""`donations appeal tell`: what the public is told of an appeal: its goal, first day, colour and text."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from donations.acts.appeal_pages import SaidOfAppeal, say_of_appeal
from donations.cli import context
from donations.cli.accounts import Name, appeal_app
from donations.cli.show import Json, as_json, money_text, print_translated
from donations.core.donor import AppealId
from donations.core.language import N_, Language
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, RunningCode
from donations.store.appeal_pages import AppealPages
from donations.store.organisation import paper_settings
from donations.store.session import as_reader
from donations.views.account import appeals_view


@appeal_app.command("tell")
def tell_command(
    name: Name,
    *,
    goal: Annotated[str | None, typer.Option(metavar="EUROS", help=N_("How much is hoped for; empty: none."))] = None,
    begins: Annotated[str | None, typer.Option(metavar="DAY", help=N_("Counted from this day; empty: always."))] = None,
    colour: Annotated[str | None, typer.Option(metavar="#RRGGBB", help=N_("Of its page; empty: your own."))] = None,
    text: Annotated[
        list[str] | None, typer.Option(metavar="LANGUAGE=TEXT", help=N_("What it is for; may be repeated."))
    ] = None,
    shown: Annotated[bool | None, typer.Option("--show/--hide", help=N_("Whether it has a public page."))] = None,
    json: Json = False,
) -> None:
    """Say what the public is told of an appeal; what is not named stays as it is."""
    given = {"goal": goal, "begins_on": begins, "colour": colour, "is_shown": shown}
    with context.writer() as session:
        reader = as_reader(session)
        found = next((each for each in appeals_view(reader).items if each.name == name), None)
        if found is None:
            raise Refusal(BooksCode.UNKNOWN_APPEAL)
        before = SaidOfAppeal.of(paper_settings(reader, AppealPages).of(found.id))
        changed = {field: value for field, value in given.items() if value is not None}
        said = replace(before, **changed, text={**before.text, **dict(map(_in_language, text or ()))})  # type: ignore[arg-type]
        say_of_appeal(session, AppealId(found.id), said, by=context.person(), at=context.now())
        now = next(each for each in appeals_view(as_reader(session)).items if each.id == found.id)
    if json:
        as_json(now.document())
        return
    is_told = (
        N_("The public reads of {name}, goal {goal}.")
        if now.has_page
        else N_("{name} has no public page, goal {goal}.")
    )
    print_translated(is_told, name=name, goal=money_text(now.goal))


def _in_language(typed: str) -> tuple[Language, str]:
    language, _, words = typed.partition("=")
    try:
        return Language(language), words
    except ValueError as error:
        raise Refusal(RunningCode.BAD_USAGE, what="--text") from error
