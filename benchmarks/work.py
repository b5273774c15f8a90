"""What is measured: our readers and imports, and the floors and the other reader that they are compared with."""

from __future__ import annotations

import io
import shutil
import sqlite3
import warnings
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.parsers import expat

from ofxparse import OfxParser  # noqa: TID251 - not to read anything for the books, but to be compared with

from benchmarks.sample import Sample, measured
from donations.acts.importing import FileResult, take
from donations.acts.reading_files import Terms
from donations.core.statement import GivenFile
from donations.readers import Limits
from donations.readers.registry import READERS
from donations.store.migrate import migrate
from donations.store.opening import open_engine
from donations.store.tables import metadata

_TERMS = Terms(
    by="bench", now=datetime(2026, 1, 2, tzinfo=UTC), limits=Limits(file_bytes=1024 * 1024 * 1024), add_accounts=True
)


class UnexpectedError(Exception):
    """What was measured did not do what it should."""


def read(path: Path) -> Sample:
    """Let the reader that claims a file yield all its facts, and keep none."""
    content = path.read_bytes()
    reader = next(each for each in READERS if each.claims(content))
    with measured() as sample:
        for _ in reader.facts(content):
            pass
    return sample


def import_fresh(path: Path, *, books: Path | None = None) -> Sample:
    """Import a file into a new database; kept at `books` for those who want to go on with it."""
    with TemporaryDirectory() as directory:
        database = books or Path(directory) / "books.sqlite"
        _new_database(database)
        sample, result = _take(path, database)
    if not result.statements or result.statements[0].known:
        raise UnexpectedError(result.problems)
    return sample


def import_again(path: Path, *, books: Path) -> Sample:
    """Import the same payments in another format: nothing is new."""
    with TemporaryDirectory() as directory:
        sample, result = _take(path, Path(shutil.copy(books, directory)))
    if not result.statements or result.statements[0].new:
        raise UnexpectedError(result.problems)
    return sample


def _new_database(path: Path) -> None:
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()


def _take(path: Path, database: Path) -> tuple[Sample, FileResult]:
    given = GivenFile(name=path.name, content=path.read_bytes())
    engine = open_engine(f"sqlite:///{database}")
    with measured() as sample:
        result = take(engine, given, _TERMS)
    engine.dispose()  # the last connection brings the write-ahead log home, so that the one file can be copied
    return sample, result


def parse_only(path: Path) -> Sample:
    """Let expat parse XML without a callback: no XML reader is quicker."""
    content = path.read_bytes()
    with measured() as sample:
        expat.ParserCreate().Parse(content, True)
    return sample


def insert_only(books: Path) -> Sample:
    """Insert all rows of filled books into empty ones, as they are kept, in one transaction: no import is quicker."""
    with TemporaryDirectory() as directory:
        database = Path(directory) / "books.sqlite"
        _new_database(database)
        with sqlite3.connect(books) as filled:
            rows = {table.name: _rows(filled, table.name) for table in metadata.sorted_tables}
        with sqlite3.connect(database) as empty:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
                empty.execute(f"PRAGMA {pragma}")
            with measured() as sample:
                _insert(empty, rows.items())
                empty.commit()
    return sample


def _rows(database: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    return database.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - names of our own tables


def _insert(database: sqlite3.Connection, tables: Iterable[tuple[str, list[tuple[object, ...]]]]) -> None:
    for table, rows in tables:  # the migration has written some of them already
        if rows:
            places = ",".join("?" * len(rows[0]))
            database.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({places})", rows)  # noqa: S608


def read_by_ofxparse(path: Path) -> Sample:
    """Let ofxparse read OFX as it comes, without the limits and checks of ours."""
    content = path.read_bytes()
    warnings.simplefilter("ignore")  # its calls of BeautifulSoup are old-fashioned
    with measured() as sample:
        OfxParser.parse(io.BytesIO(content))
    return sample
