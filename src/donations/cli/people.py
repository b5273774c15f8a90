"""`donations user`, `token`, `audit`: who may sign in, programs in their name, and who did and looked at what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from donations.access import members
from donations.access.link import LINK_PATH, PASSWORD_LIFE
from donations.access.person import Role, person_of, roles_text, sign_in_key
from donations.access.tokens import DAYS_MAX, Scope, make_token, revoke
from donations.acts.agreeing import invite
from donations.acts.registering import name_to_give_out
from donations.cli import context
from donations.cli.changes import warn_that_it_waits
from donations.cli.show import NUMBER, Json, as_json, print_translated, show_line, table, translated, worded
from donations.core.calendar import day_of
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode, BooksCode
from donations.core.typed import typed_day
from donations.ledger.audit import AREAS, Area, Head, complaints, head_typed
from donations.reports.audited import ACTION_NAMES
from donations.store.log.audit import EntryFilter, entries, head, whole_log
from donations.store.session import ReadSession, as_reader
from donations.store.users import person_called
from donations.views.access import TokenView, entry_views, person_view, token_view, token_views
from donations.views.change import change_view
from donations.views.value import ListOf

token_app = typer.Typer(no_args_is_help=True)


@token_app.command("add")
def token_add(
    owner: Annotated[str, typer.Argument(metavar="PERSON", help=N_("Name or e-mail address of whose it is."))],
    *,
    name: Annotated[str, typer.Option(help=N_("The program that gets it."))],
    scope: Annotated[list[Scope], typer.Option(help=N_("What it may do, as far as its owner may; may be repeated."))],
    days: Annotated[int, typer.Option(min=1, max=DAYS_MAX, help=N_("How long it is good."))] = 90,
    json: Json = False,
) -> None:
    """Make a token; it is shown this once."""
    if not name.strip():
        raise Refusal(BooksCode.NAME_NEEDED)
    with context.writer() as session:
        row = person_called(as_reader(session), sign_in_key(owner))
        if row is None:
            raise Refusal(AccessCode.UNKNOWN_PERSON)
        made, text = make_token(
            session, owner_id=row.id, name=name, scopes=scope, days=days, origin=context.origin("token")
        )
    if json:
        as_json({"token": text, **token_view(made, owner=person_of(row).name, now=context.now()).document()})
    else:
        show_line(text)
        shown_once = N_("This is token {number}, good until {day}. It is not shown again.")
        print_translated(shown_once, number=made.id, day=f"{made.expires_at:%Y-%m-%d}")


@token_app.command("list")
def token_list(*, json: Json = False) -> None:
    """Show all tokens and when each was used last."""
    with context.reader() as session:
        found = token_views(session, now=context.now())
    if json:
        as_json(ListOf(items=found).document())
    elif not found:
        print_translated(N_("No tokens yet. Make one: donations token add PERSON --name PROGRAM --scope report:read"))
    else:
        used = (N_("Until"), N_("Last used"), N_("State"))
        columns = (NUMBER, N_("Owner"), N_("Program"), N_("Permissions"), *used)
        table(translated(N_("Tokens")), columns, list(map(_cells, found)), right=(NUMBER,))


_STATES = {"good": N_("good"), "expired": N_("expired"), "revoked": N_("revoked")}


def _cells(each: TokenView) -> list[str]:
    days = (f"{each.expires_at:%Y-%m-%d}", str(each.last_used_on or "–"))
    return [str(each.id), each.owner, each.name, " ".join(each.scopes), *days, translated(_STATES[each.state])]


@token_app.command("revoke")
def token_revoke(number: Annotated[int, typer.Argument(metavar="NUMBER", min=1)], *, json: Json = False) -> None:
    """Let a token open nothing any more."""
    with context.writer() as session:
        if revoke(session, number, origin=context.origin("token")) is None:
            raise Refusal(AccessCode.UNKNOWN_TOKEN)
    if json:
        as_json({"revoked": number})
    else:
        print_translated(N_("Token {number} opens nothing any more."), number=number)


user_app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="NAME", help=N_("The name or e-mail address to sign in with."))]


@user_app.command("add")
def user_add(
    name: Annotated[str, typer.Argument(metavar="NAME", help=N_("Decisions are signed with it."))],
    *,
    role: Annotated[list[Role], typer.Option(help=N_("What the person may do; may be repeated."))],
    email: Annotated[str, typer.Option(help=N_("Another name to sign in with."))] = "",
    names: Annotated[bool, typer.Option("--names", help=N_("Let a viewer see names."))] = False,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="DAY",
            help=N_("The last day on which they may come in; without it, who only audits comes for a while."),
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Make an account, and print the link with which the person sets a password."""
    with context.writer() as session:
        secret, waits = invite(
            session,
            name=name,
            email=email,
            roles=frozenset(role),
            sees_names=names,
            until=None if until is None else typed_day(until),
            asker=context.asker(as_reader(session), "user"),
        )
        told = None if waits is None else change_view(as_reader(session), waits)
    if told is not None:
        warn_that_it_waits(told)
    _show_link(secret, json_wanted=json)


@user_app.command("link")
def user_link(name: Name, *, json: Json = False) -> None:
    """Print a link with which a person sets a new password."""
    with context.writer() as session:
        secret = members.new_link(session, _id_of(as_reader(session), name), context.origin("user"))
    _show_link(secret, json_wanted=json)


