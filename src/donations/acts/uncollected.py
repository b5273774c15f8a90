"""Leaves Python's garbage alone while something large is made that stays."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_LOCK = Lock()
_inside = 0


@contextmanager
def uncollected() -> Iterator[None]:
    """Do not look for garbage meanwhile, in this whole program.

    The collector goes through all that was made again and again: an import of 20,000 lines took half as long again.
    """
    global _inside  # noqa: PLW0603 - the collector is the program's too
    with _LOCK:
        _inside += 1
        gc.disable()
    try:
        yield
    finally:
        with _LOCK:
            _inside -= 1
            if not _inside:
                gc.enable()
