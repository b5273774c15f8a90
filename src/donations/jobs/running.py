"""Does jobs one after the other in a thread of this program, and takes up again what another one left behind.

What it cannot end when the program stops it gives back; what it had when the program was killed is begun anew, by
whoever looks first once the lease has run out.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from secrets import token_hex
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from donations.core.refusal import Refusal
from donations.core.refusals import RunningCode
from donations.jobs.kind import JobKind
from donations.store.jobs import (
    LEASE_SECONDS,
    Job,
    JobLostError,
    end_job,
    give_back,
    keep_on,
    renew_lease,
    something_to_do,
    take_job,
)
from donations.store.opening import unpooled
from donations.store.patience import IS_PATIENT
from donations.store.place import foreseen
from donations.store.session import ReadSession, reading

UNFORESEEN = "internal"
LOOKS_EVERY = 2
"""Seconds between two looks for what other programs begun or left behind."""
_TRIED_AGAIN = timedelta(hours=1)
"""After so long what failed is as if it had not been begun."""
_SAYS_EVERY = 0.3
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_PIECE_BYTES = 512 * 1024
_LOG = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Kinds = Mapping[str, JobKind]


class StopSign(Protocol):
    """Says whether the program is told to stop."""

    def is_set(self) -> bool:
        """Return it."""


class _StoppedError(Exception):
    """The program is told to stop."""


class Runner:
    """Does jobs in one thread, which ends when there is nothing to do; safe for several threads."""

    def __init__(self, kinds: Kinds) -> None:
        """Begin with nothing to do; of no kinds it never does anything, and leaves all to other programs."""
        self._kinds = kinds
        self._lock = Lock()
        self._thread: Thread | None = None
        self._is_called = False
        self._stop = Event()

    def wake(self, engine: Engine, clock: Clock) -> None:
        """Let what was begun be done, soon."""
        with self._lock:
            self._is_called = bool(self._kinds)
            if self._is_called and self._thread is None and not self._stop.is_set():
                thread = Thread(target=self._run, args=(engine, clock), name="jobs", daemon=True)
                thread.start()  # or none can be started just now
                self._thread = thread

    def keep_looking(self, engine: Engine, clock: Clock, also: Callable[[ReadSession], None]) -> None:
        """Do what anybody begins from now on, and what was left behind, until `stop`; `also` looks with it."""
        Thread(target=self._look, args=(engine, clock, also), name="jobs to come", daemon=True).start()

    def stop(self, *, seconds: float) -> None:
        """End after the step at hand; what is not done is given back. So long it is waited for."""
        with self._lock:
            self._stop.set()
            running = self._thread
        if running is not None:
            running.join(seconds)

    def _look(self, engine: Engine, clock: Clock, also: Callable[[ReadSession], None]) -> None:
        while True:
            with suppress(Exception):  # what is gone may come back
                begin_due(engine, self._kinds, clock)
                with reading(engine) as session:
                    also(session)
                    if something_to_do(session, kinds=self._kinds, now=clock()):
                        self.wake(engine, clock)
            if self._stop.wait(LOOKS_EVERY):
                return

    def _run(self, engine: Engine, clock: Clock) -> None:
        while True:
            with self._lock:
                if not self._is_called or self._stop.is_set():
                    self._thread = None
                    return
                self._is_called = False
            patient = unpooled(engine).execution_options(**{IS_PATIENT: True})
            try:
                while not self._stop.is_set() and do_next(patient, self._kinds, clock, stop=self._stop):
                    pass
            except BaseException as error:  # noqa: BLE001 - the job is left to whoever finds it, and others wait
                _LOG.error("jobs: %s", type(error).__name__)


def do_next(engine: Engine, kinds: Kinds, clock: Clock, *, stop: StopSign) -> bool:
    """Do the oldest job that nobody does; False where there is none, or the program is to stop.

    Raises `SQLAlchemyError` where the database is gone: the job is left to whoever finds it; and `Refusal` where the
    key is not that of the books.
    """
    runner = token_hex(8)
    job = take_job(engine, runner, kinds=kinds, now=clock())
    if job is None:
        return False
    try:
        with _lease_renewed(engine, job, runner):
            kind = kinds[job.kind]
            failure = _done(engine, job, runner, kind, now=clock(), stop=stop)
            kept_for = min(kind.kept_for, _TRIED_AGAIN) if failure else kind.kept_for
            end_job(engine, job, runner, failure=failure, now=clock(), kept_for=kept_for)
    except (_StoppedError, SystemExit, KeyboardInterrupt) as stopped:
        with suppress(JobLostError, SQLAlchemyError):  # without a database its lease runs out by itself
            give_back(engine, job, runner)
        if not isinstance(stopped, _StoppedError):
            raise
        return False
    except JobLostError:
        pass
    return True


def _done(engine: Engine, job: Job, runner: str, kind: JobKind, *, now: datetime, stop: StopSign) -> str:
    """Do a job and return why it failed; empty where it did not."""
    made, done, said_at = list[bytes](), 0, monotonic()
    try:
        for done, piece in kind.work(engine, job, now):
            if stop.is_set():
                raise _StoppedError  # noqa: TRY301 - what a generator did so far goes with it
            made += [piece] if piece else []
            if sum(map(len, made)) >= _PIECE_BYTES or monotonic() - said_at >= _SAYS_EVERY:
                keep_on(engine, job, runner, done=done, pieces=[b"".join(made)] if made else [])
                made, said_at = [], monotonic()
        keep_on(engine, job, runner, done=done, pieces=[b"".join(made)] if made else [])
    except (JobLostError, _StoppedError, SystemExit, KeyboardInterrupt):
        raise
    except Refusal as refusal:
        return str(refusal.code)
    except BaseException as error:
        is_full = foreseen(error) is RunningCode.STORAGE_FULL or getattr(error, "errno", None) in _NO_ROOM
        if isinstance(error, SQLAlchemyError) and not is_full:
            raise
        # A traceback could hold names.
        _LOG.error("%s: %s of %s were done, then %s", kind.name, done, job.total, type(error).__name__)
        return str(RunningCode.STORAGE_FULL) if is_full else UNFORESEEN
    return ""


def begin_due(engine: Engine, kinds: Kinds, clock: Clock) -> None:
    """Begin what is due by the clock."""
    for kind in kinds.values():
        kind.begin_due(engine, clock())


def do_all(engine: Engine, kinds: Kinds, clock: Clock, *, once: bool, stop: StopSign) -> None:
    """Do jobs in this thread until the program is told to end, or once until none waits, and begin what is due.

    Where the database is gone, it looks whether it came back.
    """
    is_gone = False
    while not stop.is_set():
        try:
            begin_due(engine, kinds, clock)
            while not stop.is_set() and do_next(engine, kinds, clock, stop=stop):
                pass
            is_gone = False
        except SQLAlchemyError as error:
            if once:
                raise
            if not is_gone:
                _LOG.error("jobs: %s, tried again every %s seconds", type(error).__name__, LOOKS_EVERY)
            is_gone = True
        if once:
            return
        sleep(LOOKS_EVERY)


@contextmanager
def _lease_renewed(engine: Engine, job: Job, runner: str) -> Iterator[None]:
    """Let nobody else take a job whose steps are long, as long as this program lives."""
    is_over = Event()

    def renew() -> None:
        while not is_over.wait(LEASE_SECONDS / 3):
            with suppress(SQLAlchemyError):
                try:
                    renew_lease(engine, job, runner)
                except JobLostError:
                    return

    Thread(target=renew, name="lease", daemon=True).start()
    try:
        yield
    finally:
        is_over.set()
