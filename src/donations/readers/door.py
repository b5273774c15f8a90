"""The door to the process that reads files: bytes go in, and what comes out is checked here like a stranger's word.

A worker (`worker`) reads one file after another. One that takes too much or breaks is ended, and its file refused.
"""

from __future__ import annotations

import atexit
import os
import re
import signal
import subprocess
import sys
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from typing import IO, Any, TypeVar, cast

from donations.core.language import N_
from donations.core.lines import Fact, Lines
from donations.core.problem import Problem, ProblemCode, Refused, refuse
from donations.core.statement import GivenFile, Reading, shown_name
from donations.core.table_layout import TableLook
from donations.readers.columns import FactsIn
from donations.readers.finalise import finalise
from donations.readers.plain import (
    ASKED,
    LENGTH,
    LOOK,
    OPEN,
    READ,
    BadMessageError,
    loads,
    problems_of,
    reading,
    typed,
    way_of,
)
from donations.readers.protocol import MEMBERS_MAX, UNPACKED_BYTES_MAX, ZIP_BEGINS, KnownReader, Limits

AT_ONCE_MAX = 4
"""Files that are read at the same time; others wait for their turn."""
IDLE_MAX = 2
FILES_MAX = 100
"""Files that one worker reads: what one of them left behind in it does not stay for ever."""
MESSAGE_BYTES_MAX = 32 * 1024 * 1024
"""Some lines; the largest entry of a file has 8 MiB."""
_STARTING_SECONDS = 60
_ARCHIVE_NAME_MAX = 50
"""So much of an archive's name stands before those of its files."""
_PATIENCE = 3
"""How many times as long as the processor may take the clock may: the computer has other things to do."""
_KEPT = ("LD_LIBRARY_PATH",)
"""Of the environment, which holds secrets: all that Python may need to start."""
_CODE = "import sys; sys.path[:] = sys.argv[2:]; from donations.readers.worker import main; main(int(sys.argv[1]))"
_FORMAT = re.compile(r"[a-z0-9.-]{1,40}")


T = TypeVar("T")


