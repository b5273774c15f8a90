"""Brings a database to the newest tables, and says whether it is there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect
from sqlmodel import select

from donations.core.donor import DonorId
from donations.store.donors import people
from donations.store.donors.around import around
from donations.store.donors.names import renew_names
from donations.store.donors.uniting import unite
from donations.store.giving.regular_gifts import fill_regular_gifts
from donations.store.session import WriteSession, as_reader, writing
from donations.store.statements.coverage import ledgers
from donations.store.statements.unshown import renew_unshown
from donations.store.tables import DonorRow, metadata
from donations.store.version import count_changes

_UNSHOWN_SINCE = "0016"
"""The revision from which on is kept what statements do not show of their days."""
_GROUPS_SINCE = "0018"
"""The revision from which on donors are groups of claims; those of older books are made once."""


def migrate(engine: Engine) -> None:
    """Create or upgrade the tables and fill what is computed; does nothing where they are up to date."""
    with engine.execution_options(donations_writing=True).begin() as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        command.upgrade(_config(connection), "head")
        if before != newest_revision():
            count_changes(connection)
    with writing(engine) as session:
        if before is not None and before < _UNSHOWN_SINCE:
            for ledger in ledgers(as_reader(session)):
                renew_unshown(session, ledger, first_day=date.min, last_day=date.max)
        if before is not None and before < _GROUPS_SINCE:
            fill_groups(session)
        if before != newest_revision():
            fill_regular_gifts(session)


def fill_groups(session: WriteSession) -> None:
    """Let every donor be what its claims make it, in books older than that.

    No gift is booked anew, and no closed month changes.
    """
    reader = as_reader(session)
    unite(session, around(reader, people.all_claims(reader)), now=datetime.now(UTC))
    renew_names(session, map(DonorId, session.exec(select(DonorRow.id)).all()))


def is_current(engine: Engine) -> bool:
    """Whether the tables are the ones this program knows."""
    with engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    return here == newest_revision()


def newest_revision() -> str | None:
    """Return the revision whose tables this program knows."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def revisions() -> frozenset[str]:
    """Return all revisions that this program can bring to the newest."""
    return frozenset(each.revision for each in ScriptDirectory.from_config(_config(None)).walk_revisions())


def differences(engine: Engine) -> list[object]:
    """Return what the migrated tables and the declared ones differ in (nothing, or the migrations are wrong)."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def is_empty(engine: Engine) -> bool:
    """Whether the database has no tables yet."""
    return not inspect(engine).get_table_names()
