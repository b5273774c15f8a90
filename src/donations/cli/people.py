"""`donations user`: who may sign in to the pages, where there is no administrator at hand."""

from __future__ import annotations

from typing import Annotated

import typer

from donations.access import members
from donations.access.event import Origin
from donations.access.link import LINK_PATH, PASSWORD_LIFE
from donations.access.members import AUDITED_FOR
from donations.access.permission import Role
from donations.access.person import roles_text, sign_in_key
from donations.cli import context
from donations.cli.importing import Json
from donations.cli.show import as_json, say, table
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode
from donations.core.typed import typed_day
from donations.store.access.people import person_called
from donations.store.session import ReadSession, as_reader
from donations.views.access import person_view
from donations.views.value import ListOf

user_app = typer.Typer(no_args_is_help=True, help="People who sign in to the pages, and what they may do.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name or e-mail address to sign in with.")]


@user_app.command("add")
def user_add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Decisions are signed with it.")],
    *,
    role: Annotated[list[Role], typer.Option(help="What the person may do; may be repeated.")],
    email: Annotated[str, typer.Option(help="Another name to sign in with.")] = "",
    names: Annotated[bool, typer.Option("--names", help="Let a viewer see names.")] = False,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="DAY",
            help=f"The last day on which they may come in; for who only audits, {AUDITED_FOR.days} days from now.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Make an account, and print the link with which the person sets a password."""
    with context.writer() as session:
        secret = members.invite(
            session,
            name=name,
            email=email,
            roles=frozenset(role),
            sees_names=names,
            until=None if until is None else typed_day(until),
            origin=_origin(),
        )
    _show_link(secret, json_wanted=json)


@user_app.command("link")
def user_link(name: Name, *, json: Json = False) -> None:
    """Print a link with which a person sets a new password."""
    with context.writer() as session:
        secret = members.new_link(session, _id_of(as_reader(session), name), _origin())
    _show_link(secret, json_wanted=json)


@user_app.command("list")
def user_list(*, json: Json = False) -> None:
    """Show who has an account."""
    with context.reader() as session:
        people = members.everybody(session)
    if json:
        as_json(ListOf(items=list(map(person_view, people))).document())
    elif not people:
        say("Nobody yet. Begin with: donations user add NAME --role admin --role treasurer")
    else:
        rows = [
            (
                each.name,
                each.email,
                roles_text(each.roles),
                str(each.until or ""),
                "switched off" if each.is_disabled else "",
            )
            for each in people
        ]
        table("People", ("Name", "E-mail", "Roles", "Until", ""), rows)


@user_app.command("disable")
def user_disable(name: Name, *, json: Json = False) -> None:
    """Let a person in no more; what they decided stays in the books."""
    with context.writer() as session:
        members.switch_off(session, _id_of(as_reader(session), name), _origin())
    if json:
        as_json({"disabled": name})
    else:
        say("Switched off, and signed out everywhere.")


@user_app.command("reset-step")
def user_reset_step(name: Name, *, json: Json = False) -> None:
    """Take app, passkeys and recovery codes away from a person who lost them, where no administrator is at hand."""
    with context.writer() as session:
        members.reset_second_step(session, _id_of(as_reader(session), name), _origin())
    if json:
        as_json({"reset": name})
    else:
        say("The second step is taken away, and the person is signed out everywhere.")


def _id_of(session: ReadSession, name: str) -> int:
    row = person_called(session, sign_in_key(name))
    if row is None:
        raise Refusal(AccessCode.UNKNOWN_PERSON)
    return row.id


def _origin() -> Origin:
    return Origin(address="", browser="donations user", at=context.now(), by=context.person())


def _show_link(secret: str, *, json_wanted: bool) -> None:
    link = f"{context.settings().address.rstrip('/')}{LINK_PATH}{secret}"
    if json_wanted:
        as_json({"link": link, "days": PASSWORD_LIFE.days})
        return
    say(f"Give this link to nobody else. It works once, for {PASSWORD_LIFE.days} days:")
    say(link)
