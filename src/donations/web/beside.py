"""What is answered beside everything else: in threads of its own, from memory, without a pooled connection."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from functools import partial, wraps
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from anyio import CapacityLimiter, to_thread
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from starlette.responses import Response

from donations.core.refusal import Refusal
from donations.reports.association import Association, association
from donations.reports.public import PublicFigures, figures_of, public_figures
from donations.store.opening import unpooled
from donations.store.session import reading, writers_so_far
from donations.store.snapshot_file import keep_snapshot, snapshot_kept

_LOG = logging.getLogger(__name__)

PUBLIC_THREADS = CapacityLimiter(4)
_FRESH_SECONDS = 1
"""So long after it was looked what is published nobody looks again, unless this program wrote something."""


def beside(endpoint: Callable[..., Response]) -> Callable[..., Coroutine[Any, Any, Response]]:
    """Let a page be made in threads that no other page takes: who waits elsewhere is not waited for."""

    @wraps(endpoint)
    async def answered(**given: Any) -> Response:
        return await to_thread.run_sync(partial(endpoint, **given), limiter=PUBLIC_THREADS)

    return answered


class Look(NamedTuple):
    """What was found when it was looked."""

    engine: Engine
    writers: int
    """Who had written in this program until then."""
    at: float
    figures: PublicFigures | None
    """None where nothing was published."""
    own: Association | None
    """What the association says of itself; None where the database did not answer."""


class Published:
    """What is published, kept in memory: one looks now and then, and where the database is silent it goes on.

    It is kept in a file too, for a program that begins while the database is silent.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.own: Association | None = None
        """What the association says of itself, as whoever looked last found it."""
        self._last: Look | None = None
        self._one_looks = Lock()
        self._kept: str | None = None
        """The digest of what the file has; empty where nothing is published, None where nobody looked yet."""

    def last(self, engine: Engine) -> Look | None:
        """Return the last look, None where nobody looked yet."""
        last = self._last
        return last if last is not None and last.engine is engine else None

    @property
    def organisation(self) -> str:
        """What the organisation was called when it published last; empty where that is not known."""
        return self._last.figures.snapshot.organisation if self._last and self._last.figures else ""

    def figures(self, engine: Engine) -> PublicFigures | None:
        """Return what is published, None before anything is.

        Raises `sqlalchemy.exc.DBAPIError` where the database never answered and no file has it.
        """
        last = self.last(engine)
        if last is not None and (is_fresh(last) or not self._one_looks.acquire(blocking=False)):
            return last.figures
        if last is None:
            self._one_looks.acquire()
        try:
            writers, found = writers_so_far(engine), self._found(engine, last)
            self._last = Look(engine, writers, monotonic(), found, self.own)
        finally:
            self._one_looks.release()
        return found

    def _found(self, engine: Engine, last: Look | None) -> PublicFigures | None:
        try:
            with reading(unpooled(engine)) as session:
                found = public_figures(session)
                self.own = association(session, called="")
        except DBAPIError:
            if last is not None:
                return last.figures
            kept = _from_file(engine)
            if kept is None:
                raise
            return kept
        self._keep(engine, found)
        return found

    def _keep(self, engine: Engine, found: PublicFigures | None) -> None:
        digest = found.digest if found else ""
        if self._kept != digest:
            self._kept = digest
            try:
                content = found.content if found else None
                if snapshot_kept(engine) != content:
                    keep_snapshot(engine, content)
            except (OSError, Refusal) as error:
                _LOG.warning("what is published is not kept beside the books: %s", type(error).__name__)


def is_fresh(look: Look) -> bool:
    """Whether nobody needs to look again: it was just done, and this program wrote nothing since."""
    return look.writers == writers_so_far(look.engine) and monotonic() - look.at < _FRESH_SECONDS


def _from_file(engine: Engine) -> PublicFigures | None:
    content = snapshot_kept(engine)
    try:
        return None if content is None else figures_of(content)
    except (KeyError, TypeError, ValueError):  # of another version of the program
        return None
