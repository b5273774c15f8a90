"""Several processes behind one port: begun together, begun again where one dies, and stopped together.

They are forked from a program that has everything ready, and no thread and no connection yet.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import NoReturn

from donations.cli.show import complain, translated
from donations.core.language import N_

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SOON_SECONDS, _SOON_MAX = 5, 3
"""After so many that died so soon, one after the other, the next one would too."""


@dataclass(slots=True)
class ToldToEnd:
    """Whether a program was told to end; an `Event` could lock out the very thread that a signal interrupts."""

    was_told: bool = False

    def is_set(self) -> bool:
        """Return it."""
        return self.was_told


@contextmanager
def ending_in_peace() -> Iterator[ToldToEnd]:
    """Let the signals that end a program end it as any other end does: what is open is closed.

    Where Python is cleaning up an object just then it drops what is raised; what this yields says that one came.
    """
    told = ToldToEnd()

    def end(*_: object) -> None:
        told.was_told = True
        raise SystemExit(0)

    before = {each: signal.signal(each, end) for each in STOPPING}
    try:
        yield told
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class ServingTogether:
    """Processes that do the same work until they are told to stop; `work` returns whether it ended in peace.

    It begins with the signals that stop programs blocked, and lets them in once it has handlers of its own.
    """

    def __init__(self, number: int, work: Callable[[], bool]) -> None:
        """Begin with none."""
        self._number, self._work = number, work
        self._begun: dict[int, float] = {}
        """By process, when."""
        self._is_stopping = False
        self._lives, self._lived = os.pipe()
        """Whose writing end is closed when this program dies."""

    def run(self) -> bool:
        """Keep so many going until this program is told to stop; whether all of them ended in peace then."""
        for each in STOPPING:
            signal.signal(each, self._stop)
        for _ in range(self._number):
            self._begin()
        is_well, died_soon = True, 0
        while self._begun:
            process, status = os.wait()
            lived = monotonic() - self._begun.pop(process)
            if self._is_stopping:
                is_well = is_well and status == 0
            else:
                complain("worker_died", translated(N_("A worker died; what it was at is taken back or begun anew.")))
                died_soon = died_soon + 1 if lived < _SOON_SECONDS else 0
                if died_soon >= _SOON_MAX:
                    is_well = False
                    self._stop()
                else:
                    self._begin()
        return is_well

    def _stop(self, *_: object) -> None:
        self._is_stopping = True
        for each in self._begun:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGTERM)

    def _begin(self) -> None:
        """Begin one; no signal comes between a process and its being known, nor before it listens to them itself."""
        sys.stdout.flush()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        process = None if self._is_stopping else os.fork()
        if process == 0:
            self._serve()
        if process is not None:
            self._begun[process] = monotonic()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _serve(self) -> NoReturn:
        status = 1
        try:
            os.close(self._lived)
            Thread(target=self._end_with_parent, name="end with parent", daemon=True).start()
            status = 0 if self._work() else 1
        except BaseException as error:  # noqa: BLE001 - a traceback could hold names, and nobody is there to catch it
            complain("internal", type(error).__name__)
        finally:
            sys.stdout.flush()
            os._exit(status)

    def _end_with_parent(self) -> None:
        os.read(self._lives, 1)
        os.kill(os.getpid(), signal.SIGTERM)
