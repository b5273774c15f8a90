"""A short story, told once: forty donors, half a year; and the books of it, written once and copied.

On SQLite only: the demo does nothing but what acts do, which are tried on both databases.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from tests.conftest import HOST_KEY, FreshEngine

from donations.acts.importing import FileResult, take
from donations.acts.reading_files import Terms
from donations.core.calendar import Month
from donations.core.statement import GivenFile
from donations.demo.evenings import EveningDone, Evenings, register
from donations.demo.story import Folder, Plot, Story, tell
from donations.store.opening import open_engine
from donations.store.session import writing

NOW = datetime(2026, 7, 10, 18, tzinfo=UTC)
LEFT_OPEN = 3


@dataclass(frozen=True, slots=True)
class Imported:
    """Books with all files of the story, nothing answered."""

    engine: Engine
    results: list[FileResult]


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """Books after all evenings, with the newest questions left open."""

    engine: Engine
    evenings: list[EveningDone]


@pytest.fixture(scope="session")
def story() -> Story:
    return tell(Plot(last=Month(2026, 6), months=6, donors=40, seed=3))


@pytest.fixture(scope="session")
def imported(story: Story, fresh_sqlite: FreshEngine) -> Iterator[Imported]:
    """To be read only: `copied` is for what writes."""
    with fresh_sqlite() as engine:
        with writing(engine) as session:
            register(session, story, now=NOW)
        files = [file for month in story.span for file in Folder(story).of_months([month])]
        terms = Terms(by="treasurer", now=NOW)
        yield Imported(engine, [take(engine, GivenFile(name=each.name, content=each.content), terms) for each in files])


@pytest.fixture
def copied(imported: Imported, tmp_path: Path) -> Iterator[Engine]:
    """The imported books, to be written into."""
    imported.engine.dispose()  # folds the log into the file
    opened = open_engine(
        f"sqlite:///{shutil.copyfile(str(imported.engine.url.database), tmp_path / 'books.sqlite')}", key=HOST_KEY
    )
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def kept(story: Story, fresh_sqlite: FreshEngine) -> Iterator[StoredEntry]:
    """To be read only."""
    with fresh_sqlite() as engine:
        yield StoredEntry(engine, list(Evenings(engine, story, now=NOW, left_open=LEFT_OPEN).all()))
