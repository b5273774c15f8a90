"""The books behind the pages that are measured: years of the demo's story, through the same intake as any file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.postgres import Server
from benchmarks.programs import KEY, donations, of_file
from donations.core.calendar import Month
from donations.demo.evenings import Evenings
from donations.demo.movement import day_in
from donations.demo.story import Plot, Story, tell
from donations.readers import Limits
from donations.store.migrate import is_current, migrate
from donations.store.opening import open_engine

LAST = Month(2025, 12)
NOW = datetime.combine(day_in(LAST.next, 5), time(12), tzinfo=UTC)
"""When the pages are asked for."""
_MONTHS, _DONORS_OF_1000_PAYMENTS = 96, 35
_ONE_BY_ONE = 2
"""All but two months come on the first evening: a month's payments are judged with all that came from their accounts
before, which takes long for so many years, and gives the same books."""


@dataclass(frozen=True, slots=True)
class LargeBooks:
    """A database with the story that is in it."""

    engine: Engine
    story: Story


def open_books(path: Path, *, payments: int, months: int = _MONTHS) -> LargeBooks:
    """Open books with about so many payments; made where there are none, or where the tables have changed since."""
    donors = 1 + payments * _DONORS_OF_1000_PAYMENTS // 1000 * _MONTHS // months
    story = tell(Plot(last=LAST, months=months, donors=donors))
    engine = open_engine(of_file(path), key=KEY)
    if path.exists() and path.stat().st_size and is_current(engine):
        return LargeBooks(engine, story)
    engine.dispose()
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    migrate(engine)
    limits = Limits(file_bytes=1024 * 1024 * 1024)
    for _ in Evenings(engine, story, now=NOW, limits=limits).all(first=months - _ONE_BY_ONE):
        pass
    return LargeBooks(engine, story)


def on_postgres(path: Path, books: LargeBooks, server: Server) -> LargeBooks:
    """Bring the books of a file to a database, with all their numbers, as people do who move."""
    backup, url = path.with_suffix(".donations-backup"), server.new_database(path.stem)
    donations("backup", backup, url=of_file(path))
    donations("restore", backup, url=url)
    backup.unlink()
    return LargeBooks(open_engine(url, key=KEY), books.story)
