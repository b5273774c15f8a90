"""Who waits for whom: readers and previews for nobody; writers in their order, not too many and not too long."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, select
from tests.conftest import HOST_KEY, FreshEngine

from donations.core.refusal import Refusal
from donations.core.refusals import RunningCode
from donations.store.opening import Bounds, bound_statements, open_engine, unpooled
from donations.store.patience import IS_PATIENT
from donations.store.place import foreseen
from donations.store.session import WriteSession, reading, writing
from donations.store.tables import AppealRow
from donations.store.turn import Turn


def call(session: WriteSession, name: str) -> None:
    session.exec(select(AppealRow)).one().name = name
    session.flush()


def called(engine: Engine) -> str:
    with reading(engine) as session:
        return session.exec(select(AppealRow)).one().name


@contextmanager
def somebody_writes(engine: Engine) -> Iterator[None]:
    """Hold the writer's lock in another thread, with a row changed."""
    holds, may_end = Event(), Event()

    def hold() -> None:
        with writing(engine) as session:
            call(session, "Kevad")
            holds.set()
            assert may_end.wait(60)

    with ThreadPoolExecutor(1) as threads:
        held = threads.submit(hold)
        assert holds.wait(60)
        try:
            yield
        finally:
            may_end.set()
        held.result()


def test_reading_and_trying_wait_for_no_writer(engine: Engine) -> None:
    with somebody_writes(engine):
        assert called(engine) == "General"
        with writing(engine, keep=False) as session:
            assert session.exec(select(AppealRow)).one().name == "General"
            call(session, "Sügis")
            assert session.exec(select(AppealRow)).one().name == "Sügis"
    assert called(engine) == "Kevad"


def test_no_writer_waits_for_what_is_tried(engine: Engine) -> None:
    with writing(engine, keep=False) as trying:
        call(trying, "Sügis")
        with writing(engine, seconds=0) as session:
            call(session, "Kevad")
        assert trying.exec(select(AppealRow)).one().name == "Sügis"
    assert called(engine) == "Kevad"


def test_who_may_not_wait_is_told_at_once(engine: Engine) -> None:
    with somebody_writes(engine), pytest.raises(Refusal, match="busy"), writing(engine, seconds=0):
        pass
    assert called(engine) == "Kevad"


def test_no_more_wait_than_may_and_they_come_in_their_order() -> None:
    turn, came = Turn(1, waiting_max=2), list[int]()

    def come(number: int) -> None:
        with turn.taken(seconds=60):
            came.append(number)

    with ThreadPoolExecutor(2) as threads, turn.taken(seconds=0):
        waiting = []
        for number in (1, 2):
            waiting.append(threads.submit(come, number))
            while turn.waiting < number:
                assert not waiting[-1].done()
        with pytest.raises(Refusal, match="busy"), turn.taken(seconds=60):
            pass
        assert not came
    assert came == [1, 2]
    assert turn.waiting == 0


def test_who_has_waited_long_enough_leaves_the_queue() -> None:
    turn = Turn(1, waiting_max=1)
    with turn.taken(seconds=0):
        for _ in range(2):
            with pytest.raises(Refusal, match="busy"), turn.taken(seconds=0):
                pass
    with turn.taken(seconds=0):
        pass


def opened(engine: Engine, bounds: Bounds) -> Engine:
    return open_engine(engine.url.render_as_string(hide_password=False), key=HOST_KEY, bounds=bounds)


def bounds_of(session: Session) -> list[str]:
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    return [session.execute(text(f"SHOW {name}")).scalar_one() for name in names]


def test_a_statement_of_the_pages_ends_in_time(fresh_postgres: FreshEngine) -> None:
    with fresh_postgres() as engine:
        served = opened(engine, Bounds())
        bound_statements(served, seconds=0.01)
        for each in (served, unpooled(served)):
            with each.connect() as connection, pytest.raises(OperationalError) as late:
                connection.exec_driver_sql("SELECT pg_sleep(60)")
            assert foreseen(late.value) is RunningCode.STATEMENT_TOO_LONG
        served.dispose()


def test_changes_and_jobs_may_take_longer_than_pages(fresh_postgres: FreshEngine) -> None:
    with fresh_postgres() as engine:
        served = opened(engine, Bounds(change_seconds=7_200, lock_seconds=5, idle_seconds=60))
        with reading(served) as session:
            assert bounds_of(session) == ["2h", "5s", "1min"], "of a command"
        bound_statements(served, seconds=20)
        for each in (served, unpooled(served)):
            with reading(each) as session:
                assert bounds_of(session) == ["20s", "5s", "1min"]
            with reading(each.execution_options(**{IS_PATIENT: True})) as session:
                assert bounds_of(session) == ["2h", "5s", "1min"]
            with writing(each, seconds=3) as session:
                statement, lock, idle = bounds_of(session)
                assert (statement, lock.endswith("ms") or lock == "3s", idle) == ("2h", True, "1min")
            with writing(each, keep=False) as session:
                assert bounds_of(session)[0] == "2h"
            with reading(each) as session:
                assert bounds_of(session) == ["20s", "5s", "1min"], "it was for one transaction"
        served.dispose()


def test_what_another_program_has_locked_is_waited_for_no_longer(fresh_postgres: FreshEngine) -> None:
    with fresh_postgres() as engine:
        impatient = opened(engine, Bounds(lock_seconds=0.01))
        with writing(engine) as session:
            call(session, "Kevad")
            with impatient.connect() as connection, pytest.raises(OperationalError) as late:
                connection.exec_driver_sql("UPDATE appeal SET name = 'Suvi'")
            assert foreseen(late.value) is RunningCode.BUSY
        impatient.dispose()


def stand_still(idle: Engine, other: Engine) -> None:
    """Write nothing until the other connection sees that the server ended this one; then write."""
    there = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
    with writing(idle) as session:
        pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with other.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while connection.execute(there, {"pid": pid}).scalar_one():
                pass
        call(session, "Kevad")


def test_a_transaction_that_stands_still_is_taken_back(fresh_postgres: FreshEngine) -> None:
    with fresh_postgres() as engine:
        idle = opened(engine, Bounds(idle_seconds=0.01))
        with pytest.raises(DBAPIError) as late:
            stand_still(idle, engine)
        assert foreseen(late.value) is RunningCode.TRANSACTION_IDLE
        assert called(engine) != "Kevad"
        with writing(engine, seconds=1) as session:
            call(session, "Kevad")
        idle.dispose()


def test_another_program_is_waited_for_no_longer_either(engine: Engine) -> None:
    other = open_engine(engine.url.render_as_string(hide_password=False), key=HOST_KEY)
    with writing(other), pytest.raises(OperationalError) as busy, writing(engine, seconds=0):
        pass
    assert foreseen(busy.value) is RunningCode.BUSY
    other.dispose()
