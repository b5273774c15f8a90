"""The last few previews, kept in memory so that a page shown again need not try everything again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any

_SIZE = 8
"""A preview may hold names and texts of payments that wait for an answer: no more are kept than people look at."""


class Remembered:
    """Values by key, true of one state of the books only: with the next state all are forgotten.

    The least recently wanted is forgotten first; safe for several threads.
    """

    def __init__(self) -> None:
        """Remember nothing."""
        self._values: OrderedDict[Hashable, Any] = OrderedDict()
        self._state: Hashable = None
        self._lock = Lock()

    def get(self, key: Hashable, *, state: Hashable) -> Any | None:
        """Return what was kept under a key in this state."""
        with self._lock:
            self._come_to(state)
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def keep(self, key: Hashable, value: Any, *, state: Hashable) -> None:
        """Keep a value."""
        with self._lock:
            self._come_to(state)
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > _SIZE:
                self._values.popitem(last=False)

    def _come_to(self, state: Hashable) -> None:
        if state != self._state:
            self._values.clear()
            self._state = state
