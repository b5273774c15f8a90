"""The backup of each day under attack: clocks that jump, several workers, what lies in the folder, books put aside."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text
from tests.conftest import HOST, HOST_KEY, FreshEngine

from donations.acts.backing_up import SUFFIX, Lock, Unlock, restore, verify
from donations.core.refusal import Refusal
from donations.jobs import backups
from donations.jobs.backups import DAILY_BACKUP, DailyBackup
from donations.jobs.running import do_all
from donations.store.jobs import Job, newest_job
from donations.store.migrate import migrate
from donations.store.opening import open_engine
from donations.store.session import reading

NOON = datetime(2026, 7, 1, 9, tzinfo=UTC)
ESTONIA = ZoneInfo("Europe/Tallinn")


def daily_in(folder: Path, *, at: time = time(3, 10), keep: int | None = None) -> DailyBackup:
    return DailyBackup(folder=folder, lock=Lock(), at=at, keep=keep, by="treasurer")


def work(engine: Engine, daily: DailyBackup, now: datetime) -> Job:
    """Do what is due once, and return how the newest backup ended."""
    kinds = {DAILY_BACKUP: daily.kind}
    do_all(engine, kinds, lambda: now, once=True, stop=Event())
    with reading(engine) as session:
        job = newest_job(session, DAILY_BACKUP)
    assert job is not None
    return job


def logged(engine: Engine) -> int:
    with engine.connect() as connection:
        found: int = connection.execute(
            text("SELECT count(*) FROM audit_entry WHERE action = 'backed_up'")
        ).scalar_one()
        return found


def files(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.glob(f"*{SUFFIX}"))


@pytest.mark.parametrize(
    "at", [time(0, 0), time(2, 59), time(3, 0), time(3, 10), time(3, 30), time(4, 0), time(23, 59)]
)
@pytest.mark.parametrize("day", [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)])
def test_however_the_clock_is_changed_one_is_due_each_day(tmp_path: Path, at: time, day: datetime) -> None:
    """Every five minutes of four days around the hour that is missing, and the one that comes twice."""
    daily = daily_in(tmp_path, at=at)
    due = [
        (day + timedelta(minutes=minute), daily._due(day + timedelta(minutes=minute)))
        for minute in range(0, 4 * 24 * 60, 5)
    ]
    assert all(timedelta(0) <= now - each.astimezone(UTC) <= timedelta(hours=25) for now, each in due)
    instants = [each.astimezone(UTC) for _, each in due]
    assert instants == sorted(instants), "what is due never goes back to the day before"
    days = [each.astimezone(ESTONIA).date() for each in sorted(set(instants))]
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]


def test_two_workers_on_one_day_make_it_once(fresh_engine: FreshEngine, tmp_path: Path) -> None:
    daily = daily_in(tmp_path / "kept")
    with fresh_engine() as engine, ThreadPoolExecutor(2) as threads:
        for each in [threads.submit(work, engine, daily, NOON) for _ in range(2)]:
            each.result()
        assert (len(files(tmp_path / "kept")), logged(engine)) == (1, 1)


def test_what_killed_ones_left_open_goes_though_all_are_kept(fresh_sqlite: FreshEngine, tmp_path: Path) -> None:
    left = tmp_path / ".donations-backup-killed"
    left.mkdir()
    (left / "books").write_text("names of donors, not encrypted")
    os.utime(left, (0, 0))
    with fresh_sqlite() as engine:
        work(engine, daily_in(tmp_path), NOON)
    assert [each.name for each in tmp_path.iterdir()] == files(tmp_path)


def test_what_is_left_open_goes_before_there_is_room_again(
    fresh_sqlite: FreshEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "back_up", is_full)
    left = tmp_path / ".donations-backup-killed"
    left.mkdir()
    os.utime(left, (0, 0))
    with fresh_sqlite() as engine:
        job = work(engine, daily_in(tmp_path), NOON)
    assert not left.exists()
    assert job.failure == "storage_full"


def test_the_file_of_other_books_is_not_taken_for_its_own(fresh_sqlite: FreshEngine, tmp_path: Path) -> None:
    daily = daily_in(tmp_path)
    with fresh_sqlite() as one, fresh_sqlite() as other:
        for each in (one, other):
            assert work(each, daily, NOON).failure == ""
            assert logged(each) == 1
    assert len(files(tmp_path)) == 2
    assert all(verify(tmp_path / each, Unlock(), HOST).wrong == () for each in files(tmp_path))


def test_a_file_that_was_made_is_found_again(fresh_sqlite: FreshEngine, tmp_path: Path) -> None:
    daily = daily_in(tmp_path)
    with fresh_sqlite() as engine:
        work(engine, daily, NOON)
        with engine.begin() as connection:  # killed before it said so
            connection.execute(text("UPDATE job SET ended_at = NULL, kept_until = NULL, leased_until = 0"))
        work(engine, daily, NOON + timedelta(minutes=1))
        assert (len(files(tmp_path)), logged(engine)) == (1, 1)


def test_books_that_a_worker_has_open_are_not_put_aside(tmp_path: Path) -> None:
    """It would go on with those that were put aside, and remove the log of the new ones when it ends."""
    url = f"sqlite:///{tmp_path / 'books.sqlite'}"
    worker = open_engine(url, key=HOST_KEY)
    migrate(worker)
    work(worker, daily_in(tmp_path / "kept"), NOON)
    (name,) = files(tmp_path / "kept")
    with worker.connect():
        """Its connection goes back to the pool, and stays open."""
    before = (tmp_path / "books.sqlite").stat().st_ino
    with pytest.raises(Refusal):
        restore(tmp_path / "kept" / name, url, Unlock(), HOST, by="admin", now=NOON, replace=True)
    assert (tmp_path / "books.sqlite").stat().st_ino == before
    worker.dispose()
    assert restore(tmp_path / "kept" / name, url, Unlock(), HOST, by="admin", now=NOON, replace=True)[1] is not None
