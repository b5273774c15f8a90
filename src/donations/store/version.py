"""Whether the books are still as they were: a number that the database itself raises with what can be shown.

Triggers count, so nothing goes by uncounted: another process, another program, SQL that somebody types (docs/adr/0031).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, inspect, text
from sqlmodel import Session, select

from donations.store.tables.audit import BooksVersionRow

UNCOUNTED: Final = {
    "who comes in, and by what": frozenset(
        {
            *("person_session", "passkey", "passkey_challenge", "recovery_code", "one_time_link", "sign_in_event"),
            *("api_token", "stranger_asked"),
        }
    ),
    "waits, or is kept to be answered again": frozenset(
        {"pending_upload", "idempotency_key", "job", "job_piece", "mail", "webhook_delivery"}
    ),
    "what a look at all of the books found": frozenset({"check_result"}),
    "the log, written after what it tells of": frozenset({"audit_entry", "audit_detail"}),
    "the count itself, and how the tables came to be": frozenset({"books_version", "alembic_version"}),
}
"""Tables on which nothing rests that is shown of the books, and why; they change with every look. All others count."""
_VERBS = ("INSERT", "UPDATE", "DELETE")
_COUNT = "UPDATE books_version SET number = number + 1"
_COUNT_FUNCTION = """
CREATE OR REPLACE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    UPDATE books_version SET number = pg_current_xact_id()::text::bigint
        WHERE number <> pg_current_xact_id()::text::bigint;
    RETURN NULL;
END $$"""
"""The number of the transaction is another one for each, and is written once however much a transaction changes."""


def count_changes(connection: Connection) -> None:
    """Let the database count from now on what changes in any of its tables; tables that count already stay so."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text(_COUNT_FUNCTION))
    for table in {*inspect(connection).get_table_names()} - frozenset().union(*UNCOUNTED.values()):
        if is_sqlite:
            for verb in _VERBS:
                trigger = f"CREATE TRIGGER IF NOT EXISTS {table}_counts_{verb.lower()} AFTER {verb} ON {table}"
                connection.execute(text(f"{trigger} BEGIN {_COUNT}; END"))
        else:
            trigger = f"CREATE OR REPLACE TRIGGER {table}_counts AFTER {' OR '.join(_VERBS)} OR TRUNCATE ON {table}"
            connection.execute(text(f"{trigger} FOR EACH STATEMENT EXECUTE FUNCTION count_change()"))


def books_version(session: Session) -> int:
    """Return a number that is another one once anything was changed.

    That is for showing a preview again, not for trusting it: what it promised is compared when it is done.
    """
    return session.exec(select(BooksVersionRow.number)).one()


_KEPT_MAX = 8
"""A preview may hold names and texts of payments that wait for an answer: no more are kept than people look at."""


class KeptPreviews:
    """Previews by name, kept in memory, all of one state of the books: with the next state all are forgotten.

    The least recently wanted is forgotten first; safe for several threads.
    """

    def __init__(self, most: int = _KEPT_MAX) -> None:
        """Keep none yet, and never more than so many."""
        self._most = most
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._state: Hashable = None
        self._lock = Lock()

    def get(self, name: Hashable, *, state: Hashable) -> Any | None:
        """Return what was kept under a name in this state."""
        with self._lock:
            self._come_to(state)
            if name not in self._kept:
                return None
            self._kept.move_to_end(name)
            return self._kept[name]

    def keep(self, name: Hashable, value: Any, *, state: Hashable) -> None:
        """Keep a preview."""
        with self._lock:
            self._come_to(state)
            self._kept[name] = value
            self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def forget(self, name: Hashable) -> None:
        """Keep it no longer."""
        with self._lock:
            self._kept.pop(name, None)

    def _come_to(self, state: Hashable) -> None:
        if state != self._state:
            self._kept.clear()
            self._state = state
