"""From a file to books, by the command line: against other programs, in rows and bytes, in memory, and once more."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.peers import Peer, peers
from benchmarks.plan import Plan, interleaved
from benchmarks.postgres import Server
from benchmarks.programs import Used, costs, donations, middle, of_file, seconds
from benchmarks.statements import FORMATS, payments
from benchmarks.targets import Figure

_UNSEALED = {"DONATIONS_SEALED": "false"}
"""The settings under which names lie plain at rest."""
_CSV, _CAMT = "lhv-csv", "camt.053"
_LARGE_VALUE = 4096
"""Bytes in one column of one row; nothing but the file itself is so large."""
_MB = 1_000_000
_KNOWN_ROUNDS, _NOISE_SECONDS = 9, 0.01
_TIMES_MORE = 10
Uses = Mapping[str, Used]


class Imports:
    """What is imported: files of several sizes, and where the books go."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        """Write the files."""
        self.plan, self.folder, self._numbers = plan, folder, count()
        for lines in (1, plan.lines):
            written = payments(lines)
            for form in (_CSV, _CAMT):
                self.file(form, lines).write_bytes(FORMATS[form](written))

    def file(self, form: str, lines: int) -> Path:
        """Return where a file is."""
        return self.folder / f"{lines}.{form}"

    def fresh(self, form: str, lines: int, settings: Mapping[str, str] | None = None) -> Used:
        """Import a file into books that are made for it; they are kept until the next time."""
        url = of_file(self._empty(f"{form}.{lines}") / "books.sqlite")
        return donations("import", "--add-accounts", self.file(form, lines), url=url, settings=settings)

    def books(self, form: str, lines: int) -> Path:
        """Return the books of the last import of a file."""
        return self.folder / f"in.{form}.{lines}" / "books.sqlite"

    def again(self, lines: int) -> Used:
        """Import the same bytes into books that have them."""
        return donations("import", self.file(_CSV, lines), url=of_file(self.books(_CSV, lines)))

    def months(self) -> Used:
        """Ask for gifts by month."""
        return donations("report", "months", url=of_file(self.books(_CSV, self.plan.lines)))

    def peer(self, peer: Peer) -> Used:
        """Let another program have the same export."""
        return peer.run(self.file(_CSV, self.plan.lines), self._empty(peer.name))

    def postgres(self, server: Server) -> Used:
        """Import the export into a new database of a server."""
        url = server.new_database(f"imported{next(self._numbers)}")
        before = server.cpu()
        used = donations("import", "--add-accounts", self.file(_CSV, self.plan.lines), url=url)
        return replace(used, cpu=used.cpu + server.cpu() - before)

    def _empty(self, name: str) -> Path:
        folder = self.folder / f"in.{name}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder


def measure(plan: Plan, server: Server | None) -> Iterator[Figure]:
    """Yield what an import takes."""
    with TemporaryDirectory(dir=plan.folder) as name:
        imports = Imports(plan, Path(name))
        others = peers(plan.peers)
        samples = interleaved(plan, dict(_cases(imports, others, server)))
        uses = {case: middle(each) for case, each in samples.items()}
        yield from _against_peers(uses, others, plan.lines)
        yield Figure("camt", uses["camt"].cpu / uses["csv"].cpu, seconds(uses["camt"], uses["csv"]), plan.lines)
        yield from _on_postgres(uses, plan.lines)
        yield from _size(imports.books(_CSV, plan.lines), imports.books(_CSV, 1), plan.lines)
        yield _known(imports)
        yield _memory(uses, plan.lines)
        yield _more_memory(imports, uses)


def _cases(
    imports: Imports, others: Mapping[str, Peer], server: Server | None
) -> Iterator[tuple[str, Callable[[], Used]]]:
    lines = imports.plan.lines
    yield "one line", partial(imports.fresh, _CSV, 1)
    yield "unsealed csv", partial(imports.fresh, _CSV, lines, _UNSEALED)
    yield "csv", partial(imports.fresh, _CSV, lines)  # the last, for its books are asked below
    yield "months", imports.months
    for name, peer in others.items():
        if peer.lacking is None:
            yield name, partial(imports.peer, peer)
    yield "camt", partial(imports.fresh, _CAMT, lines)
    if server is not None:
        yield "postgres", partial(imports.postgres, server)


def _against_peers(uses: Uses, others: Mapping[str, Peer], lines: int) -> Iterator[Figure]:
    plain = uses["unsealed csv"]
    with_months = uses["csv"] + uses["months"]
    for name, peer in others.items():
        ours = {f"csv.{name}.sealed": uses["csv"], f"csv.{name}.unsealed": plain, f"months.{name}": with_months}
        for key, used in ours.items():
            if peer.lacking:
                yield Figure(key, None, peer.lacking)
            else:
                yield Figure(key, used.cpu / uses[name].cpu, costs(used, uses[name]), lines)
    yield Figure("csv.sealed", uses["csv"].cpu / plain.cpu, seconds(uses["csv"], plain), lines)


def _on_postgres(uses: Uses, lines: int) -> Iterator[Figure]:
    if "postgres" in uses:
        theirs, ours = uses["postgres"], uses["csv"]
        yield Figure("postgres.csv", theirs.cpu / ours.cpu, f"{seconds(theirs, ours)}, with the server's", lines)
    else:
        yield Figure("postgres.csv", None, "no PostgreSQL here")


def _size(books: Path, base: Path, lines: int) -> Iterator[Figure]:
    """What the books have more than those of one payment, the file itself left out."""
    more = lines - 1
    rows, size, file = (after - before for after, before in zip(_counted(books), _counted(base), strict=True))
    yield Figure("rows", rows / more, "all tables", lines)
    yield Figure(
        "bytes", (size - file) / more, f"{size / more:.0f} B with the file, which takes {file / more:.0f}", lines
    )


def _counted(books: Path) -> tuple[int, int, int]:
    """Return all rows, all bytes, and the bytes of large values."""
    rows = large = 0
    with closing(sqlite3.connect(books)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows += database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - our own tables
            for _, column, *_ in database.execute(f'PRAGMA table_info("{table}")').fetchall():
                large += database.execute(
                    f'SELECT coalesce(sum(length("{column}")), 0) FROM "{table}"'  # noqa: S608
                    f' WHERE typeof("{column}") = \'blob\' AND length("{column}") > {_LARGE_VALUE}'
                ).fetchone()[0]
    return rows, books.stat().st_size, large


def _known(imports: Imports) -> Figure:
    """A small difference of large numbers: of several the least, with the least of other programs in it."""
    lines = imports.plan.lines
    content = imports.file(_CSV, lines)
    taken = []
    known: list[tuple[Used, Used]] = []
    for _ in range(_KNOWN_ROUNDS):
        known.append((imports.again(lines), imports.again(1)))
        began = time.process_time()
        hashlib.sha256(content.read_bytes()).digest()
        taken.append(time.process_time() - began)
    again, base = (min(each, key=lambda used: used.cpu) for each in zip(*known, strict=True))
    hashing = min(taken)
    beyond = again.cpu - base.cpu - hashing
    note = f"{seconds(again)} - {seconds(base)} for one known line - {hashing * 1000:.0f} ms to read and hash"
    if beyond < -_NOISE_SECONDS:
        return Figure("again", None, f"lost in what else the machine did: {note}")
    return Figure("again", beyond * 1000, note, lines)


def _memory(uses: Uses, lines: int) -> Figure:
    base = uses["one line"].peak
    grown = {name: (uses[name].peak - base) / _MB for name in ("csv", "camt")}
    note = ", ".join(f"{name} {figure:.0f}" for name, figure in grown.items()) + f"; base {base / _MB:.0f}"
    return Figure("memory", max(grown.values()), f"{note}; peaks of all processes added up", lines)


def _more_memory(imports: Imports, uses: Uses) -> Figure:
    key, lines = "memory.many", imports.plan.lines * _TIMES_MORE
    if not imports.plan.million:
        return Figure(key, None, "with --million")
    written = payments(lines)
    for form in (_CSV, _CAMT):
        imports.file(form, lines).write_bytes(FORMATS[form](written))
    del written
    more = {
        form: (imports.fresh(form, lines).peak - uses[name].peak) / _MB
        for form, name in ((_CSV, "csv"), (_CAMT, "camt"))
    }
    note = ", ".join(f"{form} {figure:.0f}" for form, figure in more.items())
    return Figure(key, max(more.values()), f"{note}; {lines:,} lines once", lines)