class _WorkerLostError(Exception):
    """The worker ended, or said what no reader says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stated:
    """What a worker says of a file."""

    format: str
    foreign: frozenset[str]
    """Endings of names that promise another format."""
    facts: Iterator[Fact | Lines]


def _known(name: str) -> str:
    if _FORMAT.fullmatch(name) is None:
        raise BadMessageError
    return name


class Worker:
    """One process that reads."""

    def __init__(self, memory: int) -> None:
        """Start it and wait until it is ready; raises `Refused`: `reader_unavailable`."""
        self.memory = memory
        self.files = 0
        self._is_between_files = False
        self._is_expired = False
        try:
            self.process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-I", "-c", _CODE, str(memory), *filter(os.path.isabs, sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a traceback could quote a payer
                env={name: os.environ[name] for name in _KEPT if name in os.environ},
                cwd="/",
                start_new_session=True,  # Ctrl-C is for us
            )
        except OSError as error:
            raise refuse(ProblemCode.READER_UNAVAILABLE) from error
        try:
            with self._within(_STARTING_SECONDS):
                (known,) = self._heard("ready")
                with reading():
                    self.known: tuple[KnownReader, ...] = tuple(map(way_of(KnownReader)[1], typed(known, list)))
        except Exception as error:
            self.end()
            raise refuse(ProblemCode.READER_UNAVAILABLE) from error
        self._is_between_files = True

    @property
    def is_fit(self) -> bool:
        """Whether it can read another file."""
        return self._is_between_files and not self._is_expired and self.files < FILES_MAX

    def read(self, content: bytes, *, seconds: int, finish: Callable[[_Stated], Reading]) -> Reading:
        """Let it read a file for so long, and return what `finish` makes of that.

        Raises `Refused`, and `_WorkerLostError` where a worker is lost that had read other files before: whose fault
        it was, nobody knows.
        """

        def heard() -> Reading:
            name, foreign = self._heard("format")
            return finish(_Stated(format=_known(name), foreign=frozenset(foreign), facts=self._facts(name)))

        return self._answered(content, heard, seconds=seconds)

    def open(self, content: bytes, *, seconds: int) -> list[tuple[str, bytes]]:
        """Let it open an archive and return all its files with their paths; raises as `read` does."""
        return self._answered(content, self._members, seconds=seconds, wanted=OPEN)

    def look(self, content: bytes, *, seconds: int) -> TableLook:
        """Let it look at a table and return what its columns show; raises as `read` does."""

        def heard() -> TableLook:
            (text,) = self._heard("table")
            self._heard("end")
            return TableLook.of_text(typed(text, str))

        return self._answered(content, heard, seconds=seconds, wanted=LOOK)

    def _answered(self, content: bytes, heard: Callable[[], T], *, seconds: int, wanted: int = READ) -> T:
        self.files += 1
        self._is_between_files = False
        try:
            with self._within(seconds * _PATIENCE):
                self._ask(ASKED.pack(seconds, len(content), wanted), content)
                return heard()
        except Refused:
            raise
        except Exception as error:  # what is not said as a reader says it breaks in many ways
            self.end()
            if self._is_expired or self.process.returncode == -signal.SIGXCPU:
                raise refuse(ProblemCode.TOOK_TOO_MUCH, what=N_("time")) from error
            if self.files == 1:
                raise refuse(ProblemCode.UNREADABLE_FILE, format=N_("a statement")) from error
            raise _WorkerLostError from error

    def _facts(self, name: str) -> Iterator[Fact | Lines]:
        heard = FactsIn()
        while True:
            kind, *rest = self._hear()
            if kind == "facts":
                yield from heard.facts(*rest)
            elif kind == "end":
                return
            else:
                raise self._refusal(kind, rest, name)

    def _members(self) -> list[tuple[str, bytes]]:
        found: list[tuple[str, list[bytes]]] = []
        left = UNPACKED_BYTES_MAX
        while True:
            kind, *rest = self._hear()
            if kind == "member" and len(found) < MEMBERS_MAX:
                found.append((typed(rest[0], str), []))
            elif kind == "bytes" and (part := b64decode(typed(rest[0], str), validate=True)) and len(part) <= left:
                left -= len(part)
                found[-1][1].append(part)
            elif kind == "end":
                return [(name, b"".join(parts)) for name, parts in found]
            else:
                raise self._refusal(kind, rest, "zip")

    def end(self) -> None:
        """End it, whatever it does."""
        self._is_between_files = False
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # it does not take any more what was left to say
                cast("IO[bytes]", pipe).close()

    def _ask(self, *parts: bytes) -> None:
        to = cast("IO[bytes]", self.process.stdin)
        for part in parts:
            to.write(part)
        to.flush()

    def _heard(self, expected: str) -> list[Any]:
        """Return what follows the expected word; raises the refusal that comes in its place."""
        kind, *rest = self._hear()
        if kind != expected:
            raise self._refusal(kind, rest, N_("a statement"))
        return rest

    def _hear(self) -> list[Any]:
        from_it = cast("IO[bytes]", self.process.stdout)
        head = from_it.read(LENGTH.size)
        length = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else 0
        content = from_it.read(length) if length <= MESSAGE_BYTES_MAX else b""
        if not content or len(content) != length:
            raise _WorkerLostError
        message = loads(content)
        self._is_between_files = message[:1] in (["end"], ["refused"], ["failed"])
        return message or [""]

    @staticmethod
    def _refusal(kind: object, rest: list[Any], name: str) -> Exception:
        if kind == "refused":
            problems = problems_of(*rest)
            return Refused(problems) if any(each.refuses for each in problems) else _WorkerLostError()
        if kind == "memory":
            return refuse(ProblemCode.TOOK_TOO_MUCH, what=N_("memory"))
        return refuse(ProblemCode.UNREADABLE_FILE, format=name) if kind == "failed" else _WorkerLostError()

    @contextmanager
    def _within(self, seconds: int) -> Iterator[None]:
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def _expire(self) -> None:
        self._is_expired = True
        self.process.kill()


class Workers:
    """The workers of this process: few at once, and the idle ones wait for the next file."""

    def __init__(self) -> None:
        """Have none yet."""
        self.forget()
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self.forget)

    def forget(self) -> None:
        """Leave them to the process that started them."""
        self._turns = threading.BoundedSemaphore(AT_ONCE_MAX)
        self._lock = threading.Lock()
        self._idle: list[Worker] = []

    def close(self) -> None:
        """End those that are idle; with this process all others end too."""
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def read(self, content: bytes, limits: Limits, finish: Callable[[_Stated], Reading]) -> Reading:
        """Read a file by whoever is free; raises `Refused`."""
        seconds = limits.seconds_for(len(content))
        return self._asked(limits, lambda worker: worker.read(content, seconds=seconds, finish=finish))

    def open(self, content: bytes, limits: Limits) -> list[tuple[str, bytes]]:
        """Open an archive by whoever is free; raises `Refused`."""
        seconds = limits.seconds_for(UNPACKED_BYTES_MAX)
        return self._asked(limits, lambda worker: worker.open(content, seconds=seconds))

    def look(self, content: bytes, limits: Limits) -> TableLook:
        """Look at a table by whoever is free; raises `Refused`."""
        seconds = limits.seconds_for(len(content))
        return self._asked(limits, lambda worker: worker.look(content, seconds=seconds))

    def known(self, limits: Limits) -> tuple[KnownReader, ...]:
        """Return what a worker has for reading; raises `Refused` where none can start."""
        return self._asked(limits, lambda worker: worker.known)

    def _asked(self, limits: Limits, ask: Callable[[Worker], T]) -> T:
        with self._turns:
            try:
                with self._one(limits.memory, is_new=False) as worker:
                    return ask(worker)
            except _WorkerLostError:
                with self._one(limits.memory, is_new=True) as worker:
                    return ask(worker)

    @contextmanager
    def _one(self, memory: int, *, is_new: bool) -> Iterator[Worker]:
        with self._lock:
            fitting = [each for each in self._idle if each.memory == memory and not is_new]
            worker = fitting[-1] if fitting else None
            if worker is not None:
                self._idle.remove(worker)
        worker = worker or Worker(memory)
        try:
            yield worker
        finally:
            if worker.is_fit:
                with self._lock:
                    self._idle.append(worker)
                    surplus = self._idle[:-IDLE_MAX]
                    del self._idle[:-IDLE_MAX]
            else:
                surplus = [worker]
            for each in surplus:
                each.end()


WORKERS = Workers()


def known_readers() -> tuple[KnownReader, ...]:
    """Return our readers and those of other packages, as the process that reads has them; raises `Refused`."""
    return WORKERS.known(Limits())


def files_of(given: GivenFile, limits: Limits) -> list[GivenFile]:
    """Return the files of an archive, each with the archive's name, or the file itself where it is none.

    An archive that is refused is returned itself: reading it says why.
    """
    if not given.content.startswith(ZIP_BEGINS) or len(given.content) > limits.file_bytes:
        return [given]
    try:
        found = WORKERS.open(given.content, limits)
    except Refused:
        return [given]
    inside = f"{shown_name(given.name)[:_ARCHIVE_NAME_MAX]} › "
    return [GivenFile(name=inside + shown_name(path.replace("/", " › ")), content=content) for path, content in found]


def look(content: bytes, limits: Limits) -> TableLook:
    """Return what the columns of a table show, read behind the door; raises `Refused`."""
    if len(content) > limits.file_bytes:
        raise refuse(ProblemCode.FILE_TOO_LARGE, limit=limits.file_size)
    return WORKERS.look(content, limits)


def read(
    content: bytes, *, today: date, name: str = "", limits: Limits | None = None, accept_imbalance: bool = False
) -> Reading:
    """Read a whole file behind the door, or raise `Refused` with every problem found in it.

    `today` is the last believable day (bookings up to two days ahead pass). With `accept_imbalance` a stated balance
    that does not add up becomes a notice; so does a `name` that promises another format.
    """
    limits = limits or Limits()
    if len(content) > limits.file_bytes:
        raise refuse(ProblemCode.FILE_TOO_LARGE, limit=limits.file_size)

    def finish(stated: _Stated) -> Reading:
        reading = finalise(
            stated.facts,
            format_name=stated.format,
            today=today,
            lines_max=limits.lines,
            accept_imbalance=accept_imbalance,
        )
        suffix = PurePath(name).suffix.lower()
        if suffix not in stated.foreign:
            return reading
        notice = Problem.of(ProblemCode.FORMAT_DIFFERS, format=reading.format, suffix=suffix)
        return replace(reading, notices=(*reading.notices, notice))

    return WORKERS.read(content, limits, finish)
