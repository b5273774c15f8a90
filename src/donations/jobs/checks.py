"""All checks of the books, one after the other beside the pages; what they found is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine

from donations.jobs.kind import JobKind
from donations.reports.checking import NAMES, run_checks
from donations.store.check_results import keep_results
from donations.store.jobs import Job, JobState, newest_job
from donations.store.session import ReadSession, WriteSession, as_reader, reading, writing


def begin_checks(session: WriteSession, *, person_id: int | None, now: datetime) -> None:
    """Have them run, unless they are being run already."""
    if checks_going_on(as_reader(session)) is None:
        CHECKS_RUN.begin(session, {"person": person_id}, content=now.isoformat(), total=len(NAMES), now=now)


def checks_going_on(session: ReadSession) -> Job | None:
    """Return the run that has not ended yet."""
    job = newest_job(session, CHECKS_RUN.name)
    return job if job is not None and job.state in {JobState.WAITING, JobState.RUNNING} else None


def checks_failed(session: ReadSession) -> str:
    """Return the code of why the last run could not end; empty where it did."""
    job = newest_job(session, CHECKS_RUN.name)
    return "" if job is None else job.failure


def _work(engine: Engine, job: Job, now: datetime) -> Iterator[tuple[int, bytes]]:
    """One transaction reads for all of them: they are of the same books."""
    found: dict[str, int] = {}
    with reading(engine) as session:
        for done, (name, violations) in enumerate(run_checks(session, NAMES), 1):
            found[name] = len(violations)
            yield done, b""
    with writing(engine) as session:
        keep_results(session, found, at=now, person_id=job.arguments["person"])


CHECKS_RUN = JobKind("check", _work, kept_for=timedelta(hours=1), kept_most=2)
