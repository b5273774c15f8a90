"""Serves the pages until it is told to stop, over the books or over a made-up association."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from time import sleep
from types import FrameType
from typing import Any

import typer
import uvicorn
from rich.progress import track
from sqlalchemy import Engine

from donations.access.account import seal_totp_secrets
from donations.access.link import LINK_PATH, make_set_up_link
from donations.acts.registering import called, given_out
from donations.cli import context
from donations.cli.faults import report_no_values
from donations.cli.keys import settled
from donations.cli.show import complain, errors, money, print_translated, sentences, table, translated
from donations.cli.workers import STOPPING, ServingTogether, ending_in_peace
from donations.core.calendar import Month
from donations.core.language import N_
from donations.core.money import EUR
from donations.core.refusal import Refusal
from donations.core.refusals import BooksCode, RunningCode
from donations.demo.evenings import LEFT_OPEN, EveningDone, Evenings
from donations.demo.story import Folder, Plot, Story, tell
from donations.settings import Settings
from donations.store.host_key import key_of
from donations.store.migrate import migrate
from donations.store.opening import bound_statements, close_books, mark_served, open_engine, unpooled
from donations.store.place import sqlite_file
from donations.store.readiness import why_not_ready
from donations.store.session import WriteSession, as_reader
from donations.store.snapshot_file import snapshot_kept
from donations.web import Site, create_app, http_within, look_for_name, only_public, tell_requests

_COLUMNS = (
    N_("Month"),
    N_("Files"),
    N_("New"),
    N_("Known"),
    N_("Gifts"),
    N_("Sum"),
    N_("Asked"),
    N_("Answered"),
)


def live_through(engine: Engine, story: Story, *, now: datetime) -> None:
    """Spend an evening on each month of the story, and print what came of it."""
    evenings = Evenings(engine, story, now=now).all()
    shown = track(
        evenings, total=len(story.span), description=translated(N_("Importing")), console=errors, transient=True
    )
    spent = list(shown)
    title = translated(N_("{association}, a made-up association"), association=story.owner.name)
    table(title, _COLUMNS, [*map(_row, spent), _totals(spent)], right=_COLUMNS)
    files = sum(each.files for each in spent)
    print_translated(
        N_("{files} files, 0 refused. The newest {open} questions are yours to answer."), files=files, open=LEFT_OPEN
    )


def write_uploads(story: Story, folder: Path) -> None:
    """Write the files that the visitor may upload; those of an earlier demo go."""
    folder.mkdir(exist_ok=True)
    for old in filter(Path.is_file, folder.iterdir()):
        old.unlink()
    files = list(Folder(story).to_upload())
    for file in files:
        (folder / file.name).write_bytes(file.content)
    overlapping = N_("{folder}: {count} files of {month} that overlap; drop them all on the upload page.")
    print_translated(overlapping, folder=folder, count=len(files), month=story.span[-1])


def _row(evening: EveningDone) -> tuple[str, ...]:
    return (str(evening.month), *_figures([evening]))


def _totals(evenings: list[EveningDone]) -> tuple[str, ...]:
    return (translated(N_("All")), *_figures(evenings))


def _figures(evenings: list[EveningDone]) -> tuple[str, ...]:
    return (
        str(sum(each.files for each in evenings)),
        str(sum(each.new for each in evenings)),
        str(sum(each.known for each in evenings)),
        str(sum(each.gifts for each in evenings)),
        money(sum(each.minor for each in evenings), EUR),
        str(sum(each.questions for each in evenings)),
        str(sum(each.answered for each in evenings)),
    )


DEMO_FOLDER = Path("demo-data")
_GRACE = 3
"""Seconds for who is being answered, and again for what is being written: Docker kills after ten."""
_THIS_COMPUTER = frozenset({"127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - what it was told to serve on, also here


def serve_books(*, host: str, port: int, workers: int, access_log: bool) -> None:
    """Begin the books where there are none, tell how to come in, and serve. Raises `Refusal`."""
    with ending_in_peace():
        if workers > 1 and sqlite_file(context.settings().database_url) is not None:
            raise Refusal(RunningCode.ONE_WORKER)
        listening = listen(host, port)
        _show_what_is_published(listening)
        context.begin_books()
        settings, engine = context.settings(), context.engine()
        context.warn_of_open_files()
        settled()
        with context.writer() as session:
            key_of(session.connection())  # the wrong one is told before anything is served
            own_name = _own_name(session, settings)
            secret = make_set_up_link(session, now=context.now())
            seal_totp_secrets(session)
        address = _address(settings, host=host, port=port)
        if secret is not None:
            nobody = N_("Nobody has an account yet. Make the first one, within half an hour: {link}")
            print_translated(nobody, link=f"{address}{LINK_PATH}{secret}")
        if access_log or settings.access_log:
            tell_requests()
        serve(settings, engine, listening, called=own_name, workers=workers)


def show_demo(*, no_serve: bool, port: int, seed: int, donors: int) -> None:
    """Make the association up anew, live through its two years, and serve the pages over them."""
    listening = None if no_serve else listen("127.0.0.1", port)
    DEMO_FOLDER.mkdir(exist_ok=True)
    database = DEMO_FOLDER / "donations.sqlite"
    for leftover in DEMO_FOLDER.glob("donations.sqlite*"):
        leftover.unlink()
    now = context.now()
    story = tell(Plot(last=Month.of(now.date()).before, donors=donors, seed=seed))
    settings = Settings(database_url=f"sqlite:///{database}", organisation=story.owner.name)
    engine = open_engine(settings.database_url)
    migrate(engine)
    live_through(engine, story, now=now)
    write_uploads(story, DEMO_FOLDER / "to-upload")
    place = N_("The demo's database is {file}; look into it with DONATIONS_DATABASE_URL={url}")
    print_translated(place, file=database, url=settings.database_url)
    if listening is None:
        close_books(engine, seconds=_GRACE)
    else:
        with ending_in_peace():
            serve(settings, engine, listening, called=story.owner.name, demo=True)


def _own_name(session: WriteSession, settings: Settings) -> str:
    """Return what the pages call the organisation, and keep it where it is said for the first time."""
    try:
        return given_out(session, configured=settings.organisation, by=context.person(), at=context.now())
    except Refusal as refusal:
        if refusal.code is BooksCode.ORGANISATION_DIFFERS:
            typer.echo(sentences(refusal), err=True)
        return called(as_reader(session), configured=settings.organisation)


def serve(
    settings: Settings,
    engine: Engine,
    listening: socket.socket,
    *,
    called: str,
    demo: bool = False,
    workers: int = 1,
) -> None:
    """Run the server until it is told to stop, in this process or in several that it begins.

    Forwarded addresses are believed from the proxies in the settings only, for attempts to sign in are counted by them.
    """
    host, port = listening.getsockname()[:2]
    print_translated(N_("Serving on {address} - stop with Ctrl-C"), address=_address(settings, host=host, port=port))
    bound_statements(engine, seconds=settings.statement_seconds)
    app = create_app(settings, engine, called=called, demo=demo)
    site: Site = app.state.site
    site.looks.write_waiting(engine)  # of a server that was stopped while somebody wrote
    mark_served(engine)
    gc.collect()
    gc.freeze()  # what is there now stays: looked through for garbage again and again, it slows long pages by a third

    def work() -> bool:
        site.jobs.keep_looking(engine, site.clock, also=partial(look_for_name, site=site))
        server = _Server(configured(app, settings))
        server.listen_to_signals()
        server.run([listening])
        site.jobs.stop(seconds=_GRACE)
        site.looks.write_waiting(engine)
        return close_books(engine, seconds=_GRACE)

    if not (work() if workers == 1 else _together(workers, work, engine, site)):
        # Left alone it is rolled back; waited for, it could keep the program for ever.
        broken_off = N_("Something did not end in time and was broken off. What was finished before stands.")
        complain("broken_off", translated(broken_off))
        os._exit(1)


def _together(workers: int, work: Callable[[], bool], engine: Engine, site: Site) -> bool:
    """Let several processes do it, which tell each other what they answered."""
    with TemporaryDirectory(prefix="donations-") as folder:
        site.traffic.shared_in = Path(folder)
        engine.dispose()  # a connection is of one process
        return ServingTogether(workers, work).run()


def configured(app: Any, settings: Settings) -> uvicorn.Config:
    """Return how the pages are served; what is logged names nobody."""
    config = uvicorn.Config(
        app,
        http=http_within(settings.header_seconds),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=_GRACE,
    )
    report_no_values()
    return config


class _Server(uvicorn.Server):
    """A server for which a signal is the word to stop, and no more: what comes after serving closes the books.

    Uvicorn's own lets the signal end the program once it is done with it.
    """

    was_told = False
    """By a signal."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop."""
        self.was_told = True
        super().handle_exit(sig, frame)

    def listen_to_signals(self) -> None:
        """Stop at Ctrl-C, when told to end, and when the terminal is closed; a second Ctrl-C waits for nobody.

        Before it runs, for raised while its loop is made a signal would leave half of one; it begins and stops then.
        Nor does a signal break off what comes after serving: `ending_in_peace` lets go of them.
        """
        for each in STOPPING:
            signal.signal(each, self.handle_exit)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them as they are."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop without complaints of those who are broken off: they are told by `serve`, and may be many."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """Take the port, or end: before anybody is told of it."""
    try:
        found = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise Refusal(RunningCode.CANNOT_SERVE, host=host, port=port, cause=str(error.strerror)) from None
    # Else the system keeps each answer's body back until it hears, up to 40 ms later, that its head has come.
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return found


