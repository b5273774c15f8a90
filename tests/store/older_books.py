"""Books as programs of before the first release left them, on both databases, and what stands in a database."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, insert, select, text
from tests.conftest import HOST_KEY

from donations.store.as_kept import is_sealed_column
from donations.store.migrate import is_current
from donations.store.opening import open_engine
from donations.store.session import reading
from donations.store.tables import metadata

_FOLDER = Path(__file__).with_name("older")
BOOKS_REVISION = "0015"
FIRST_BOOKS, LAST_BOOKS, SHARED_BOOKS = "afc622a", "1810193", "e09ac09"
LAST_DUMP = lzma.decompress((_FOLDER / f"dump-{LAST_BOOKS}.jsonl.xz").read_bytes())
"""What that program itself says is in them."""
Rows = dict[str, list[dict[str, Any]]]
"""Of each table."""

_CATALOGUE = {
    "sqlite": ("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name <> 'alembic_version'",),
    "postgresql": (
        """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
        FROM information_schema.columns WHERE table_schema = current_schema() AND table_name <> 'alembic_version'
        """,
        """
        SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = current_schema()::regnamespace
        """,
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
        """
        SELECT tgname, pg_get_triggerdef(pg_trigger.oid), tgenabled
        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
        """,
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace",
    ),
}


def _steps(dialect: str) -> dict[str, list[str]]:
    """Return what each revision told a new database."""
    said = lzma.decompress((_FOLDER / f"tables.{dialect}.sql.xz").read_bytes()).decode()
    steps = (each.splitlines() for each in said.split("-- ")[1:])
    return {revision: statements for revision, *statements in steps}


REVISIONS = sorted(_steps("sqlite"))


@contextmanager
def empty_sqlite(folder: Path) -> Iterator[Engine]:
    """Open a database of nothing."""
    engine = open_engine(f"sqlite:///{folder / 'older.sqlite'}", key=HOST_KEY)
    yield engine
    engine.dispose()


@contextmanager
def empty_postgres(used: Engine) -> Iterator[Engine]:
    """Open a schema of nothing in a database."""
    with used.begin() as connection:
        connection.execute(text("CREATE SCHEMA older"))
    url = used.url.update_query_string("options=-csearch_path%3Dolder", append=True)
    engine = open_engine(url.render_as_string(hide_password=False), key=HOST_KEY)
    yield engine
    engine.dispose()
    with used.begin() as connection:
        connection.execute(text("DROP SCHEMA older CASCADE"))


def make_tables(engine: Engine, revision: str) -> None:
    """Let a new database be as programs of this revision made it."""
    with engine.execution_options(donations_writing=10).begin() as connection:
        for each, statements in _steps(engine.dialect.name).items():
            for said in statements if each <= revision else ():
                connection.exec_driver_sql(said)


def make_books(engine: Engine, folder: Path, commit: str = FIRST_BOOKS) -> None:
    """Let a new database have the books of a commit; PostgreSQL knows the tables of the first only."""
    file = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else folder / "rows.sqlite"
    file.write_bytes(lzma.decompress((_FOLDER / f"books-{commit}.sqlite.xz").read_bytes()))
    if engine.dialect.name == "sqlite":
        return
    make_tables(engine, BOOKS_REVISION)
    source = open_engine(f"sqlite:///{file}")
    rows = rows_of(source)
    source.dispose()
    into = _tables(engine)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # rows come before what they refer to
        for table in into.sorted_tables:
            if table.name != "alembic_version":
                if table.name in {"appeal", "donor", "keyword"}:  # every new database has rows there
                    connection.execute(table.delete())
                connection.execute(insert(table), rows[table.name])


def rows_of(engine: Engine) -> Rows:
    """Return all that stands in a database, by the names of columns, in an order of its own; what is sealed, opened."""
    is_now = is_current(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted(
                (
                    {name: opened(engine, table.name, name, kept) if is_now else kept for name, kept in row.items()}
                    for row in connection.execute(select(table)).mappings()
                ),
                key=lambda row: [repr(row[each.name]) for each in table.primary_key] or [repr(row)],
            )
            for table in _tables(engine).sorted_tables
        }


def opened(engine: Engine, table: str, column: str, kept: Any) -> Any:
    """Return what a value of a column of today says."""
    kind: Any = metadata.tables[table].columns[column].type if table in metadata.tables else None
    if not is_sealed_column(kind) or not isinstance(kept, bytes):
        return kept
    with reading(engine):
        return kind.result_processor(engine.dialect, None)(kept)


def _tables(engine: Engine) -> MetaData:
    found = MetaData()
    found.reflect(engine)
    return found


def catalogue(engine: Engine) -> list[tuple[str, ...]]:
    """Return every table, column, key, check, index, trigger and function of a database as it describes them."""
    with engine.connect() as connection:
        found = [row for query in _CATALOGUE[engine.dialect.name] for row in connection.execute(text(query))]
    return sorted(tuple(str(each).replace("older.", "").replace("public.", "") for each in row) for row in found)
