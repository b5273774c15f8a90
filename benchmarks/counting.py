"""Counts what a page asks of the database, statements and rows, and in how large pieces it answers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event
from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(slots=True)
class Asked:
    """What was asked of the database."""

    statements: int = 0
    rows: int = 0


@contextmanager
def counted(engine: Engine) -> Iterator[Asked]:
    """Count from here on, in connections that are opened from now on; rows in SQLite only."""
    asked = Asked()

    def row(_: sqlite3.Cursor, values: tuple[Any, ...]) -> tuple[Any, ...]:
        asked.rows += 1
        return values

    def connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.row_factory = row

    def executed(*_: Any) -> None:
        asked.statements += 1

    watched = {"before_cursor_execute": executed} | ({"connect": connected} if engine.dialect.name == "sqlite" else {})
    engine.dispose()
    for name, watch in watched.items():
        event.listen(engine, name, watch)
    yield asked
    for name, watch in watched.items():
        event.remove(engine, name, watch)
    engine.dispose()


@dataclass(slots=True)
class InPieces:
    """An application whose answers are looked at on their way."""

    app: ASGIApp
    largest: int = 0
    """Bytes that were sent at once since this was last set to nothing."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""

        async def looked_at(message: Message) -> None:
            self.largest = max(self.largest, len(message.get("body", b"")))
            await send(message)

        await self.app(scope, receive, looked_at)
