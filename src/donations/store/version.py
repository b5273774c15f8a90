"""Whether the books are still as they were: a number that every transaction raises which changed what can be shown.

Nobody has to think of it: it counts what the database is told, by whatever way, and every table that is not named here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event, update
from sqlmodel import Session, col, select

from donations.store.tables.audit import BooksVersionRow

CHANGED = "donations_changed"
"""The execution option that holds whether a transaction changed anything."""
UNSHOWN = frozenset(
    {
        # Who comes in, and by what.
        *("person_session", "passkey", "passkey_challenge", "recovery_code", "one_time_link", "sign_in_event"),
        # What waits, or is kept to be answered again.
        *("pending_upload", "idempotency_key"),
        # The log is written after what it tells of.
        *("audit_entry", "audit_detail"),
        "books_version",
    }
)
"""Tables on which nothing rests that is shown of the books; they change with every look."""
_CHANGING = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.ASCII)


@dataclass(slots=True)
class Changed:
    """Whether a transaction changed anything that can be shown."""

    is_so: bool = False


def see_changes(engine: Engine) -> None:
    """Notice from now on what writing transactions change."""
    event.listen(engine, "before_cursor_execute", _see)


def count_change(session: Session, changed: Changed) -> None:
    """Raise the number at the end of a transaction that changed anything."""
    session.flush()
    if changed.is_so:
        session.execute(update(BooksVersionRow).values(number=col(BooksVersionRow.number) + 1))


def books_version(session: Session) -> int:
    """Return a number that is another one once anything was changed.

    That is for showing a preview again, not for trusting it: what it promised is compared when it is committed.
    """
    return session.exec(select(BooksVersionRow.number)).one()


def _see(connection: Connection, _cursor: Any, statement: str, _given: Any, _context: Any, _many: Any) -> None:
    changed = connection.get_execution_options().get(CHANGED)
    if isinstance(changed, Changed) and not changed.is_so:
        found = _CHANGING.match(statement)
        changed.is_so = found is not None and found[1] not in UNSHOWN
