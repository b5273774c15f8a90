"""Makes the declared tables, the triggers by which a database itself keeps rows, and the rows that books begin with."""

from __future__ import annotations

from sqlalchemy import Connection, insert, text

from donations.store.tables import APPEND_ONLY, metadata

EMPTIED = {
    "source_document": "content",
    "donor_merge": "reason",
    "decision": "reason",
    "statement_line": "wording_id",
}
"""What may be made empty in tables that are append-only otherwise (docs/adr/0017)."""
_FIRST_ROWS = (
    "INSERT INTO appeal (id, name) VALUES (1, 'General')",
    "INSERT INTO keyword (word, appeal_id) VALUES ('annetus', 1)",
    "INSERT INTO books_version (id, number) VALUES (1, 0)",
)
_ANONYMOUS = {"id": 1, "name": "Anonymous", "name_key": "", "said_name": "Anonymous"}


def make_tables(connection: Connection) -> None:
    """Make all tables with their triggers, and no rows."""
    metadata.create_all(connection)
    for table in APPEND_ONLY:
        keep_rows(connection, table)


def keep_rows(connection: Connection, table: str) -> None:
    """Let the database itself refuse to change and to delete rows of a table."""
    if connection.dialect.name == "sqlite":
        _refuse_on_sqlite(connection, table)
    else:
        _refuse_on_postgres(connection, table)


def add_first_rows(connection: Connection) -> None:
    """Add what every database begins with."""
    for said in _FIRST_ROWS:
        connection.execute(text(said))
    connection.execute(insert(metadata.tables["donor"]), _ANONYMOUS)


def _refuse_on_sqlite(connection: Connection, table: str) -> None:
    for verb in ("UPDATE", "DELETE"):
        unless = f" WHEN NOT ({_is_emptied(table, same='IS')})" if verb == "UPDATE" and table in EMPTIED else ""
        connection.execute(
            text(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table}{unless}"
                f" BEGIN SELECT RAISE(ABORT, 'append_only: {table}'); END"
            )
        )


def _refuse_on_postgres(connection: Connection, table: str) -> None:
    """Refuse by statement, and by row where it depends on what is written."""
    verbs = "DELETE" if table in EMPTIED else "UPDATE OR DELETE"
    refuses = f"EXECUTE FUNCTION {table}_refuses()"
    # Older books have the function, for it stays when its table goes.
    connection.execute(
        text(
            f"CREATE OR REPLACE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION 'append_only: {table}'; END $$"
        )
    )
    connection.execute(
        text(f"CREATE TRIGGER {table}_refuses BEFORE {verbs} OR TRUNCATE ON {table} FOR EACH STATEMENT {refuses}")
    )
    if table in EMPTIED:
        unless = _is_emptied(table, same="IS NOT DISTINCT FROM")
        connection.execute(
            text(
                f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table} FOR EACH ROW"
                f" WHEN (NOT ({unless})) {refuses}"
            )
        )


def _is_emptied(table: str, *, same: str) -> str:
    """Return the condition under which a change empties the one column and leaves every other as it was."""
    columns = metadata.tables[table].columns
    column = columns[EMPTIED[table]]
    others = (each.name for each in columns if each is not column)
    is_empty = f"NEW.{column.name} IS NULL" if column.nullable else f"length(NEW.{column.name}) = 0"
    return " AND ".join((is_empty, *(f"NEW.{name} {same} OLD.{name}" for name in others)))
