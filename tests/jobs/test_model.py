"""Jobs under attack: many runners at random against a plain model of what was promised, and one attack after another.

The model knows what was begun and what came of it, and nothing of leases but that they run out.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, text
from tests.conftest import FreshEngine
from tests.examples import examples

from donations.store.jobs import (
    Job,
    JobLostError,
    JobState,
    begin_job,
    end_job,
    find_job,
    forget_made,
    give_back,
    keep_on,
    made_by,
    renew_lease,
    take_job,
)
from donations.store.session import reading, writing

NOW = datetime(2026, 7, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
KNOWN = ("a", "b")
MOST = 2
TRIES = 3


def pass_seconds(engine: Engine, seconds: int) -> None:
    """Let time pass for leases, or set the clock back: that of the database stays as it is, so they are moved."""
    bound = "PRAGMA busy_timeout = 500" if engine.dialect.name == "sqlite" else "SET LOCAL lock_timeout = 500"
    with engine.begin() as connection:
        connection.execute(text(bound))  # who sleeps may have the lock
        connection.execute(text("UPDATE job SET leased_until = leased_until - :seconds"), {"seconds": seconds})


@dataclass(slots=True, eq=False)
class Begun:
    """What the model knows of a job."""

    id: int
    kind: str
    arguments: dict[str, Any]
    content: str
    runner: str = ""
    is_leased: bool = False
    tries: int = 0
    pieces: list[bytes] = field(default_factory=list)
    done: int = 0
    state: JobState = JobState.WAITING
    gone_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.gone_at is None


@dataclass(slots=True)
class World:
    """The product, and beside it the model."""

    engine: Engine
    random: Random
    now: datetime = NOW
    jobs: list[Begun] = field(default_factory=list)
    held: list[tuple[Job, str, Begun]] = field(default_factory=list)
    """What some runner believes to have: it may be wrong by now."""
    numbers: Iterator[int] = field(default_factory=count)

    def play(self, steps: int) -> None:
        """Let anybody do anything so often, then let all be done that can be; compare after each step."""
        acts = [self._begin] * 3 + [self._take] * 4 + [self._say] * 6 + [self._end] * 3
        acts += [self._renew, self._give_up, self._expire_leases, self._let_time_pass, self._change_key]
        for _ in range(steps):
            self.random.choice(acts)()
            self._compare()
        for _ in range(TRIES * len(self.jobs) + 1):  # whoever is left ends all that anybody can
            self._expire_leases()
            if not self._take():
                break
            self._end_it(len(self.held) - 1)
        self._compare()
        assert not [each for each in self.jobs if each.is_open and each.kind in KNOWN]

    def _begin(self) -> None:
        kind, arguments = self.random.choice("aabx"), {"number": self.random.randrange(4)}
        content = self.random.choice(("one", "other"))
        before = next((each for each in self.jobs if (each.kind, each.arguments) == (kind, arguments)), None)
        with writing(self.engine) as session:
            job = begin_job(session, kind, arguments, content=content, total=5, most=MOST, now=self.now)
        if before is not None and before.content == content and before.state is not JobState.FAILED:
            assert job.id == before.id
            return
        self.jobs = [each for each in self.jobs if each is not before]
        # Of what has ended the newest are kept, with room for this one; what has not ended nobody may drop.
        ended = [each for each in self.jobs if each.kind == kind and not each.is_open]
        dropped = ended[: max(0, len(ended) - (MOST - 1))]
        self.jobs = [each for each in self.jobs if each not in dropped]
        self.jobs.append(Begun(id=job.id, kind=kind, arguments=arguments, content=content))
        assert job.state is JobState.WAITING

    def _take(self) -> bool:
        runner = f"runner {next(self.numbers)}"
        job = take_job(self.engine, runner, kinds=KNOWN, now=self.now)
        free = [each for each in self.jobs if each.is_open and each.kind in KNOWN and not each.is_leased]
        for each in free:
            if each.tries >= TRIES:
                each.state, each.gone_at = JobState.FAILED, self.now + HOUR
        free = [each for each in free if each.is_open]
        if not free:
            assert job is None
            return False
        assert job is not None
        taken = free[0]
        assert (job.id, job.kind, job.arguments, job.content) == (
            taken.id, taken.kind, taken.arguments, taken.content,
        )  # fmt: skip
        taken.runner, taken.is_leased, taken.tries = runner, True, taken.tries + 1
        taken.pieces, taken.done, taken.state = [], 0, JobState.RUNNING
        self.held.append((job, runner, taken))
        return True

    def _may(self, held: tuple[Job, str, Begun]) -> bool:
        _, runner, known = held
        return known in self.jobs and known.runner == runner and known.is_open

    def _one(self) -> tuple[Job, str, Begun] | None:
        return self.random.choice(self.held) if self.held else None

    @contextmanager
    def _heard(self, held: tuple[Job, str, Begun]) -> Iterator[None]:
        """Expect the word of a runner to count exactly if the job is its own."""
        if self._may(held):
            yield
        else:
            with pytest.raises(JobLostError):
                yield

    def _say(self) -> None:
        held = self._one()
        if held is None:
            return
        job, runner, known = held
        may, done = self._may(held), self.random.randrange(6)
        pieces = [self.random.randbytes(self.random.choice((0, 1, 300))) for _ in range(self.random.randrange(3))]
        with self._heard(held):
            keep_on(self.engine, job, runner, done=done, pieces=pieces)
        if may:
            known.done, known.is_leased = done, True
            known.pieces += pieces

    def _renew(self) -> None:
        held = self._one()
        if held is not None:
            with self._heard(held):
                renew_lease(self.engine, held[0], held[1])
            if self._may(held):
                held[2].is_leased = True

    def _end(self) -> None:
        if self.held:
            self._end_it(self.random.randrange(len(self.held)))

    def _end_it(self, at: int) -> None:
        job, runner, known = held = self.held[at]
        failure = self.random.choice(("", "", "internal"))
        may = self._may(held)
        with self._heard(held):
            end_job(self.engine, job, runner, failure=failure, now=self.now, kept_for=HOUR)
        if may:
            known.state = JobState.FAILED if failure else JobState.DONE
            known.gone_at = self.now + HOUR

    def _give_up(self) -> None:
        held = self._one()
        if held is None:
            return
        may, known = self._may(held), held[2]
        with self._heard(held):
            give_back(self.engine, held[0], held[1])
        if may:
            known.runner, known.is_leased, known.tries, known.done = "", False, known.tries - 1, 0
            known.state = JobState.WAITING

    def _expire_leases(self) -> None:
        pass_seconds(self.engine, self.random.choice((60, 60, -3600)))
        for each in self.jobs:
            each.is_leased = False

    def _let_time_pass(self) -> None:
        self.now += timedelta(minutes=self.random.choice((1, 20, 45)))
        self.jobs = [each for each in self.jobs if each.gone_at is None or each.gone_at > self.now]

    def _change_key(self) -> None:
        """What was made opens no more; what is not done is still to be done."""
        if self.random.random() < 0.7:
            return
        with writing(self.engine) as session:
            forget_made(session)
        self.jobs = [each for each in self.jobs if each.is_open or not any(each.pieces)]
        for each in filter(lambda each: each.is_open, self.jobs):
            each.runner, each.is_leased, each.done, each.state = "", False, 0, JobState.WAITING
            each.pieces = []

    def _compare(self) -> None:
        with reading(self.engine) as session:
            for kind in "abx":
                for number in range(4):
                    arguments = {"number": number}
                    known = [each for each in self.jobs if (each.kind, each.arguments) == (kind, arguments)]
                    found = find_job(session, kind, arguments, now=self.now)
                    assert (found is None) == (not known), (kind, number, found, known)
                    if found is None:
                        continue
                    assert (found.id, found.state, found.content, found.done) == (
                        known[0].id, known[0].state, known[0].content, known[0].done,
                    )  # fmt: skip
                    if found.state is JobState.DONE:
                        assert b"".join(made_by(session, found)) == b"".join(known[0].pieces)


@pytest.mark.parametrize("seed", range(examples(20)))
def test_whatever_runners_do_each_job_is_done_once_in_the_end(fresh_engine: FreshEngine, seed: int) -> None:
    with fresh_engine() as engine:
        World(engine, Random(seed)).play(60)
