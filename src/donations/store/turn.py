"""Taking turns inside this program: who waits holds no connection, in the order of coming, and no more than may."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from time import monotonic

from donations.core.refusal import Refusal
from donations.core.refusals import RunningCode


class Turn:
    """So many are at it at once, and so many wait; safe for several threads."""

    def __init__(self, places: int, *, waiting_max: int) -> None:
        """Begin with nobody."""
        self._free, self._waiting_max = places, waiting_max
        self._waiting: deque[Event] = deque()
        self.over = 0
        """How many have had their turn."""
        self._lock = Lock()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @contextmanager
    def taken(self, *, seconds: float) -> Iterator[float]:
        """Wait for a place and keep it; yields how many of the seconds are left.

        Raises `Refusal`: `busy`, after these seconds, and at once where too many wait already.
        """
        begun = monotonic()
        self._come(seconds)
        try:
            yield max(0.0, seconds - (monotonic() - begun))
        finally:
            self._go()

    def _come(self, seconds: float) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            if len(self._waiting) >= self._waiting_max:
                raise Refusal(RunningCode.BUSY)
            called = Event()
            self._waiting.append(called)
        if called.wait(seconds):
            return
        with self._lock:
            if called.is_set():  # just now
                return
            self._waiting.remove(called)
        raise Refusal(RunningCode.BUSY)

    def _go(self) -> None:
        with self._lock:
            self.over += 1
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