@user_app.command("list")
def user_list(*, json: Json = False) -> None:
    """Show who has an account."""
    with context.reader() as session:
        people = members.everybody(session)
    if json:
        as_json(ListOf(items=list(map(person_view, people))).document())
    elif not people:
        print_translated(N_("Nobody yet. Begin with: donations user add NAME --role admin --role treasurer"))
    else:
        rows = [
            (
                each.name,
                each.email,
                roles_text(each.roles),
                str(each.until or ""),
                translated(N_("switched off")) if each.is_disabled else "",
            )
            for each in people
        ]
        table(translated(N_("People")), (N_("Name"), N_("E-mail"), N_("Roles"), N_("Until"), ""), rows)


@user_app.command("disable")
def user_disable(name: Name, *, json: Json = False) -> None:
    """Let a person in no more; what they decided stays in the books."""
    with context.writer() as session:
        members.switch_off(session, _id_of(as_reader(session), name), context.origin("user"))
    if json:
        as_json({"disabled": name})
    else:
        print_translated(N_("Switched off, and signed out everywhere."))


@user_app.command("reset-step")
def user_reset_step(name: Name, *, json: Json = False) -> None:
    """Take app, passkeys and recovery codes away from a person who lost them, where no administrator is at hand."""
    with context.writer() as session:
        members.reset_second_step(session, _id_of(as_reader(session), name), context.origin("user"))
    if json:
        as_json({"reset": name})
    else:
        print_translated(N_("The second step is taken away, and the person is signed out everywhere."))


def _id_of(session: ReadSession, name: str) -> int:
    row = person_called(session, sign_in_key(name))
    if row is None:
        raise Refusal(AccessCode.UNKNOWN_PERSON)
    return row.id


def _show_link(secret: str, *, json_wanted: bool) -> None:
    link = f"{context.settings().address.rstrip('/')}{LINK_PATH}{secret}"
    if json_wanted:
        as_json({"link": link, "days": PASSWORD_LIFE.days})
        return
    print_translated(N_("Give this link to nobody else. It works once, for {days} days:"), days=PASSWORD_LIFE.days)
    show_line(link)


SHOWN_MAX = 20
"""Of what is wrong; the first ones tell."""

audit_app = typer.Typer(no_args_is_help=True)


@audit_app.command("head")
def head_command(
    *,
    mail_text: Annotated[bool, typer.Option("--mail-text", help=N_("As a letter to the board."))] = False,
    json: Json = False,
) -> None:
    """Show the newest entry as `NUMBER:SHA256`. Keep it elsewhere: `audit verify --knew` compares with it."""
    with context.reader_of_log() as session:
        newest = head(session)
        organisation = name_to_give_out(session, configured=context.settings().organisation) if mail_text else ""
    if json:
        as_json({"number": newest.number, "sha256": newest.digest})
    elif newest.number and mail_text:
        for each in _letter(newest, organisation):
            show_line(each)
    elif newest.number:
        show_line(f"{newest.number}:{newest.digest}")
    else:
        print_translated(N_("Nothing was done yet."))


def _letter(newest: Head, organisation: str) -> Iterator[str]:
    day = day_of(context.now())
    yield translated(
        N_("{organisation}: on {day} the log of the books has {count} entries. The newest has the fingerprint"),
        organisation=organisation,
        day=day,
        count=newest.number,
    )
    yield f"{newest.number}:{newest.digest}"
    yield translated(
        N_("Please keep this letter. Whether an entry was changed or cut off since, this command tells later:")
    )
    yield f"donations audit verify --knew {newest.number}:{newest.digest}"


@audit_app.command("verify")
def verify_command(
    *,
    knew: Annotated[
        str | None, typer.Option("--knew", metavar="NUMBER:SHA256", help=N_("A head kept from an earlier time."))
    ] = None,
    json: Json = False,
) -> None:
    """Check that no entry was changed, taken out or, with --knew, cut off; exit status 1 if one was."""
    known = head_typed(knew)
    with context.reader_of_log() as session:
        wrong = list(complaints(whole_log(session), known=known))
        newest = head(session)
    if wrong:
        found = "; ".join(
            f"{translated(N_('entry {number}'), number=number)}: {worded(what)}" for number, what in wrong[:SHOWN_MAX]
        )
        raise Refusal(BooksCode.LOG_BROKEN, what=found)
    if json:
        as_json({"entries": newest.number, "sha256": newest.digest})
        return
    print_translated(N_("The log holds: {count} entries, each chained to the one before."), count=newest.number)
    if newest.number:
        head_now = f"{newest.number}:{newest.digest}"
        print_translated(N_("Keep its head elsewhere to compare with later: {head}"), head=head_now)


@audit_app.command("list")
def list_command(
    *,
    by: Annotated[str | None, typer.Option(help=N_("Only what this person did."))] = None,
    area: Annotated[Area | None, typer.Option(help=N_("Only this part of the work."))] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help=N_("How many, the newest first."))] = 50,
    json: Json = False,
) -> None:
    """Show what was done and looked at, the newest first."""
    wanted = EntryFilter(by=by, actions=None if area is None else AREAS[area])
    with context.reader_of_log() as session:
        found = entries(session, wanted, size=limit)
    if json:
        as_json(ListOf(items=entry_views(found)).document())
        return
    rows = [
        (str(each.number), f"{each.at:%Y-%m-%d %H:%M} UTC", each.by, translated(ACTION_NAMES[each.done]), each.thing)
        for each in (kept.entry for kept in found)
    ]
    table(translated(N_("Log")), (NUMBER, N_("When"), N_("Who"), N_("What"), N_("Subject")), rows, right=(NUMBER,))
