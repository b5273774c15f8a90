"""Brings a database to the newest tables, and says whether there are books at a place that this program can keep."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum, auto
from pathlib import Path
from time import sleep

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, NullPool, create_engine, inspect, make_url, update
from sqlmodel import col, select

from donations.core.donor import DonorId
from donations.core.refusal import Refusal
from donations.core.refusals import RunningCode
from donations.store.donors import people
from donations.store.donors.grouping import surroundings_of, unite
from donations.store.donors.names import renew_names
from donations.store.giving.regular_gifts import fill_regular_gifts
from donations.store.migrations.older import OLDER, UnknownTablesError, bring_over
from donations.store.opening import lacks_log
from donations.store.place import driver_url, place_of, sqlite_file
from donations.store.session import WATCHES, WriteSession, as_reader, writing
from donations.store.statements.coverage import ledgers
from donations.store.statements.giving_codes import renew_codes
from donations.store.statements.not_in_statements import renew_not_in_statements
from donations.store.tables import DonorRow, metadata
from donations.store.tables.audit import BooksVersionRow
from donations.store.version import count_changes

_FIRST = "0023"
"""The revision of the first release. New books have the tables of today from it, and so need no later step."""


def migrate(engine: Engine) -> None:
    """Make the tables, or bring older books to them, and fill what is computed: all in one transaction, or nothing.

    Does nothing where they are up to date. Raises `Refusal` where it does not know how.
    """
    with writing(engine.execution_options(**{WATCHES: ()})) as session:  # nobody's act: nothing of it is for the log
        connection = session.connection()
        config, before = _config(connection), revision_of(connection)
        if before is None:
            command.upgrade(config, _FIRST)
            command.stamp(config, "head")
        elif before in OLDER:
            _bring_over(session)
            command.stamp(config, "head", purge=True)
        elif before in revisions():
            command.upgrade(config, "head")
        else:
            raise Refusal(RunningCode.NEWER_BOOKS, place=_place(connection))
        if before != newest_revision():
            count_changes(connection)
            fill_regular_gifts(session)


def _bring_over(session: WriteSession) -> None:
    connection = session.connection()
    try:
        lacked = bring_over(connection)
    except UnknownTablesError as error:
        raise Refusal(RunningCode.UNKNOWN_TABLES, place=_place(connection), tables=str(error)) from error
    if "unshown_payment.payment_id" in lacked:
        for ledger in ledgers(as_reader(session)):
            renew_not_in_statements(session, ledger, first_day=date.min, last_day=date.max)
    if "donor_link.id" in lacked:
        fill_groups(session)
    if "line_code.line_id" in lacked:
        renew_codes(session)
    session.execute(update(BooksVersionRow).values(number=col(BooksVersionRow.number) + 1))  # whatever was shown before


def fill_groups(session: WriteSession) -> None:
    """Let every donor be what its claims make it, in books older than that.

    No gift is booked anew, and no closed month changes.
    """
    reader = as_reader(session)
    unite(session, surroundings_of(reader, people.all_claims(reader)), now=datetime.now(UTC))
    renew_names(session, map(DonorId, session.exec(select(DonorRow.id)).all()))


def is_current(engine: Engine) -> bool:
    """Whether the tables are the ones this program knows."""
    with engine.connect() as connection:
        return revision_of(connection) == newest_revision()


def newest_revision() -> str | None:
    """Return the revision whose tables this program knows."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def revisions() -> frozenset[str]:
    """Return all revisions that this program can bring to the newest."""
    return OLDER | {each.revision for each in ScriptDirectory.from_config(_config(None)).walk_revisions()}


def differences(engine: Engine) -> list[object]:
    """Return what the migrated tables and the declared ones differ in (nothing, or the migrations are wrong)."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the tables that there are; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def _place(connection: Connection) -> str:
    return place_of(connection.engine.url.render_as_string(hide_password=False))


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def is_empty(engine: Engine) -> bool:
    """Whether the database has no tables yet."""
    return not inspect(engine).get_table_names()


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
