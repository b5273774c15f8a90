"""Work beside the pages, for all servers on one database: what waits, who does it, how far it is, what it made.

A runner has a job for as long as its lease runs, by the clock of the database, and renews it with each word. Where it
ran out, another one begins the job anew, and no word of the one of before counts any more (docs/adr/0039).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, and_, delete, exists, func, insert, literal_column, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from donations.core.canonical import canonical
from donations.core.refusals import RunningCode
from donations.store.host_key import key_of, key_state
from donations.store.opening import beside_writers
from donations.store.place import foreseen
from donations.store.sealing import SecretSeal
from donations.store.session import ReadSession, WriteSession, as_reader, next_ids, table_of
from donations.store.tables.jobs import JobPieceRow, JobRow

LEASE_SECONDS = 30
TRIES_MAX = 3
"""What ends the program each time is not begun for ever."""
BROKEN_OFF = "job_broken_off"
_LEFT_ALONE_SECONDS = 120
_BUSY_SECONDS = 5
_CLOCKS = {
    "sqlite": "CAST(strftime('%s', 'now') AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) AS BIGINT)",
}


_WAITING = {"runner": "", "leased_until": 0, "done": 0, "size": 0}
"""Nobody has it; pieces that are left go when somebody takes it."""


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A piece of work."""

    id: int
    kind: str
    arguments: dict[str, Any]
    content: str
    state: JobState
    done: int
    total: int
    size: int
    """Bytes of what it made."""
    failure: str


class JobLostError(Exception):
    """The job is somebody else's by now, or nobody wants it any more."""


P = ParamSpec("P")
R = TypeVar("R")


def begin_job(
    session: WriteSession, kind: str, arguments: dict[str, Any], *, content: str, total: int, most: int, now: datetime
) -> Job:
    """Let a job be done once this transaction is committed, in place of what these arguments came to before.

    Where it comes to the same, and did not fail, it is that one. Of one kind so many that have ended are kept, the
    newest: what is still to be done nobody drops.
    """
    _drop(session, _is_past(now))
    there = find_job(as_reader(session), kind, arguments, now=now)
    if there is not None and there.content == content and there.state is not JobState.FAILED:
        return there
    said, row = canonical(arguments), JobRow
    _drop(session, and_(col(row.kind) == kind, col(row.arguments) == said))
    has_ended = and_(col(row.kind) == kind, col(row.ended_at).is_not(None))
    kept = select(col(row.id)).where(has_ended).order_by(col(row.id).desc()).limit(most - 1)
    _drop(session, and_(has_ended, col(row.id).not_in(kept.scalar_subquery())))
    made = JobRow(
        id=next(next_ids(session, JobRow)),
        kind=kind,
        arguments=said,
        content=content,
        begun_at=now.astimezone(UTC),
        total=total,
    )
    session.add(made)
    session.flush()
    return _job_of(made)


def find_job(session: ReadSession, kind: str, arguments: dict[str, Any], *, now: datetime) -> Job | None:
    """Return the job of these arguments; None where none was begun, or what it made is gone."""
    row = JobRow
    query = select(row).where(col(row.kind) == kind, col(row.arguments) == canonical(arguments), ~_is_past(now))
    found: JobRow | None = session.scalars(query.order_by(col(row.id).desc()).limit(1)).first()
    return None if found is None else _job_of(found)


def newest_job(session: ReadSession, kind: str) -> Job | None:
    """Return the job of a kind that was begun last, as far as it is kept."""
    query = select(JobRow).where(col(JobRow.kind) == kind).order_by(col(JobRow.id).desc()).limit(1)
    found: JobRow | None = session.scalars(query).first()
    return None if found is None else _job_of(found)


def made_by(session: ReadSession, job: Job) -> Iterator[bytes]:
    """Yield what a job made, opened, from its beginning. Raises `JobLostError` where it is gone."""
    seal, size = SecretSeal(key_of(session.connection())), 0
    query = select(col(JobPieceRow.number), col(JobPieceRow.content)).where(col(JobPieceRow.job_id) == job.id)
    query = query.order_by(col(JobPieceRow.number)).execution_options(yield_per=4)
    with closing(session.execute(query)) as found:
        for number, box in found:
            piece = seal.unboxed(box, bound_to=_place(job.id, number))
            if piece is None:
                break
            size += len(piece)
            yield piece
    if size != job.size:
        raise JobLostError


def forget_made(session: WriteSession) -> None:
    """Drop what jobs made, which no other key opens: who ended with it goes, and who has not ended begins anew."""
    row = JobRow
    _drop(session, and_(col(row.ended_at).is_not(None), col(row.size) > 0))
    session.execute(delete(JobPieceRow))
    session.execute(update(row).where(col(row.ended_at).is_(None)).values(_WAITING))


def something_to_do(session: ReadSession, *, kinds: Collection[str], now: datetime) -> bool:
    """Whether a job of these kinds waits for a runner, or something for its end."""
    waits = _is_free(session.connection(), kinds)
    return bool(session.scalar(select(exists().where(waits | _is_past(now)))))


def is_left_alone(session: ReadSession, job: Job, *, now: datetime) -> bool:
    """Whether nobody has done anything about a job for longer than two minutes, nor does another one now."""
    row, connection = JobRow, session.connection()
    was_done = _is_leased(connection, or_was=_LEFT_ALONE_SECONDS)
    is_old = col(row.begun_at) < now - timedelta(seconds=_LEFT_ALONE_SECONDS)
    alone = exists().where(col(row.id) == job.id, col(row.ended_at).is_(None), is_old, ~was_done)
    somebody_works = exists().where(col(row.ended_at).is_(None), _is_leased(connection))
    return bool(session.scalar(select(and_(alone, ~somebody_works))))


