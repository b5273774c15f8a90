"""`donations keys`: whether the host's key opens these books, changing it, and going on without a lost one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from donations.acts.rekeying import (
    Renewed,
    forget,
    people_locked_out,
    rotate,
    seal_books,
    settle,
    unseal_books,
)
from donations.cli import context
from donations.cli.show import Json, as_json, print_translated
from donations.core.language import N_
from donations.core.refusal import Refusal
from donations.core.refusals import KeyCode
from donations.settings import place_of_setting
from donations.store.host_key import KeyState, host_key_at, key_state
from donations.store.personal_data import sweep
from donations.store.place import key_file_at
from donations.store.session import WATCHES, WriteSession, writing

keys_app = typer.Typer()

_STATES = {
    KeyState.OPENS: N_("It opens these books."),
    KeyState.UNUSED: N_("Nothing in these books needs it yet."),
    KeyState.WRONG: N_("It is not the one of these books: what is sealed in them was sealed with another."),
    KeyState.MISSING: N_("It is not there, and what is sealed in these books needs it."),
}


@keys_app.callback(invoke_without_command=True)
def keys_state(ctx: typer.Context, *, json: Json = False) -> None:
    """Show where the key comes from, and whether it opens these books; exit status 1 if not. Never the key itself."""
    if ctx.invoked_subcommand is not None:
        return
    before = settled()
    with context.reader() as session:
        state = key_state(session.connection())
    place = place_of_key()
    if json:
        as_json({"key": place, "state": state.name.lower()})
    else:
        if before is not None:
            print_translated(N_("A change of the key had been broken off. The old key is in {file}."), file=before)
        print_translated(N_("The key: {place}"), place=place)
        say_state(state)
    if not state.is_well:
        raise typer.Exit(1)


@keys_app.command("rotate")
def keys_rotate(
    *,
    old_key_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=N_("The key until now, where the computer has the new one already.")),
    ] = None,
    anew: Annotated[
        bool,
        typer.Option("--anew", help=N_("Seal everything anew, for somebody may have had the key and the books.")),
    ] = False,
    json: Json = False,
) -> None:
    """Change the key, all or nothing. Whatever breaks it off, one key opens all."""
    host = host_key_at(context.engine())
    if old_key_file is None:
        context.write_waiting_looks()  # the books keep one key of before, not two
    with _unwatched() as session:
        done = rotate(session, host, old_file=old_key_file, anew=anew, by=context.person(), now=context.now())
    before = settled()
    if json:
        as_json({"key": place_of_key(), "before": None if before is None else str(before), **_said(done)})
        return
    print_translated(N_("The key is another one now: {place}"), place=place_of_key())
    if before is not None:
        print_translated(
            N_("The one until now is in {file}. Keep it as long as the backups that were made before today."),
            file=before,
        )
    _print_lost(done.lost)
    print_translated(N_("Copy the new key to where the old one was kept, apart from the backups."))


@keys_app.command("seal")
def keys_seal() -> None:
    """Seal names, accounts, codes, texts and files in books that were kept unsealed."""
    with _unwatched() as session:
        seal_books(session, by=context.person(), now=context.now())
    context.write_waiting_looks()  # those of before lie open beside the books
    swept = sweep(context.engine())
    print_translated(N_("Sealed. Without the key nobody reads them, you neither: {place}"), place=place_of_key())
    _say_swept(swept=swept)


@keys_app.command("unseal")
def keys_unseal() -> None:
    """Let names, accounts, codes, texts and files stand open in the database: whoever copies it reads them."""
    with _unwatched() as session:
        unseal_books(session, by=context.person(), now=context.now())
    print_translated(N_("Unsealed: whoever has a copy of these books reads all of it."))


def _say_swept(*, swept: bool) -> None:
    if not swept:
        print_translated(N_("Somebody was busy: copies of what stood there are left in the file. Run it again."))


@contextmanager
def _unwatched() -> Iterator[WriteSession]:
    """Write what is no act on any row: the log gets its one entry from whoever does it."""
    with writing(context.engine().execution_options(**{WATCHES: ()})) as session:
        yield session


@keys_app.command("forget")
def keys_forget(
    *,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Do it; without this it is only told what it means."))] = False,
    json: Json = False,
) -> None:
    """Go on without a lost key: what it sealed stays shut, and what it hashed is hashed anew."""
    with context.reader() as session:
        if key_state(session.connection()).is_well:
            raise Refusal(KeyCode.KEY_IS_HERE)
        lost = people_locked_out(session)
    if yes:
        host = host_key_at(context.engine())
        with context.writer() as session:
            lost = forget(session, host, by=context.person(), now=context.now()).lost
        settled()
    if json:
        as_json({"key": place_of_key(), "lost": list(lost), "is_done": yes})
        return
    _print_lost(lost)
    print_translated(N_("Givers’ codes are found again under the new key; strangers’ questions are counted anew."))
    if yes:
        print_translated(N_("The books have this key from now on: {place}. Keep a copy of it."), place=place_of_key())
    else:
        print_translated(N_("Nothing was changed. To go on without the lost key: donations keys forget --yes"))


def settled() -> Path | None:
    """End a change of the key; returns where the one of before is, if it changed."""
    host = host_key_at(context.engine())
    if host.next_file is None or not host.next_file.exists():
        return None
    with context.writer() as session:
        return settle(session, host)


def place_of_key() -> str:
    """Return where the key comes from, for people."""
    settings = context.settings()
    if settings.secret_key.get_secret_value():
        return place_of_setting("secret_key")
    return str(key_file_at(settings.database_url))


def say_state(state: KeyState) -> None:
    """Print what the key of this computer is to the books, and what to do where it opens nothing."""
    print_translated(_STATES[state])
    if not state.is_well:
        print_translated(KeyCode.NO_KEY.remedy)


def _print_lost(names: tuple[str, ...]) -> None:
    if names:
        print_translated(
            N_(
                "The authenticator apps of these people open nothing any more: {names}. They sign in by recovery code"
                " and set the app up anew, or an administrator resets their second step."
            ),
            names=", ".join(names),
        )


def _said(done: Renewed) -> dict[str, object]:
    return {"secrets": done.secrets, "lost": list(done.lost)}
