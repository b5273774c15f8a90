"""Lets facts that newer readers say more of be filled in, while the triggers that refuse changes stand aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import text

from donations.store.session import WriteSession


@contextmanager
def changes_let_through(session: WriteSession, tables: Iterable[str]) -> Iterator[None]:
    """Let rows of these append-only tables be changed inside this transaction; what refuses it is there again after it.

    For the upgrade of books only: what a file says is filled in where an older reader passed it over.
    """
    names = tuple(tables)
    if session.get_bind().dialect.name == "sqlite":
        with _without_triggers(session, names):
            yield
        return
    for name in names:
        session.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
    yield
    for name in names:
        session.execute(text(f"ALTER TABLE {name} ENABLE TRIGGER USER"))


@contextmanager
def _without_triggers(session: WriteSession, names: tuple[str, ...]) -> Iterator[None]:
    known = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    triggers = [(name, sql) for table in names for name, sql in session.execute(known, {"table": table})]
    for name, _ in triggers:
        session.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _, sql in triggers:
        session.execute(text(sql.replace(":", "\\:")))
