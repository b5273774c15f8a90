"""What is answered beside everything else: in threads of its own, from memory, without a pooled connection."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial, wraps
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from starlette.responses import Response

from donations.reports.public import PublicFigures, public_figures
from donations.store.opening import unpooled
from donations.store.session import reading, writers_so_far

_THREADS = CapacityLimiter(4)
_FRESH_SECONDS = 1
"""So long after it was looked what is published nobody looks again, unless this program wrote something."""


def beside(endpoint: Callable[..., Response]) -> Callable[..., Coroutine[Any, Any, Response]]:
    """Let a page be made in threads that no other page takes: who waits elsewhere is not waited for."""

    @wraps(endpoint)
    async def answered(**given: Any) -> Response:
        return await to_thread.run_sync(partial(endpoint, **given), limiter=_THREADS)

    return answered


class _Look(NamedTuple):
    engine: Engine
    writers: int
    """Who had written in this program until then."""
    at: float
    figures: PublicFigures | None


class Published:
    """What is published, kept in memory: one looks now and then, and where the database is silent it goes on."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._last: _Look | None = None
        self._one_looks = Lock()

    def figures(self, engine: Engine) -> PublicFigures | None:
        """Return what is published, None before anything is.

        Raises `sqlalchemy.exc.OperationalError` where the database never answered.
        """
        writers, last = writers_so_far(engine), self._last
        if last is not None and last.engine is not engine:
            last = None
        if last is not None and last.writers == writers and monotonic() - last.at < _FRESH_SECONDS:
            return last.figures
        if not self._one_looks.acquire(blocking=last is None) and last is not None:
            return last.figures
        try:
            with reading(unpooled(engine)) as session:
                found = public_figures(session)
            self._last = _Look(engine, writers, monotonic(), found)
        except OperationalError:
            if last is None:
                raise
            return last.figures
        finally:
            self._one_looks.release()
        return found
