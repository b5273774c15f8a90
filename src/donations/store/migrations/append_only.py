"""The triggers by which a database itself refuses to change or delete rows: corrections are added."""

from collections.abc import Iterable

from alembic import op


def refuse_changes(table: str) -> None:
    """Let UPDATE and DELETE on this table fail."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, 'append_only: {table}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION 'append_only: {table}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuses()"
    )


def let_be_emptied(table: str, column: str, *, others: Iterable[str]) -> None:
    """Let UPDATE make this text or these bytes empty, and change nothing else; DELETE fails as before."""
    same = " AND ".join(f"NEW.{each} IS NOT DISTINCT FROM OLD.{each}" for each in others)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {table}_refuses_update")
        op.execute(
            f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table}"
            f" WHEN NOT (length(NEW.{column}) = 0 AND {same.replace('IS NOT DISTINCT FROM', 'IS')})"
            f" BEGIN SELECT RAISE(ABORT, 'append_only: {table}'); END"
        )
        return
    op.execute(f"DROP TRIGGER {table}_refuses ON {table}")
    op.execute(
        f"CREATE TRIGGER {table}_refuses BEFORE DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuses()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table} FOR EACH ROW"
        f" WHEN (NOT (length(NEW.{column}) = 0 AND {same})) EXECUTE FUNCTION {table}_refuses()"
    )
