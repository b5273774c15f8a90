"""`donations token`: tokens by which programs use the API in a person's name."""

from __future__ import annotations

from typing import Annotated

import typer

from donations.access.event import Origin
from donations.access.person import person_of, sign_in_key
from donations.access.tokens import DAYS_MAX, Scope, make_token, revoke
from donations.cli import context
from donations.cli.importing import Json
from donations.cli.show import as_json, say, table
from donations.core.refusal import Refusal
from donations.core.refusals import AccessCode, BooksCode
from donations.store.access.people import person_called
from donations.store.session import as_reader
from donations.views.access import TokenView, token_view, token_views
from donations.views.value import ListOf

token_app = typer.Typer(no_args_is_help=True, help="Tokens by which programs use the API in a person's name.")


@token_app.command("add")
def token_add(
    owner: Annotated[str, typer.Argument(metavar="PERSON", help="Name or e-mail address of whose it is.")],
    *,
    name: Annotated[str, typer.Option(help="The program that gets it.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do, as far as its owner may; may be repeated.")],
    days: Annotated[int, typer.Option(min=1, max=DAYS_MAX, help="How long it is good.")] = 90,
    json: Json = False,
) -> None:
    """Make a token; it is shown this once."""
    if not name.strip():
        raise Refusal(BooksCode.NAME_NEEDED)
    with context.writer() as session:
        row = person_called(as_reader(session), sign_in_key(owner))
        if row is None:
            raise Refusal(AccessCode.UNKNOWN_PERSON)
        made, text = make_token(session, owner_id=row.id, name=name, scopes=scope, days=days, origin=_origin())
    if json:
        as_json({"token": text, **token_view(made, owner=person_of(row).name, now=context.now()).document()})
    else:
        say(text)
        say(f"This is token {made.id}, good until {made.expires_at:%Y-%m-%d}. It is not shown again.")


@token_app.command("list")
def token_list(*, json: Json = False) -> None:
    """Show all tokens and when each was used last."""
    with context.reader() as session:
        found = token_views(session, now=context.now())
    if json:
        as_json(ListOf(items=found).document())
    elif not found:
        say("No tokens yet. Make one: donations token add PERSON --name PROGRAM --scope report:read")
    else:
        columns = ("No.", "Owner", "Program", "May", "Until", "Last used", "State")
        table("Tokens", columns, list(map(_cells, found)), right=("No.",))


def _cells(each: TokenView) -> list[str]:
    days = (f"{each.expires_at:%Y-%m-%d}", str(each.last_used_on or "–"))
    return [str(each.id), each.owner, each.name, " ".join(each.scopes), *days, each.state]


@token_app.command("revoke")
def token_revoke(number: Annotated[int, typer.Argument(metavar="NUMBER", min=1)], *, json: Json = False) -> None:
    """Let a token open nothing any more."""
    with context.writer() as session:
        if revoke(session, number, origin=_origin()) is None:
            raise Refusal(AccessCode.UNKNOWN_TOKEN)
    if json:
        as_json({"revoked": number})
    else:
        say(f"Token {number} opens nothing any more.")


def _origin() -> Origin:
    return Origin(address="", browser="donations token", at=context.now(), by=context.person())
