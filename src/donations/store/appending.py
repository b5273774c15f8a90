"""Appends many rows of one table at once, as the driver takes them: tuples, without a statement for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Table
from sqlmodel import SQLModel

from donations.store.session import WriteSession, table_of

Row = dict[str, Any]
Look = Callable[[Connection, Table, Sequence[Row]], None]

LOOKS_AT_ROWS = "donations_looks_at_rows"
"""The execution option of an engine that holds what looks at rows before they are appended."""
_ROWS_AT_ONCE = 5_000


def append(session: WriteSession, table: type[SQLModel], rows: Iterable[Row]) -> None:
    """Insert rows that have the same columns; they need not exist all at once.

    Raises `Refusal` for a text that cannot be kept, as any other statement does.
    """
    connection, into = session.connection(), table_of(table)
    looks: Sequence[Look] = connection.get_execution_options().get(LOOKS_AT_ROWS, ())
    waiting = iter(rows)
    while batch := list(islice(waiting, _ROWS_AT_ONCE)):
        for look in looks:
            look(connection, into, batch)
        columns = tuple(batch[0])
        said, written = _insertion(connection.dialect, into, columns)
        values = zip(*(_written(map(itemgetter(name), batch), written.get(name)) for name in columns), strict=True)
        connection.exec_driver_sql(said, list(values))


def _written(values: Iterable[Any], process: Callable[[Any], Any] | None) -> Iterable[Any]:
    return values if process is None else map(process, values)


@lru_cache(maxsize=500)
def _insertion(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> tuple[str, dict[str, Callable[[Any], Any]]]:
    """Return the statement, and how this database's driver wants the values of some columns."""
    prepared, mark = dialect.identifier_preparer, "?" if dialect.paramstyle == "qmark" else "%s"
    names = ", ".join(prepared.quote(name) for name in columns)
    marks = ", ".join([mark] * len(columns))
    said = f"INSERT INTO {prepared.format_table(table)} ({names}) VALUES ({marks})"  # noqa: S608 - declared names
    processes = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in columns}
    return said, {name: process for name, process in processes.items() if process is not None}
