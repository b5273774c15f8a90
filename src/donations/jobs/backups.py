"""A backup each day into a folder, by whichever worker was told of one: begun when it is due, made once, verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Engine

from donations.acts.backing_up import Lock, back_up, keep_newest, name_of_backup
from donations.core.calendar import TALLINN
from donations.jobs.kind import JobKind
from donations.store.jobs import Job
from donations.store.session import reading, writing

DAILY_BACKUP = "backup"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyBackup:
    """Where to, for whom, when (in Estonia), and how many are kept."""

    folder: Path
    lock: Lock
    at: time
    keep: int | None
    by: str

    @property
    def kind(self) -> JobKind:
        """The kind of job that makes one; that one was made is known for longer than until the next."""
        return JobKind(DAILY_BACKUP, self._work, kept_for=2 * _DAY, kept_most=10)

    def begin_if_due(self, engine: Engine, *, now: datetime) -> None:
        """Let the last one that is due be made, unless it was begun already."""
        due = self._due(now)
        arguments = {"due": due.isoformat()}
        with reading(engine) as session:
            if self.kind.find(session, arguments, now=now) is not None:
                return
        with writing(engine) as session:
            self.kind.begin(session, arguments, content=due.isoformat(), total=1, now=now)

    def _due(self, now: datetime) -> datetime:
        here = now.astimezone(TALLINN)
        today = datetime.combine(here.date(), self.at, TALLINN)
        return today if today <= here else datetime.combine(here.date() - _DAY, self.at, TALLINN)

    def _work(self, engine: Engine, job: Job, now: datetime) -> Iterator[tuple[int, bytes]]:
        """Whoever begins it anew finds the file of the same name, if it was whole."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self.folder / name_of_backup(datetime.fromisoformat(job.arguments["due"]))
        if not file.exists():
            back_up(engine, file, self.lock, by=self.by, now=now, verified=True)
        if self.keep is not None:
            keep_newest(self.folder, self.keep)
        yield 1, b""
