"""How fast each page answers over large books, and how much it asks of the database; nothing is left out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import Engine, text

from benchmarks.books import LargeBooks, on_postgres, open_books
from benchmarks.counting import Asked, counted
from benchmarks.plan import Plan
from benchmarks.postgres import Server
from benchmarks.routes import Address, addresses
from benchmarks.targets import Figure
from benchmarks.visiting import Visit, visit

WANTED_MILLISECONDS, PIECE_BYTES = 100, 1_000_000
CSV = "text/csv"
SLOW_MILLISECONDS, MANY_ROWS = 300, 5_000
_DONOR = "/treasurer/donors/{donor_id}"
ENOUGH_MILLISECONDS = 10_000
"""A page that takes so long is known to be slow without more repetitions."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Where books came from, which are asked for the same, and what the server takes that they are in now."""

    source: Engine
    cpu: Callable[[], float]


def nowhere() -> float:
    """Return the processor seconds of a database that works in this process."""
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How one page answered; the times without the first request, in milliseconds."""

    address: Address
    status: int | None
    """None where no address is known."""
    times: tuple[float, ...] = ()
    cpu: tuple[float, ...] = ()
    """Without waiting for a busy machine."""
    size: int = 0
    largest_piece: int = 0
    """Bytes of the first answer that were sent at once."""
    is_file: bool = False
    """Whether it is something to keep, such as a table of everything."""
    asked: Asked = field(default_factory=Asked)

    @property
    def p95(self) -> float:
        """Return what 95 % of the requests did not exceed, in milliseconds of processors."""
        times = sorted(self.cpu)
        return times[ceil(0.95 * len(times)) - 1]

    @property
    def remarks(self) -> str:
        """Return what is wrong with it."""
        if self.status is None:
            return "NOT MEASURED: no value for its path"
        found = [f"FAILED with {self.status}"] if self.status >= 400 else []
        if self.times and median(self.times) > SLOW_MILLISECONDS:
            # Waiting for others is no fault of the page; measure again where nothing else runs.
            found.append("SLOW" if median(self.cpu) > SLOW_MILLISECONDS else "machine busy")
        found += ["MANY ROWS"] if self.asked.rows > MANY_ROWS else []
        return ", ".join(found)


def measure(plan: Plan, console: Console, server: Server | None) -> Iterator[Figure]:
    """Ask for every page of the same books in both databases, print a table of each, and yield the targets of them."""
    plan.books.mkdir(parents=True, exist_ok=True)
    path = plan.books / f"books{plan.payments}.sqlite"
    with plan.console.status("making the books behind the pages"):
        large = open_books(path, payments=plan.payments)
        with large.engine.connect() as connection:
            size = connection.execute(text("SELECT count(*) FROM payment")).scalar_one()
    here = ask_all(large, repeat=plan.repeat, only=plan.only)
    show(console, here, title=f"Pages over {size:,} payments in SQLite")
    yield _slowest("pages.sqlite", here, size)
    yield _at_once(here, size)
    if server is None:
        yield from (Figure(key, None, "no PostgreSQL here") for key in ("pages.postgres", "postgres.donor"))
    else:
        there = _ask_on_postgres(path, large, server, plan)
        show(console, there, title=f"Pages over {size:,} payments in PostgreSQL")
        yield _slowest("pages.postgres", there, size)
        yield _donor(here, there, size)
    large.engine.dispose()


def _ask_on_postgres(path: Path, large: LargeBooks, server: Server, plan: Plan) -> list[Answered]:
    with plan.console.status("bringing the books to PostgreSQL"):
        moved = on_postgres(path, large, server)
    answered = ask_all(moved, repeat=plan.repeat, only=plan.only, moved=Moved(large.engine, server.cpu))
    moved.engine.dispose()
    return answered


def _slowest(key: str, answered: Iterable[Answered], size: int) -> Figure:
    pages = sorted((each for each in answered if each.times and not each.is_file), key=lambda each: -each.p95)
    if not pages:
        return Figure(key, None, "no page asked for")
    slow = sum(each.p95 > WANTED_MILLISECONDS for each in pages)
    worst = ", ".join(f"{each.address.route} {each.p95:.0f}" for each in pages[:3])
    return Figure(key, pages[0].p95, f"{slow} of {len(pages)} over {WANTED_MILLISECONDS} ms: {worst}", size)


def _at_once(answered: Iterable[Answered], size: int) -> Figure:
    found = [each for each in answered if each.is_file]
    whole = [each for each in found if each.largest_piece > PIECE_BYTES]
    note = ", ".join(f"{each.address.route} {each.largest_piece:,} B at once" for each in whole[:3])
    return Figure("files", len(whole), note or f"of {len(found)} none sends over {PIECE_BYTES:,} B at once", size)


def _donor(here: Iterable[Answered], there: Iterable[Answered], size: int) -> Figure:
    times = [
        next((median(each.cpu) for each in answered if each.address.route == _DONOR and each.cpu), None)
        for answered in (there, here)
    ]
    if None in times:
        return Figure("postgres.donor", None, "not asked for")
    theirs, ours = filter(None, times)
    return Figure("postgres.donor", theirs / ours, f"{theirs:.0f} ms : {ours:.0f} ms", size)


def ask_all(books: LargeBooks, *, repeat: int, only: str = "", moved: Moved | None = None) -> list[Answered]:
    """Ask for every page of the application over these books, each as often as told and once before."""
    with visit(books) as here:
        found = addresses(here.app, moved.source if moved else books.engine, here.values)
        wanted = [each for each in found if only in each.route]
        shown = track(wanted, description="Asking", console=Console(stderr=True), transient=True)
        elsewhere = moved.cpu if moved else nowhere
        return [ask(here, books.engine, each, repeat=repeat, elsewhere=elsewhere) for each in shown]


def ask(here: Visit, engine: Engine, address: Address, *, repeat: int, elsewhere: Callable[[], float]) -> Answered:
    """Ask for one page; the first answer, which fills caches, is not timed, but what it asks of the database is."""
    if address.path is None:
        return Answered(address=address, status=None)
    client, here.pieces.largest = here.client, 0
    with counted(engine) as asked:
        first = client.get(address.path, follow_redirects=False)
    if repeat:
        client.get(address.path, follow_redirects=False)  # on the connection that the next ones use
    times: list[float] = []
    cpu: list[float] = []
    while len(times) < repeat and sum(times) < ENOUGH_MILLISECONDS:
        began, began_cpu = time.perf_counter(), elsewhere() + time.process_time()
        client.get(address.path, follow_redirects=False)
        times.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() + elsewhere() - began_cpu) * 1000)
    return Answered(
        address=address,
        status=first.status_code,
        times=tuple(times),
        cpu=tuple(cpu),
        size=len(first.content),
        is_file=_is_file(first.headers),
        largest_piece=here.pieces.largest,
        asked=asked,
    )


def _is_file(headers: Mapping[str, str]) -> bool:
    """Whether it is something to keep: as browsers are told, or a table of everything that programs ask for as CSV."""
    return "attachment" in headers.get("content-disposition", "") or headers.get("content-type", "").startswith(CSV)


def show(console: Console, pages: Iterable[Answered], *, title: str) -> None:
    """Print a row for each page, and how many are too slow or read too much."""
    pages = list(pages)
    repeat = max((len(each.times) for each in pages), default=0)
    table = Table(title=f"{title}, medians of {repeat}; SLOW is over {SLOW_MILLISECONDS} ms")
    table.add_column("", overflow="fold")
    for column in ("median ms", "slowest ms", "CPU ms", "bytes", "SQL", "rows"):
        table.add_column(column, justify="right")
    table.add_column("remarks")
    for each in pages:
        figures = (median(each.times), max(each.times), median(each.cpu)) if each.times else ()
        times = [f"{figure:.0f}" for figure in figures] or [""] * 3
        counts = (f"{each.size:,}", str(each.asked.statements), f"{each.asked.rows:,}")
        table.add_row(each.address.route, *times, *counts, each.remarks)
    console.print(table)
    remarked = [each for each in pages if each.remarks]
    console.print(f"{len(pages)} pages, {len(remarked)} with remarks.")
