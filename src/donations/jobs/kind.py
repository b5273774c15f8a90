"""What a kind of job is: its name, how it is done, and how long what it makes is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from donations.store.jobs import Job, begin_job, find_job
from donations.store.session import ReadSession, WriteSession

Work = Callable[[Engine, Job, datetime], Iterator[tuple[int, bytes]]]
"""Yields after each step how many are done, and what was made. It may be begun again from the beginning at any time."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job."""

    name: str
    work: Work
    """Raises `Refusal` where it cannot be done; any other error is unforeseen."""
    kept_for: timedelta
    kept_most: int
    """So many jobs of this kind at once, the newest."""
    begin_due: Callable[[Engine, datetime], None] = lambda _engine, _now: None
    """Begins what is due by the clock, unless it was begun already; whoever looks for jobs asks it again and again."""

    def begin(
        self, session: WriteSession, arguments: dict[str, Any], *, content: str, total: int, now: datetime
    ) -> Job:
        """Let a job be done once this transaction is committed; the same content once. Arguments name nobody."""
        return begin_job(session, self.name, arguments, content=content, total=total, most=self.kept_most, now=now)

    def find(self, session: ReadSession, arguments: dict[str, Any], *, now: datetime) -> Job | None:
        """Return the job of these arguments, if there is one."""
        return find_job(session, self.name, arguments, now=now)
