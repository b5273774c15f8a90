"""Runners under attack: killed, stopped, woken late, without a database, and with work that does its worst."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from threading import Event, Thread
from typing import NoReturn

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from tests.book import NOW
from tests.conftest import FreshEngine
from tests.examples import PERCENT
from tests.jobs.test_model import pass_seconds

from donations.cli.workers import ending_in_peace
from donations.core.refusal import Refusal
from donations.jobs.kind import JobKind, Work
from donations.jobs.running import Runner, do_all, do_next
from donations.store.host_key import key_of
from donations.store.jobs import Job, JobState, made_by
from donations.store.opening import open_engine, unpooled
from donations.store.session import reading, writing

HOUR = timedelta(hours=1)


def clock() -> datetime:
    return NOW


def kind_of(work: Work, name: str = "made up") -> JobKind:
    return JobKind(name, work, kept_for=HOUR, kept_most=100)


def begin(engine: Engine, kind: JobKind, number: int = 0) -> None:
    with writing(engine) as session:
        kind.begin(session, {"number": number}, content="the same", total=5, now=NOW)


def found(engine: Engine, kind: JobKind, number: int = 0) -> Job:
    with reading(engine) as session:
        job = kind.find(session, {"number": number}, now=NOW)
        assert job is not None
        return job


def made(engine: Engine, job: Job) -> bytes:
    with reading(engine) as session:
        return b"".join(made_by(session, job))


def steps(_engine: Engine, job: Job, _now: datetime) -> Iterator[tuple[int, bytes]]:
    """Five steps, which say which job they are of."""
    for done in range(1, 6):
        yield done, f"{job.arguments['number']}:{done} ".encode()


STEPS = kind_of(steps)


def until(holds: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if holds():
            return
        time.sleep(0.01)
    pytest.fail("it never came to that")


class PanicError(BaseException):
    """As a library that is not written in Python raises it where it breaks (pyo3's `PanicException`)."""


@pytest.mark.parametrize("error", [PanicError, GeneratorExit, MemoryError, RecursionError, StopIteration])
def test_work_that_breaks_in_whatever_way_has_failed_and_the_next_is_done(
    fresh_sqlite: FreshEngine, error: type[BaseException]
) -> None:
    def breaks(_engine: Engine, _job: Job, _now: datetime) -> Iterator[tuple[int, bytes]]:
        yield 1, b"half"
        raise error

    broken = kind_of(breaks, "breaks")
    with fresh_sqlite() as engine:
        runner = Runner({each.name: each for each in (broken, STEPS)})
        begin(engine, broken)
        begin(engine, STEPS)
        runner.wake(engine, clock)
        until(lambda: found(engine, STEPS).state is JobState.DONE)
        runner.stop(seconds=60)
        assert (found(engine, broken).state, found(engine, broken).failure) == (JobState.FAILED, "internal")


def test_a_runner_whose_work_would_end_the_program_lives_on(fresh_sqlite: FreshEngine) -> None:
    tried: list[int] = []

    def ends(_engine: Engine, _job: Job, _now: datetime) -> Iterator[tuple[int, bytes]]:
        tried.append(1)
        if len(tried) == 1:
            raise SystemExit
        yield 1, b"made"

    kind = kind_of(ends)
    with fresh_sqlite() as engine:
        runner = Runner({kind.name: kind})
        begin(engine, kind)
        runner.wake(engine, clock)
        until(lambda: bool(tried))
        until(lambda: found(engine, kind).state is JobState.WAITING)
        runner.wake(engine, clock)
        until(lambda: found(engine, kind).state is JobState.DONE)
        runner.stop(seconds=60)


def test_a_server_goes_on_looking_whatever_breaks_while_it_looks(
    fresh_sqlite: FreshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("donations.jobs.running.LOOKS_EVERY", 0.01)
    broken, threads = [ValueError, RuntimeError], [RuntimeError("can't start new thread")]
    start = Thread.start

    def no_thread(thread: Thread) -> None:
        if thread.name == "jobs" and threads:
            raise threads.pop()
        start(thread)

    def also(_: object) -> None:
        if broken:
            raise broken.pop()

    monkeypatch.setattr(Thread, "start", no_thread)
    with fresh_sqlite() as engine:
        runner = Runner({STEPS.name: STEPS})
        runner.keep_looking(engine, clock, also)
        begin(engine, STEPS)
        until(lambda: found(engine, STEPS).state is JobState.DONE)
        runner.stop(seconds=60)


def test_a_worker_says_once_that_the_database_is_gone(
    fresh_sqlite: FreshEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("donations.jobs.running.LOOKS_EVERY", 0)
    stop, looks = Event(), iter(range(5))

    def gone(_engine: Engine, _now: datetime) -> None:
        if next(looks) == 4:
            stop.set()
        raise OperationalError("SELECT", {}, Exception("gone"))

    with fresh_sqlite() as engine:
        do_all(engine, {STEPS.name: replace(STEPS, begin_due=gone)}, clock, once=False, stop=stop)
    assert caplog.text.count("OperationalError") == 1


def test_a_disk_that_is_full_is_said_at_once(fresh_sqlite: FreshEngine) -> None:
    def fills(_engine: Engine, _job: Job, _now: datetime) -> Iterator[tuple[int, bytes]]:
        yield 1, b"half"
        said = "database or disk is full"
        raise OperationalError("INSERT", {}, Exception(said))

    kind = kind_of(fills)
    with fresh_sqlite() as engine:
        begin(engine, kind)
        do_next(engine, {kind.name: kind}, clock, stop=Event())
        assert (found(engine, kind).state, found(engine, kind).failure) == (JobState.FAILED, "storage_full")


def test_who_is_told_to_end_while_the_database_is_gone_ends(fresh_sqlite: FreshEngine) -> None:
    def told(engine: Engine, _job: Job, _now: datetime) -> Iterator[tuple[int, bytes]]:
        yield 1, b"half"
        engine.dispose()
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE job RENAME TO gone"))
        raise SystemExit(0)

    kind = kind_of(told)
    with fresh_sqlite() as engine:
        begin(engine, kind)
        with pytest.raises(SystemExit):
            do_all(engine, {kind.name: kind}, clock, once=True, stop=Event())


class _ToldWhileItGoes:
    """Told to end at the worst moment: of what is raised while an object goes Python only says that it was dropped."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_worker_that_is_told_to_end_while_an_object_goes_ends(fresh_sqlite: FreshEngine) -> None:
    def told(_engine: Engine, _job: Job, _now: datetime) -> Iterator[tuple[int, bytes]]:
        _ToldWhileItGoes()
        yield 1, b"half"
        pytest.fail("it was told to end")

    kind = kind_of(told)
    with fresh_sqlite() as engine, ending_in_peace() as told_to:
        begin(engine, kind)
        do_all(engine, {kind.name: kind}, clock, once=False, stop=told_to)
        assert found(engine, kind).state is JobState.WAITING


def test_a_worker_with_another_key_leaves_jobs_alone(fresh_engine: FreshEngine) -> None:
    with fresh_engine() as engine:
        with writing(engine) as session:
            key_of(session.connection())
        begin(engine, STEPS)
        url = engine.url.render_as_string(hide_password=False)
        other = open_engine(url, key="another key than the one that these books know")
        with pytest.raises(Refusal):
            do_next(other, {STEPS.name: STEPS}, clock, stop=Event())
        other.dispose()
        assert found(engine, STEPS).state is JobState.WAITING
        do_next(engine, {STEPS.name: STEPS}, clock, stop=Event())
        assert found(engine, STEPS).state is JobState.DONE


def test_huge_pieces_none_and_none_at_all(fresh_engine: FreshEngine) -> None:
    sizes = {0: [], 1: [0, 0], 2: [3_000_000, 0, 1], 3: [1] * 2_000}

    def makes(_engine: Engine, job: Job, _now: datetime) -> Iterator[tuple[int, bytes]]:
        for done, size in enumerate(sizes[job.arguments["number"]], 1):
            yield done, b"x" * size

    kind = kind_of(makes)
    with fresh_engine() as engine:
        for number in sizes:
            begin(engine, kind, number)
        while do_next(engine, {kind.name: kind}, clock, stop=Event()):
            pass
        for number, each in sizes.items():
            job = found(engine, kind, number)
            assert (job.state, job.done, job.size) == (JobState.DONE, len(each), sum(each))
            assert made(engine, job) == b"x" * sum(each)


def test_two_who_begin_the_same_at_once_begin_it_once(fresh_engine: FreshEngine) -> None:
    with fresh_engine() as engine:
        threads = [Thread(target=begin, args=(engine, STEPS)) for _ in range(6)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM job")).scalar_one() == 1


def test_a_job_is_done_whose_runner_lost_the_database_for_a_while(fresh_postgres: FreshEngine) -> None:
    cut: list[int] = []

    def is_cut(engine: Engine, _job: Job, _now: datetime) -> Iterator[tuple[int, bytes]]:
        yield 1, b"a"
        if not cut:
            cut.append(1)
            with engine.connect() as connection:
                others = "SELECT pg_terminate_backend(pg_backend_pid())"
                connection.execute(text(others))
        yield 2, b"b"

    kind = kind_of(is_cut)
    with fresh_postgres() as engine:
        begin(engine, kind)
        runner = Runner({kind.name: kind})
        runner.keep_looking(engine, clock, also=lambda _: None)
        until(lambda: bool(cut))
        pass_seconds(engine, 60)
        until(lambda: found(engine, kind).state is JobState.DONE)
        runner.stop(seconds=60)
        assert made(engine, found(engine, kind)) == b"ab"


def _work_until_killed(url: str, key: str, seed: int) -> NoReturn:
    """Do whatever waits, slowly now and then, in a process that is to be killed."""
    random = Random(seed)

    def slow(engine: Engine, job: Job, now: datetime) -> Iterator[tuple[int, bytes]]:
        for each in steps(engine, job, now):
            time.sleep(random.choice((0, 0, 0.01)))
            yield each

    try:
        engine = unpooled(open_engine(url, key=key))
        kind = kind_of(slow)
        while True:
            if not do_next(engine, {kind.name: kind}, clock, stop=Event()):
                time.sleep(0.005)
    finally:
        os._exit(1)


JOBS = 6


@pytest.mark.parametrize("seed", range(max(1, PERCENT // 10)))
def test_programs_that_are_killed_and_stopped_at_any_moment_do_each_job_once(
    fresh_engine: FreshEngine, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("donations.jobs.running._SAYS_EVERY", 0)  # each step is said
    monkeypatch.setattr("donations.store.jobs.TRIES_MAX", 1_000)
    random = Random(seed)
    with fresh_engine() as engine:
        url = engine.url.render_as_string(hide_password=False)
        with writing(engine) as session:
            key = key_of(session.connection())
        for number in range(JOBS):
            begin(engine, STEPS, number)
        engine.dispose()  # a connection is of one process
        running: list[int] = []
        asleep: list[int] = []

        def more() -> None:
            process = os.fork()
            if process == 0:
                _work_until_killed(url, key, random.randrange(1_000))
            running.append(process)

        def wake() -> None:
            for each in asleep:
                os.kill(each, signal.SIGCONT)
            running.extend(asleep)
            asleep.clear()

        try:
            for _ in range(3):
                more()
            for _ in range(15):
                time.sleep(random.random() / 30)
                struck = random.choice(running)
                running.remove(struck)
                if random.random() < 0.3:
                    os.kill(struck, signal.SIGSTOP)
                    asleep.append(struck)
                else:
                    os.kill(struck, signal.SIGKILL)
                    os.waitpid(struck, 0)
                try:
                    pass_seconds(engine, 60)  # whoever lives may lose its job too
                except OperationalError:  # whoever sleeps has the lock
                    wake()
                engine.dispose()
                more()
            wake()

            def is_over() -> bool:
                with suppress(OperationalError):  # so many may be in SQLite's way
                    pass_seconds(engine, 1)
                return all(found(engine, STEPS, number).state is JobState.DONE for number in range(JOBS))

            until(is_over)
        finally:
            for each in running + asleep:
                os.kill(each, signal.SIGKILL)
                os.waitpid(each, 0)
        for number in range(JOBS):
            job = found(engine, STEPS, number)
            assert made(engine, job) == b"".join(f"{number}:{done} ".encode() for done in range(1, 6))
