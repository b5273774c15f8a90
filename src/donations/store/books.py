"""Whether there are books at a place, and whether this program can keep them: asked without changing anything there."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import NullPool, create_engine, inspect, make_url

from donations.store.migrate import newest_revision, revisions
from donations.store.place import driver_url


class BooksAt(Enum):
    """What is at a place."""

    NONE = auto()
    CURRENT = auto()
    OLDER = auto()
    NEWER = auto()
    FOREIGN = auto()


def books_at(url: str) -> BooksAt:
    """Return what is there. Raises `sqlalchemy.exc.DatabaseError` where it does not answer or is no database."""
    parsed = make_url(driver_url(url))
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
        return BooksAt.NONE  # opening it would make it
    engine = create_engine(parsed, hide_parameters=True, poolclass=NullPool)
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        here = MigrationContext.configure(connection).get_current_revision()
    if not tables:
        return BooksAt.NONE
    if here == newest_revision():
        return BooksAt.CURRENT
    if here in revisions():
        return BooksAt.OLDER
    return (
        BooksAt.NEWER if here is not None and {"imported_file", "payment", "allocation"} <= tables else BooksAt.FOREIGN
    )
