"""A job is begun with what causes it, done by one at a time, begun anew after a kill, and visible once in the end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from threading import Event

import pytest
from sqlalchemy import Engine, event, text
from tests.book import NOW
from tests.conftest import HOST_KEY
from tests.examples import examples

from donations.core.refusal import Refusal
from donations.core.refusals import RequestCode
from donations.jobs.kind import JobKind
from donations.jobs.running import Runner, do_next
from donations.store.host_key import host_key_at
from donations.store.jobs import (
    BROKEN_OFF,
    TRIES_MAX,
    Job,
    JobLostError,
    JobState,
    end_job,
    forget_made,
    keep_on,
    made_by,
    take_job,
)
from donations.store.opening import open_engine
from donations.store.session import reading, writing

HOUR = timedelta(hours=1)
STEPS = 4


def work(_engine: Engine, job: Job, _now: datetime) -> Iterator[tuple[int, bytes]]:
    for step in range(1, STEPS + 1):
        yield step, f"Jaan Tamm {job.content} {step};".encode() * 20_000


KIND = JobKind("test", work, kept_for=HOUR, kept_most=3)
KINDS = {KIND.name: KIND}


def begin(engine: Engine, year: int = 2026, content: str = "x", now: datetime = NOW) -> Job:
    with writing(engine) as session:
        return KIND.begin(session, {"year": year}, content=content, total=STEPS, now=now)


def found(engine: Engine, year: int = 2026, now: datetime = NOW) -> Job | None:
    with reading(engine) as session:
        return KIND.find(session, {"year": year}, now=now)


def made(engine: Engine, job: Job) -> bytes:
    with reading(engine) as session:
        return b"".join(made_by(session, job))


def whole(content: str = "x") -> bytes:
    return b"".join(f"Jaan Tamm {content} {step};".encode() * 20_000 for step in range(1, STEPS + 1))


def do(engine: Engine, kind: JobKind = KIND, *, stop: Event | None = None) -> bool:
    return do_next(engine, {kind.name: kind}, lambda: NOW, stop=stop or Event())


def let_lease_run_out(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE job SET leased_until = 1 WHERE leased_until > 0"))


def states(engine: Engine) -> list[tuple[int, JobState]]:
    years = {year: found(engine, year) for year in range(2020, 2030)}
    return [(year, job.state) for year, job in years.items() if job is not None]


def test_it_is_begun_with_what_causes_it_or_not_at_all(engine: Engine) -> None:
    with suppress(ZeroDivisionError), writing(engine) as session:
        KIND.begin(session, {"year": 2026}, content="x", total=STEPS, now=NOW)
        raise ZeroDivisionError
    assert found(engine) is None
    assert not do(engine)


def test_it_is_seen_from_its_beginning_to_its_end(engine: Engine) -> None:
    waiting = begin(engine)
    assert (waiting.state, waiting.done, waiting.total) == (JobState.WAITING, 0, STEPS)
    taken = take_job(engine, "one", kinds=KINDS, now=NOW)
    assert taken is not None
    keep_on(engine, taken, "one", done=2, pieces=[b"half"])
    running = found(engine)
    assert running is not None
    assert (running.state, running.done) == (JobState.RUNNING, 2)
    assert take_job(engine, "two", kinds=KINDS, now=NOW) is None, "one has it"
    end_job(engine, taken, "one", now=NOW, kept_for=HOUR)
    done = found(engine)
    assert done is not None
    assert (done.state, made(engine, done)) == (JobState.DONE, b"half")


def test_the_same_is_done_once_and_something_else_takes_its_place(engine: Engine) -> None:
    assert begin(engine).id == begin(engine).id
    assert do(engine)
    first = begin(engine)
    assert first.state is JobState.DONE
    assert not do(engine)
    assert begin(engine, content="y").state is JobState.WAITING
    with pytest.raises(JobLostError):
        made(engine, first)
    assert do(engine)
    done = found(engine)
    assert done is not None
    assert made(engine, done) == whole("y")


def test_whoever_does_what_nobody_wants_any_more_stops(engine: Engine) -> None:
    def replaced(_engine: Engine, _job: Job, _now: datetime) -> Iterator[tuple[int, bytes]]:
        yield 1, b"x" * 1_000_000
        begin(engine, content="y")
        yield 2, b"x" * 1_000_000
        pytest.fail("nobody waits for a third")

    begin(engine)
    assert do(engine, JobKind("test", replaced, kept_for=HOUR, kept_most=3))
    assert states(engine) == [(2026, JobState.WAITING)]


def test_the_newest_few_are_kept_and_none_for_longer_than_an_hour(engine: Engine) -> None:
    for year in range(2020, 2025):
        begin(engine, year)
        do(engine)
    assert [year for year, _ in states(engine)] == [2022, 2023, 2024]
    assert found(engine, 2024, now=NOW + HOUR) is None
    take_job(engine, "one", kinds=KINDS, now=NOW + HOUR)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM job_piece")).scalar_one() == 0


def test_of_many_runners_each_job_has_one(engine: Engine) -> None:
    kind = JobKind("test", work, kept_for=HOUR, kept_most=100)
    with writing(engine) as session:
        for year in range(12):
            kind.begin(session, {"year": year}, content="x", total=STEPS, now=NOW)
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda runner: take_job(engine, str(runner), kinds=KINDS, now=NOW), range(16)))
    ids = [each.id for each in taken if each is not None]
    assert (len(ids), len(set(ids))) == (12, 12)


def test_what_it_made_is_sealed_and_opens_as_that_job_alone(engine: Engine) -> None:
    begin(engine)
    do(engine)
    done = found(engine)
    assert done is not None
    with engine.begin() as connection:
        kept = connection.execute(text("SELECT content FROM job_piece")).scalars().all()
        assert len(kept) > 1
        assert b"Jaan" not in b"".join(kept)
        connection.execute(text("UPDATE job_piece SET number = -number"))
    with pytest.raises(JobLostError):
        made(engine, done)
    with writing(engine) as session:
        forget_made(session)
    assert found(engine) is None


def test_after_a_lease_ran_out_another_begins_anew_and_the_first_ones_word_counts_no_more(engine: Engine) -> None:
    begin(engine)
    first = take_job(engine, "one", kinds=KINDS, now=NOW)
    assert first is not None
    keep_on(engine, first, "one", done=3, pieces=[b"of before"])
    let_lease_run_out(engine)
    assert do(engine)
    with pytest.raises(JobLostError):
        keep_on(engine, first, "one", done=4, pieces=[b"too late"])
    with pytest.raises(JobLostError):
        end_job(engine, first, "one", failure="internal", now=NOW, kept_for=HOUR)
    done = found(engine)
    assert done is not None
    assert (done.state, made(engine, done)) == (JobState.DONE, whole())


def test_who_stops_gives_it_back_as_if_it_had_never_begun(engine: Engine) -> None:
    stop = Event()

    def slow(_engine: Engine, _job: Job, _now: datetime) -> Iterator[tuple[int, bytes]]:
        yield 1, b"x" * 1_000_000
        stop.set()
        yield 2, b"y"
        pytest.fail("it was told to stop")

    begin(engine)
    for _ in range(TRIES_MAX + 1):
        stop.clear()
        assert not do(engine, JobKind("test", slow, kept_for=HOUR, kept_most=3), stop=stop)
        assert states(engine) == [(2026, JobState.WAITING)]
    assert do(engine)
    done = found(engine)
    assert done is not None
    assert made(engine, done) == whole()


def test_what_ends_the_program_each_time_fails_in_the_end(engine: Engine) -> None:
    begin(engine)
    for _ in range(TRIES_MAX):
        assert take_job(engine, "one", kinds=KINDS, now=NOW) is not None
        let_lease_run_out(engine)
    assert take_job(engine, "one", kinds=KINDS, now=NOW) is None
    failed = found(engine)
    assert failed is not None
    assert (failed.state, failed.failure) == (JobState.FAILED, BROKEN_OFF)
    assert begin(engine).state is JobState.WAITING, "whoever wants it again begins it again"


def test_what_is_refused_has_failed_by_its_code(engine: Engine) -> None:
    def refusing(_engine: Engine, _job: Job, _now: datetime) -> Iterator[tuple[int, bytes]]:
        yield 1, b""
        raise Refusal(RequestCode.PREVIEW_OUTDATED)

    begin(engine)
    assert do(engine, JobKind("test", refusing, kept_for=HOUR, kept_most=3))
    failed = found(engine)
    assert failed is not None
    assert (failed.state, failed.failure) == (JobState.FAILED, "preview_outdated")


def test_a_server_that_leaves_jobs_to_others_does_none(engine: Engine) -> None:
    begin(engine)
    runner = Runner({})
    runner.wake(engine, lambda: NOW)
    runner.stop(seconds=10)
    assert states(engine) == [(2026, JobState.WAITING)]


def test_a_server_looks_for_what_others_left_behind(engine: Engine) -> None:
    begin(engine)
    take_job(engine, "of one that was killed", kinds=KINDS, now=NOW)
    let_lease_run_out(engine)
    runner, looked = Runner(KINDS), Event()
    runner.keep_looking(engine, lambda: NOW, also=lambda _: looked.set())
    until = time.monotonic() + 60
    while states(engine) != [(2026, JobState.DONE)]:
        assert time.monotonic() < until
        time.sleep(0.02)
    runner.stop(seconds=60)
    assert looked.is_set()


def killed_at(engine: Engine, point: int) -> bool:
    """Do the next job in a process of its own that is killed before its statement of this number; whether it was."""
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()  # a connection is of one process
    child = os.fork()
    if child == 0:  # pragma: no cover - is killed
        try:
            numbers, own = count(1), open_engine(url, key=HOST_KEY)

            def kill(*_: object) -> None:
                if next(numbers) == point:
                    os.kill(os.getpid(), signal.SIGKILL)

            event.listen(own, "before_cursor_execute", kill)
            event.listen(own, "commit", kill)
            do(own)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_killed_anywhere_it_is_done_once_in_the_end(engine: Engine) -> None:
    assert host_key_at(engine).word
    begin(engine)
    step, point, kills = max(1, 30 // examples(60)), 1, 0
    while killed_at(engine, point):
        kills += 1
        left = found(engine)
        assert left is not None
        if left.state is not JobState.DONE:
            let_lease_run_out(engine)
            assert do(engine), point
        done = found(engine)
        assert done is not None
        assert (done.state, made(engine, done)) == (JobState.DONE, whole()), point
        assert not do(engine), point
        begin(engine, content=f"x{point}")
        begin(engine)
        point += step
    assert kills >= 4, "the last one was not killed any more, and did it"
    assert states(engine) == [(2026, JobState.DONE)]
