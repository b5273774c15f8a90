"""Row ids, taken in runs by the one writer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count, islice
from typing import Any

from sqlalchemy import Table, func, insert
from sqlmodel import SQLModel, select

from donations.store.session import WriteSession

ID_MAX = 2**31 - 1
"""What PostgreSQL keeps in an INTEGER: no row has a higher number."""
_ROWS_AT_ONCE = 5_000


def next_ids(session: WriteSession, table: type[SQLModel]) -> Iterator[int]:
    """Count on from the highest id; right because only one transaction writes at a time."""
    highest: int | None = session.scalar(select(func.max(table_of(table).c.id)))
    return count((highest or 0) + 1)


def table_of(row: type[SQLModel]) -> Table:
    """Return the table behind a row class, for statements on plain values."""
    table: Table = SQLModel.metadata.tables[str(row.__tablename__)]
    return table


def append(session: WriteSession, table: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
    """Insert many rows of one table, as values (entities cost ten times as much); they need not exist all at once."""
    waiting = iter(rows)
    while batch := list(islice(waiting, _ROWS_AT_ONCE)):
        session.execute(insert(table_of(table)), batch)


def in_runs(values: list[Any]) -> Iterator[list[Any]]:
    """Cut a long list for `IN (...)`: databases limit how many values one statement binds."""
    for at in range(0, len(values), 500):
        yield values[at : at + 500]
