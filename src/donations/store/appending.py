"""Appends many rows of one table at once, as the driver takes them: tuples, without a statement for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from donations.store.aside import HIDDEN, HiddenTables
from donations.store.session import WriteSession, table_of

Row = dict[str, Any]
Look = Callable[[Connection, Table, Sequence[Row]], None]

LOOKS_AT_ROWS = "donations_looks_at_rows"
"""The execution option of an engine that holds what looks at rows before they are appended."""
_ROWS_AT_ONCE = 5_000
_COPIED_FROM = 20
"""PostgreSQL is given fewer rows by a statement: a copy takes three messages more."""


class _Way(NamedTuple):
    """How rows with the same columns go into a table of one kind of database."""

    insert: str
    copy: str
    """Empty where the database has no such statement."""
    processes: dict[str, Callable[[Any], Any]]
    """How the driver wants the values of some columns."""


def append(session: WriteSession, table: type[SQLModel], rows: Iterable[Row]) -> None:
    """Insert rows that have the same columns; they need not exist all at once.

    Raises `Refusal` for a text that cannot be kept, and `sqlalchemy.exc.DBAPIError`, as any other statement does.
    """
    connection, into = session.connection(), table_of(table)
    options = connection.get_execution_options()
    looks: Sequence[Look] = options.get(LOOKS_AT_ROWS, ())
    hidden: HiddenTables | None = options.get(HIDDEN)
    waiting = iter(rows)
    while batch := list(islice(waiting, _ROWS_AT_ONCE)):
        for look in looks:
            look(connection, into, batch)
        columns = tuple(batch[0])
        way = _way(connection.dialect, into, columns)
        values = zip(
            *(_written(map(itemgetter(name), batch), way.processes.get(name)) for name in columns), strict=True
        )
        if way.copy and len(batch) >= _COPIED_FROM:
            if hidden is not None:
                hidden.hide(into.name)
            _copy(connection, way.copy, values)
        else:
            connection.exec_driver_sql(way.insert, list(values))


def _written(values: Iterable[Any], process: Callable[[Any], Any] | None) -> Iterable[Any]:
    return values if process is None else map(process, values)


def _copy(connection: Connection, said: str, rows: Iterable[tuple[Any, ...]]) -> None:
    driver, errors = connection.connection.cursor(), connection.dialect.loaded_dbapi.Error
    try:
        with driver.copy(said) as copy:
            for row in rows:
                copy.write_row(row)
    except errors as error:
        raise DBAPIError.instance(said, None, error, errors, dialect=connection.dialect) from error
    finally:
        driver.close()


@lru_cache(maxsize=500)
def _way(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> _Way:
    prepared, mark = dialect.identifier_preparer, "?" if dialect.paramstyle == "qmark" else "%s"
    names = ", ".join(prepared.quote(name) for name in columns)
    marks = ", ".join([mark] * len(columns))
    into = f"{prepared.format_table(table)} ({names})"
    processes = {name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in columns}
    return _Way(
        insert=f"INSERT INTO {into} VALUES ({marks})",  # noqa: S608 - declared names
        copy=f"COPY {into} FROM STDIN" if dialect.name == "postgresql" else "",
        processes={name: process for name, process in processes.items() if process is not None},
    )
