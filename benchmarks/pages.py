"""How fast each page answers over large books, and how much it asks of the database; nothing is left out."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import track
from rich.table import Table
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from benchmarks.books import LargeBooks, open_books
from benchmarks.counting import Asked, counted
from benchmarks.routes import Address, addresses
from benchmarks.visiting import visit

SLOW_MILLISECONDS, MANY_ROWS = 300, 5_000
ENOUGH_MILLISECONDS = 10_000
"""A page that takes so long is known to be slow without more repetitions."""


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
    asked: Asked = field(default_factory=Asked)

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


def measure(console: Console, *, payments: int, repeat: int, only: str, books: Path | None) -> None:
    """Ask for every page, and print a table of them."""
    with TemporaryDirectory() as directory:
        large = open_books(books or Path(directory) / "books.sqlite", payments=payments)
        with large.engine.connect() as connection:
            size = connection.execute(text("SELECT count(*) FROM payment")).scalar_one()
        show(console, ask_all(large, repeat=repeat, only=only), title=f"Pages over {size:,} payments")
        large.engine.dispose()


def ask_all(books: LargeBooks, *, repeat: int, only: str = "") -> list[Answered]:
    """Ask for every page of the application over these books, each as often as told and once before."""
    with visit(books) as here:
        found = addresses(here.app, books.engine, here.values)
        wanted = [each for each in found if only in each.route]
        shown = track(wanted, description="Asking", console=Console(stderr=True), transient=True)
        return [ask(here.client, books.engine, each, repeat=repeat) for each in shown]


def ask(client: TestClient, engine: Engine, address: Address, *, repeat: int) -> Answered:
    """Ask for one page; the first answer, which fills caches, is not timed, but what it asks of the database is."""
    if address.path is None:
        return Answered(address=address, status=None)
    with counted(engine) as asked:
        first = client.get(address.path, follow_redirects=False)
    if repeat:
        client.get(address.path, follow_redirects=False)  # on the connection that the next ones use
    times: list[float] = []
    cpu: list[float] = []
    while len(times) < repeat and sum(times) < ENOUGH_MILLISECONDS:
        began, began_cpu = time.perf_counter(), time.process_time()
        client.get(address.path, follow_redirects=False)
        times.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - began_cpu) * 1000)
    return Answered(
        address=address,
        status=first.status_code,
        times=tuple(times),
        cpu=tuple(cpu),
        size=len(first.content),
        asked=asked,
    )


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