def _whenever_free(
    act: Callable[Concatenate[Connection, P], R],
) -> Callable[Concatenate[Engine, P], R]:
    """Do it in a short transaction of its own, and as often as somebody else writes for long in the meantime."""

    def done(engine: Engine, /, *given: P.args, **named: P.kwargs) -> R:
        while True:
            try:
                with beside_writers(engine, seconds=_BUSY_SECONDS) as connection:
                    result = act(connection, *given, **named)
                    connection.commit()
                    return result
            except OperationalError as error:
                if foreseen(error) is not RunningCode.BUSY:
                    raise

    return done


@_whenever_free
def take_job(connection: Connection, runner: str, *, kinds: Collection[str], now: datetime) -> Job | None:
    """Give the oldest job of these kinds that nobody does to a runner, from its beginning; None where there is none.

    What is past its end goes, and what was begun too often has failed. Raises `Refusal` where the key is not that of
    the books: what this runner would make nobody could open.
    """
    row, clock = JobRow, _clock(connection)
    _drop(connection, _is_past(now))
    is_free = _is_free(connection, kinds)
    too_often = select(col(row.id)).where(is_free, col(row.tries) >= TRIES_MAX).with_for_update(skip_locked=True)
    connection.execute(
        update(row)
        .where(col(row.id).in_(too_often))
        .values(failure=BROKEN_OFF, ended_at=now, kept_until=now + timedelta(hours=1))
    )
    oldest = select(col(row.id)).where(is_free).order_by(col(row.id)).limit(1).with_for_update(skip_locked=True)
    taken = {"runner": runner, "leased_until": clock + LEASE_SECONDS, "tries": row.tries + 1, "done": 0, "size": 0}
    query = update(row).where(col(row.id) == oldest.scalar_subquery()).values(taken).returning(*table_of(row).c)
    found = connection.execute(query).mappings().one_or_none()
    if found is None:
        return None
    if not key_state(connection).is_well:
        key_of(connection)  # which is refused; of new books it would make one, which not each job needs
    connection.execute(delete(JobPieceRow).where(col(JobPieceRow.job_id) == found["id"]))
    return _job_of(JobRow(**found))


@_whenever_free
def keep_on(connection: Connection, job: Job, runner: str, *, done: int, pieces: Sequence[bytes] = ()) -> None:
    """Say how many steps are done, and keep what was made; the lease begins anew. Raises `JobLostError`."""
    size, number = sum(map(len, pieces)), func.max(JobPieceRow.number)
    leased_until = _clock(connection) + LEASE_SECONDS
    _say(connection, job, runner, done=done, size=JobRow.size + size, leased_until=leased_until)
    last = connection.execute(select(number).where(col(JobPieceRow.job_id) == job.id)).scalar_one()
    if pieces:
        seal, first = SecretSeal(key_of(connection)), 0 if last is None else last + 1
        rows = [
            {"job_id": job.id, "number": at, "content": seal.boxed(each, bound_to=_place(job.id, at))}
            for at, each in enumerate(pieces, first)
        ]
        connection.execute(insert(JobPieceRow), rows)


@_whenever_free
def renew_lease(connection: Connection, job: Job, runner: str) -> None:
    """Say that it goes on. Raises `JobLostError`."""
    _say(connection, job, runner, leased_until=_clock(connection) + LEASE_SECONDS)


@_whenever_free
def end_job(
    connection: Connection, job: Job, runner: str, *, failure: str = "", now: datetime, kept_for: timedelta
) -> None:
    """Let a job be done, or failed for a reason. Raises `JobLostError`."""
    _say(connection, job, runner, failure=failure, ended_at=now, kept_until=now + kept_for)


@_whenever_free
def give_back(connection: Connection, job: Job, runner: str) -> None:
    """Let somebody else take it at once: this runner stops, for which the job can do nothing."""
    _say(connection, job, runner, **_WAITING, tries=JobRow.tries - 1)


def _say(connection: Connection, job: Job, by: str, **values: Any) -> None:
    row = JobRow
    is_own = and_(col(row.id) == job.id, col(row.runner) == by, col(row.ended_at).is_(None))
    if connection.execute(update(row).where(is_own).values(values)).rowcount != 1:
        raise JobLostError


def _drop(opened: WriteSession | Connection, which: ColumnElement[bool]) -> None:
    """Pieces go with their job."""
    opened.execute(delete(JobRow).where(which))


def _is_past(now: datetime) -> ColumnElement[bool]:
    return func.coalesce(col(JobRow.kept_until) <= now, False)


def _is_free(connection: Connection, kinds: Collection[str]) -> ColumnElement[bool]:
    return and_(col(JobRow.kind).in_(kinds), col(JobRow.ended_at).is_(None), ~_is_leased(connection))


def _is_leased(connection: Connection, *, or_was: int = 0) -> ColumnElement[bool]:
    """By a lease that runs, or did so many seconds ago; one that ends too late is of a clock that was set back."""
    clock = _clock(connection)
    return col(JobRow.leased_until).between(clock - or_was, clock + LEASE_SECONDS)


def _clock(connection: Connection) -> ColumnElement[int]:
    return literal_column(_CLOCKS[connection.dialect.name])


def _place(job: int, number: int) -> str:
    return f"job {job} {number}"


def _job_of(row: JobRow) -> Job:
    if row.ended_at is not None:
        state = JobState.FAILED if row.failure else JobState.DONE
    else:
        state = JobState.RUNNING if row.runner else JobState.WAITING
    return Job(
        id=row.id,
        kind=row.kind,
        arguments=json.loads(row.arguments),
        content=row.content,
        state=state,
        done=row.done,
        total=row.total,
        size=row.size,
        failure=row.failure,
    )
