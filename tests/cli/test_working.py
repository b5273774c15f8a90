"""`donations worker` makes a backup once a day, whatever ends it in the middle, and says on its page when it failed."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine
from tests.cli.conftest import Cli
from tests.cli.test_stopping import BOOKS, FOREVER, SECONDS, in_the_middle, wait_for
from tests.conftest import FreshEngine

from donations.acts.backing_up import Lock
from donations.jobs.backups import DAILY_BACKUP, DailyBackup
from donations.jobs.running import do_all
from donations.store.jobs import newest_job
from donations.store.session import reading

DAILY = ("worker", "--once", "--backup", "kept", "--at", "00:00")
"""Due since the day began."""
NOON = datetime(2026, 7, 1, 9, tzinfo=UTC)


@contextmanager
def books(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / BOOKS)) as opened, opened:
        yield opened


def count(tmp_path: Path, query: str) -> int:
    with books(tmp_path) as opened:
        found: int = opened.execute(f"SELECT count(*) FROM {query}").fetchone()[0]  # noqa: S608 - of this test
        return found


def test_a_backup_is_made_once_a_day_and_the_oldest_go(fresh_sqlite: FreshEngine, tmp_path: Path) -> None:
    folder, now = tmp_path / "kept", [NOON]
    daily = DailyBackup(folder=folder, lock=Lock(), at=time(3, 10), keep=2, by="treasurer")

    def work(engine: Engine) -> list[str]:
        do_all(engine, {daily.kind.name: daily.kind}, lambda: now[0], once=True, stop=Event())
        return sorted(each.name[:10] for each in folder.iterdir())

    with fresh_sqlite() as engine:
        assert work(engine) == work(engine) == ["2026-07-01"]
        now[0] = datetime(2026, 7, 2, 0, 9, tzinfo=UTC)  # a minute before it is due in Estonia
        assert work(engine) == ["2026-07-01"]
        now[0] += timedelta(minutes=1)
        assert work(engine) == ["2026-07-01", "2026-07-02"]
        now[0] += timedelta(days=1)
        assert work(engine) == ["2026-07-02", "2026-07-03"]


def test_one_that_fails_is_tried_again_after_an_hour(
    fresh_sqlite: FreshEngine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kept").touch()  # no folder
    daily = DailyBackup(folder=tmp_path / "kept", lock=Lock(), at=time(3, 10), keep=None, by="treasurer")
    with fresh_sqlite() as engine:
        for minutes, times in ((0, 1), (30, 1), (60, 2)):
            now = NOON + timedelta(minutes=minutes)
            do_all(engine, {DAILY_BACKUP: daily.kind}, lambda: now, once=True, stop=Event())  # noqa: B023 - at once
            with reading(engine) as session:
                found = newest_job(session, DAILY_BACKUP)
            assert found is not None
            assert (found.failure, caplog.text.count("then FileExistsError")) == ("internal", times)


@pytest.mark.parametrize(
    ("place", "stop", "status", "left"),
    [
        ("donations.jobs.backups.back_up", signal.SIGKILL, -signal.SIGKILL, 1),
        ("donations.acts.backing_up.write_copy", signal.SIGTERM, 0, 0),
    ],
    ids=["killed when it was made", "stopped while it is made"],
)
def test_a_backup_that_is_broken_off_is_there_once(
    cli: Cli, tmp_path: Path, place: str, stop: signal.Signals, status: int, left: int
) -> None:
    with in_the_middle(place, FOREVER, *DAILY) as process:
        wait_for((tmp_path / "in the middle").exists)
        process.send_signal(stop)
        _, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, "Traceback" in err) == (status, False), err
    assert len(list((tmp_path / "kept").iterdir())) == left, "of a copy that is half done nothing is left"
    with books(tmp_path) as opened:
        opened.execute("UPDATE job SET leased_until = 1 WHERE leased_until > 0")
    for _ in range(2):
        ended = cli(*DAILY)
        assert ended.returncode == 0, ended.stderr
    (file,) = (tmp_path / "kept").iterdir()
    with closing(sqlite3.connect(file)) as copied:
        assert copied.execute("SELECT count(*) FROM job").fetchone() == (0,), "what is done just now is in no backup"
    assert count(tmp_path, "audit_entry WHERE action = 'backed_up'") == 1
    assert count(tmp_path, "job WHERE failure = '' AND ended_at IS NOT NULL") == 1
