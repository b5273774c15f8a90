"""Says which revision of the tables a database has, and whether it holds books that this program can keep.

It knows nothing of how tables are made, so that a command that only opens books starts at once.
"""

from __future__ import annotations

from enum import Enum, auto
from time import sleep

from sqlalchemy import Connection, NullPool, create_engine, inspect, make_url, text

from donations.store.opening import lacks_log
from donations.store.place import driver_url, sqlite_file

OLDER = frozenset(f"{number:04}" for number in range(1, 27)) - {"0009", "0019"}
"""The revisions of before the first release; two numbers were never given."""
RELEASED = ("0027", "0028", "0029", "0030", "0031", "0032", "0033", "0034", "0035", "0036")
"""The revisions since, each made by its file in `migrations/versions`."""
FIRST, NEWEST = RELEASED[0], RELEASED[-1]
"""The revision of the first release, and the one whose tables this program knows."""
KNOWN = OLDER | frozenset(RELEASED)
"""All revisions that this program can bring to the newest."""


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the tables that there are; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


class BooksAt(Enum):
    """What is at a place."""

    NONE = auto()
    CURRENT = auto()
    OLDER = auto()
    NEWER = auto()
    FOREIGN = auto()
    WITHOUT_LOG = auto()
    """A copy of a file of SQLite that somebody had open, without the log beside it."""


_SECONDS_TO_FOLD = 0.2


def books_at(url: str) -> BooksAt:
    """Return what is there. Raises `sqlalchemy.exc.DatabaseError` where it does not answer or is no database."""
    parsed = make_url(driver_url(url))
    file = sqlite_file(url)
    if file is not None and not file.exists():
        return BooksAt.NONE  # opening it would make it
    if file is not None and file.is_file() and lacks_log(file):
        sleep(_SECONDS_TO_FOLD)  # another program may be ending just now
        if lacks_log(file):
            return BooksAt.WITHOUT_LOG
    engine = create_engine(parsed, hide_parameters=True, poolclass=NullPool)
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        here = revision_of(connection)
    if not tables:
        return BooksAt.NONE
    if here == NEWEST:
        return BooksAt.CURRENT
    if here in KNOWN:
        return BooksAt.OLDER
    return (
        BooksAt.NEWER if here is not None and {"imported_file", "payment", "allocation"} <= tables else BooksAt.FOREIGN
    )
