"""`donations watch FOLDER`: imports what comes into a folder once it is whole; nothing in the folder is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic, sleep
from typing import Annotated, NamedTuple, Self

import typer
from sqlalchemy import Engine

from donations.acts.importing import FileResult, FileStatus, refused, take_read
from donations.acts.reading_files import Terms, digest_of, read_new_file
from donations.cli import context
from donations.cli.given_files import files_below, given_at, printable
from donations.cli.importing import STATUS, problem_text
from donations.cli.show import print_error, print_translated, show_line, translated
from donations.cli.workers import ending_in_peace
from donations.core.language import N_
from donations.core.problem import Refused
from donations.core.refusal import Refusal, RefusalCode
from donations.core.refusals import RunningCode
from donations.core.statement import GivenFile
from donations.readers.door import files_of
from donations.store.donors import people
from donations.store.opening import unpooled
from donations.store.place import foreseen
from donations.store.session import reading
from donations.store.statements.files import is_withdrawn
from donations.views.formats import PLAIN_TELLER
from donations.views.phrases import problem_views

_TEMPORARY = (".part", ".partial", ".filepart", ".crdownload", ".opdownload", ".download", ".tmp", ".temp", ".swp", "~")
"""How names end while browsers and programs that copy still write."""


class FileState(NamedTuple):
    """What changes with a file: another one by its name, its size, its content or its rights."""

    inode: int
    size: int
    changed: int
    touched: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return it; raises `OSError`."""
        found = path.stat()
        return cls(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def states_in(folder: Path) -> dict[Path, FileState]:
    """Return the files of a folder, without those whose names say that they are being written."""
    found = {}
    for path in files_below(folder):
        if not path.name.lower().endswith(_TEMPORARY) and not path.name.startswith("~"):
            try:
                found[path] = FileState.of(path)
            except OSError:  # gone meanwhile
                continue
    return found


@dataclass(slots=True)
class _Seen:
    state: FileState
    since: float
    is_tried: bool = False


class WholeFiles:
    """Which files of a folder are whole, as far as looks at it tell, and were not tried as they are."""

    def __init__(self, *, settle: float) -> None:
        """Have seen none; a file is whole that is the same for so many seconds."""
        self._settle = settle
        self._seen: dict[Path, _Seen] = {}

    def look(self, states: Mapping[Path, FileState], now: float) -> list[Path]:
        """Return those that are whole now."""
        before = self._seen
        self._seen = {
            path: before[path] if path in before and before[path].state == state else _Seen(state, now)
            for path, state in states.items()
        }
        return [path for path, each in self._seen.items() if not each.is_tried and now - each.since >= self._settle]

    @property
    def are_all_tried(self) -> bool:
        """Whether nothing is left to wait for."""
        return all(each.is_tried for each in self._seen.values())

    def is_as_seen(self, path: Path) -> bool:
        """Whether a file is still what it was when it was looked at."""
        try:
            return FileState.of(path) == self._seen[path].state
        except OSError:
            return False

    def mark(self, path: Path, *, is_tried: bool) -> None:
        """Remember whether a file was tried as it is."""
        if path in self._seen:
            self._seen[path].is_tried = is_tried


class FolderWatch:
    """Imports what is whole, and says of each file once what became of it."""

    def __init__(self, engine: Engine, folder: Path, terms: Terms, *, settle: float) -> None:
        """Begin with nothing seen."""
        self._engine, self._folder, self._terms = engine, folder, terms
        self._files = WholeFiles(settle=settle)
        self._said: dict[Path, tuple[str, ...]] = {}
        self._waiting: set[Path] = set()
        self._refused: set[Path] = set()
        self._accounts = self._own_accounts()
        self._trouble: RefusalCode | None = None

    @property
    def is_done(self) -> bool:
        """Whether every file there is was tried."""
        return self._files.are_all_tried

    @property
    def is_well(self) -> bool:
        """Whether no file was refused or waits."""
        return not self._refused and not self._waiting

    def look(self) -> None:
        """Look once, and import what is whole; books that cannot be had now are tried again with the next look."""
        try:
            self._look()
        except Exception as error:
            code = error.code if isinstance(error, Refusal) else foreseen(error)
            if code is None:
                raise
            if code != self._trouble:
                print_error(error, json_wanted=False)
            self._trouble = code
        else:
            self._trouble = None

    def _look(self) -> None:
        states = states_in(self._folder)
        self._waiting &= states.keys()
        self._refused &= states.keys()
        self._said = {path: said for path, said in self._said.items() if path in states}
        accounts = self._own_accounts() if self._waiting else self._accounts
        if accounts != self._accounts:
            for path in self._waiting:
                self._files.mark(path, is_tried=False)
        self._accounts = accounts
        known = 0
        for path in self._files.look(states, monotonic()):
            known += self._try(path)
        if known:
            print_translated(N_("Files that were in the books already: {count}."), count=known)

    def _own_accounts(self) -> frozenset[str]:
        with reading(self._engine) as session:
            return frozenset(each.number for each in people.accounts(session))

    def _try(self, path: Path) -> int:
        """Import a file, and return how many of its files were in the books."""
        terms = replace(self._terms, now=context.now())
        try:
            given = given_at(path, terms.limits)
        except Refused as refusal:
            results: list[FileResult | None] = [refused(GivenFile(name=path.name, content=b""), refusal)]
        else:
            if not self._files.is_as_seen(path):
                return 0  # it grew while it was read
            results = [self._take(each, terms) for each in files_of(given, terms.limits)]
        self._files.mark(path, is_tried=True)
        statuses = {each.status for each in results if each is not None}
        for kept, status in ((self._waiting, FileStatus.WAITS), (self._refused, FileStatus.REFUSED)):
            (kept.add if status in statuses else kept.discard)(path)
        self._say(path, [line for each in results for line in _told(each)])
        return sum(each is not None and each.status is FileStatus.ALREADY_IMPORTED for each in results)

    def _take(self, given: GivenFile, terms: Terms) -> FileResult | None:
        """Import one file; None where a person took it back, which stands."""
        with reading(self._engine) as session:
            if is_withdrawn(session, digest_of(given)):
                return None
        return take_read(self._engine, read_new_file(self._engine, given, terms), terms)

    def _say(self, path: Path, lines: list[str]) -> None:
        said = self._said.get(path)
        self._said[path] = tuple(lines)
        if self._said[path] != said:
            for line in lines:
                show_line(f"{printable(path.relative_to(self._folder))}: {line}")


def _told(result: FileResult | None) -> Iterator[str]:
    """Yield what is worth saying of a file: nothing where its bytes were in the books before."""
    if result is None:
        yield translated(N_("It was taken back, so it is left out. To have it again: donations import FILE"))
    elif result.status is not FileStatus.ALREADY_IMPORTED:
        counts = N_("{status}. New: {new}, known: {known}, gifts: {gifts}, questions: {questions}.")
        if result.statements:
            yield translated(
                counts,
                status=translated(STATUS[result.status]),
                new=sum(each.new for each in result.statements),
                known=sum(each.known for each in result.statements),
                gifts=result.gifts,
                questions=result.questions,
            )
        else:
            yield translated(STATUS[result.status])
        for problem in problem_views(result.problems, PLAIN_TELLER):
            yield f"{problem_text(problem)} ({problem.code.value})"


def watch_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=N_("Where statement files come."))],
    *,
    every: Annotated[float, typer.Option(min=0.1, max=3600, help=N_("Seconds between two looks."))] = 5,
    settle: Annotated[
        float, typer.Option(min=0, max=3600, help=N_("For so many seconds a file must not change to be whole."))
    ] = 10,
    once: Annotated[
        bool, typer.Option("--once", help=N_("Import what is there now, once it is whole, and end."))
    ] = False,
) -> None:
    """Import what comes into a folder, until stopped; the files stay as they are."""
    if not folder.is_dir():
        raise Refusal(RunningCode.NO_SUCH_FILE, file=printable(folder))
    context.engine().dispose()
    engine = unpooled(context.engine())  # while it waits, SQLite's file may be put aside
    terms = Terms(by=context.person(), now=context.now(), limits=context.settings().limits)
    watch = FolderWatch(engine, folder, terms, settle=settle)
    with ending_in_peace() as told:
        if not once:
            print_translated(N_("Watching {folder}. To end: Ctrl-C"), folder=printable(folder))
        watch.look()
        while not told.is_set() and not (once and watch.is_done):
            sleep(every)
            watch.look()
    if not watch.is_well:
        raise typer.Exit(1)