def _show_what_is_published(listening: socket.socket) -> None:
    """Where the database is silent, show the public what is kept beside it, until it answers; nothing else is served.

    Whether these are books of this version, and with this key, is looked at then, as at any other start.
    """
    settings, engine = context.settings(), context.engine_unseen()
    if snapshot_kept(engine) is None or not _is_silent(engine):
        return
    complain("database_silent", translated(N_("The database does not answer: only what is published is shown.")))
    server = _Server(configured(only_public(create_app(settings, engine)), settings))
    before = [signal.getsignal(each) for each in STOPPING]

    def look() -> None:
        while not server.should_exit:
            sleep(1)
            server.should_exit = server.should_exit or not _is_silent(engine)

    looking = Thread(target=look)
    looking.start()
    server.listen_to_signals()
    server.run([listening.dup()])
    looking.join()
    for each, handler in zip(STOPPING, before, strict=True):
        signal.signal(each, handler)
    if server.was_told:
        raise SystemExit(0)


def _is_silent(engine: Engine) -> bool:
    """Whether a server of databases does not answer; SQLite's file is there, or books are begun."""
    return engine.dialect.name != "sqlite" and why_not_ready(unpooled(engine)) is RunningCode.DATABASE_SILENT


def _address(settings: Settings, *, host: str, port: int) -> str:
    """Return where people open the pages: passkeys need a name, so this computer is called localhost."""
    if "address" in settings.model_fields_set:
        return settings.address.rstrip("/")
    return f"http://{'localhost' if host in _THIS_COMPUTER else host}:{port}"
