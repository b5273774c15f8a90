"""A backup each day into a folder, by whichever worker was told of one: begun when it is due, made once, verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Engine

from donations.acts.backing_up import Lock, back_up, drop_half_done, keep_newest, last_backup, name_of_backup
from donations.core.calendar import TALLINN
from donations.jobs.kind import JobKind
from donations.store.jobs import Job
from donations.store.log.backed_up import BackupTo
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
        return JobKind(DAILY_BACKUP, self._work, kept_for=2 * _DAY, kept_most=10, begin_due=self.begin_if_due)

    def begin_if_due(self, engine: Engine, now: datetime) -> None:
        """Let the last one that is due be made, unless it was begun already."""
        due = self._due(now)
        arguments = {"due": due.isoformat()}
        with reading(engine) as session:
            if self.kind.find(session, arguments, now=now) is not None:
                return
        with writing(engine) as session:
            self.kind.begin(session, arguments, content=due.isoformat(), total=1, now=now)

    def _due(self, now: datetime) -> datetime:
        """Return when that is, in UTC: by the clock of Estonia an hour may be missing, or come twice."""
        today = now.astimezone(TALLINN).date()
        due = (datetime.combine(day, self.at, TALLINN).astimezone(UTC) for day in (today, today - _DAY))
        return next(each for each in due if each <= now)

    def _work(self, engine: Engine, job: Job, now: datetime) -> Iterator[tuple[int, bytes]]:
        """Whoever begins it anew finds the file of the same name, if it was whole, and that the log tells of it.

        A file that it does not tell of is of other books, or of these before an older backup was restored.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        drop_half_done(self.folder)
        due = datetime.fromisoformat(job.arguments["due"])
        file = self.folder / name_of_backup(due)
        with reading(engine) as session:
            last = last_backup(session)
        if not (file.exists() and last is not None and last >= due):
            free = self.folder / name_of_backup(now) if file.exists() else file
            back_up(engine, free, self.lock, by=self.by, now=now, verified=True, to=BackupTo.FOLDER)
        if self.keep is not None:
            keep_newest(self.folder, self.keep)
        yield 1, b""
