"""Brings books of other tables over: rows are set aside, the tables made anew, and the rows put back.

What such books lack is told by their tables and not by their revision: some revisions stood for several sets of tables.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    LargeBinary,
    MetaData,
    Table,
    Text,
    column,
    insert,
    select,
    table,
    text,
)

from donations.store.as_kept import is_sealed_column
from donations.store.data_keys import keep_keys
from donations.store.migrations.making import make_tables
from donations.store.migrations.reshaping import (
    MOVED,
    NUMBERS,
    digest_before,
    digest_now,
    fill_shared,
    is_shared,
)
from donations.store.tables import metadata
from donations.store.tables.sealed import Sealed, SealedFile

_ROWS_AT_ONCE = 5_000
_ALWAYS_THERE = frozenset({"statement_line", "payment", "allocation"})
_LATER = frozenset({"line_text.bic"})
"""Columns of what moved that the first revisions lacked."""
_LEFT_BEHIND = frozenset({"pending_upload.preview", "statement.first_day_minor", "statement.last_day_minor"})
"""Columns that nothing asks for any more."""
_MADE_ANEW = frozenset({"regular_gift", "day_sum"})
"""Tables that are filled when all is there; they had other columns once."""
_MADE_OF: dict[str, ColumnElement[Any]] = {"person_session.proved_at": column("made_at"), **NUMBERS}
"""Columns that begin as a copy of another (who is signed in proved it when the session began), or as a number."""
_FILLS = {
    # Whom a person named, or nobody but a person knows, is called so by a person's word.
    "donor.said_name": """
        UPDATE donor SET said_name = name WHERE id = 1 OR (id NOT IN (SELECT donor_id FROM restricted_donor)
        AND (id IN (SELECT donor_id FROM donor_name) OR id NOT IN (SELECT donor_id FROM donor_claim)))
    """,
    # Claims stay with donors of whom a person said who they are.
    "donor_claim.is_kept": """
        UPDATE donor_claim SET is_kept = true WHERE donor_id IN (SELECT donor_id FROM restricted_donor
        UNION SELECT donor_id FROM donor_merge UNION SELECT into_id FROM donor_merge
        UNION SELECT one_id FROM donors_differ UNION SELECT other_id FROM donors_differ)
    """,
    # Of the kept codes, those that no bank gave in whatever file, taken back or not: what was seen then is not known.
    "donor_claim.is_typed": """
        UPDATE donor_claim SET is_typed = true WHERE is_kept AND length(code) > 0
        AND NOT EXISTS (SELECT 1 FROM payer WHERE payer.code = donor_claim.code)
    """,
    "books_version.number": "INSERT INTO books_version (id, number) VALUES (1, 0)",
}
"""What rows get in columns that they lacked, in this order."""


class UnknownTablesError(Exception):
    """Books have other tables than any known revision; names them."""


class ChangedRowsError(Exception):
    """What lines say and why something is booked would not be the same after as before. A fault of the program."""


class BroughtOver(NamedTuple):
    """Books that have the declared tables now."""

    lacked: frozenset[str]
    """The columns that they lacked, as `table.column`."""
    digest: str
    """Of what lines say and why all is booked: the same before and after."""


def bring_over(connection: Connection) -> BroughtOver:
    """Let books have the declared tables, with all their rows; they are kept unsealed.

    Raises `UnknownTablesError` before anything is changed, and `ChangedRowsError`. The transaction and the new revision
    are the caller's.
    """
    older = MetaData()
    older.reflect(connection, only=lambda name, _: name in metadata.tables or name in MOVED)
    kept = [each for each in older.sorted_tables if not _is_of_payments(each) and each.name not in _MADE_ANEW]
    lacked = _columns(metadata.sorted_tables) - _columns(kept)
    if unknown := sorted(_unknown(kept, lacked)):
        raise UnknownTablesError(", ".join(unknown))
    numbers = _numbers(connection)
    _set_aside(connection, kept)
    older.drop_all(connection)
    make_tables(connection)
    keep_keys(connection, {}, "")
    shared = is_shared({each.name for each in kept})
    before = digest_before(connection, shared=shared)
    if not shared:
        fill_shared(connection)
    for each in kept:
        if each.name in metadata.tables:
            _put_back(connection, each, shared=shared)
    if digest_now(connection) != before:
        raise ChangedRowsError
    for name in dict.fromkeys(("wording", "decision", *(each.name for each in kept))):
        connection.execute(text(f"DROP TABLE aside_{name}"))
    for lacking, said in _FILLS.items():
        if lacking in lacked:
            connection.execute(text(said))
    for name, reached in numbers:
        connection.execute(text("SELECT setval(quote_ident(:name), :reached)"), {"name": name, "reached": reached})
    return BroughtOver(lacked, before)


def _is_of_payments(older: Table) -> bool:
    """Whether these are findings as they once were, of payments: those of lines are found by judging again."""
    return older.name == "finding" and "line_id" not in older.columns


def _columns(tables: Iterable[Table]) -> frozenset[str]:
    return frozenset(f"{each.name}.{one.name}" for each in tables for one in each.columns)


def _unknown(kept: Iterable[Table], lacked: frozenset[str]) -> Iterator[str]:
    """Yield what no known revision had, and what every revision had and these books lack."""
    names, moved = (
        {each.name for each in kept},
        {f"{name}.{each}" for name, columns in MOVED.items() for each in columns},
    )
    yield from _ALWAYS_THERE - names
    yield from () if is_shared(names) else moved - _columns(kept) - _LATER
    yield from _columns(kept) - _columns(metadata.sorted_tables) - _LEFT_BEHIND - moved
    for name in names & metadata.tables.keys():
        needed = (each for each in metadata.tables[name].columns if not each.nullable and each.default is None)
        yield from {f"{name}.{each.name}" for each in needed} & lacked - _MADE_OF.keys()


def _set_aside(connection: Connection, kept: Iterable[Table]) -> None:
    for each in kept:
        connection.execute(text(f"CREATE TEMPORARY TABLE aside_{each.name} AS SELECT * FROM {each.name}"))  # noqa: S608 - names of ours
        for lacking in sorted(_LATER - _columns([each])):
            if lacking.startswith(f"{each.name}."):
                added = lacking.partition(".")[2]
                connection.execute(text(f"ALTER TABLE aside_{each.name} ADD COLUMN {added} VARCHAR DEFAULT ''"))
    # SQLite asks of each row of a table that is dropped whether others refer to it: without an index it reads them all.
    connection.execute(text("CREATE INDEX aside ON statement_line (batch_id)"))


def _put_back(connection: Connection, older: Table, *, shared: bool) -> None:
    """Put rows back by the names of their columns; in those that are new they get what is declared as default."""
    into = metadata.tables[older.name]
    aside = table(f"aside_{older.name}", *(_as_it_was(into, each.name) for each in older.columns))
    found = {}
    for each in into.columns:
        source = aside.c.get(each.name, _MADE_OF.get(f"{into.name}.{each.name}"))
        if source is not None:
            found[each.name] = source
    # On PostgreSQL a row comes after the one of the same table that it refers to.
    own = [
        aside.c[key.parent.name] for key in into.foreign_keys if key.column.table is into and key.parent.name in aside.c
    ]
    query = select(*found.values()).select_from(aside).order_by(*(each.is_not(None) for each in own))
    if not any(is_sealed_column(each.type) for each in into.columns):
        connection.execute(insert(into).from_select(list(found), query))
        return
    size = 1 if into.name == "source_document" else _ROWS_AT_ONCE
    with connection.execute(query, execution_options={"yield_per": size}) as rows:
        for some in rows.partitions():
            whole: Iterable[dict[str, Any]] = (dict(zip(found, row, strict=True)) for row in some)
            if into.name == "source_document" and shared:
                whole = ({**row, "content": zlib.decompress(row["content"])} for row in whole)
            connection.execute(insert(into), list(whole))


def _as_it_was(into: Table, name: str) -> ColumnClause[Any]:
    """Return a column of rows set aside: nothing was sealed then."""
    declared = into.c[name].type if name in into.c else None
    if isinstance(declared, Sealed):
        return column(name, Text())
    return column(name, LargeBinary() if isinstance(declared, SealedFile) else declared)


def _numbers(connection: Connection) -> list[tuple[str, int]]:
    """Return how far PostgreSQL has counted for each table: no number is given twice, not even one of a row gone."""
    if connection.dialect.name == "sqlite":
        return []
    query = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() AND last_value > 0"
    return [(name, reached) for name, reached in connection.execute(text(query))]
