"""Brings a database to the newest tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, update
from sqlmodel import col, select

from donations.core.donor import DonorId
from donations.core.refusal import Refusal
from donations.core.refusals import RunningCode
from donations.ledger.audit import About, Action, Noted
from donations.store.data_keys import keys_at, new_keys
from donations.store.donors import people
from donations.store.donors.grouping import surroundings_of, unite
from donations.store.donors.names import renew_names
from donations.store.giving.streams import fill_regular_gifts
from donations.store.host_key import host_key_at, key_of
from donations.store.kept_sums import fill_sums
from donations.store.log.audit import note_access
from donations.store.migrations.older import UnknownTablesError, bring_over
from donations.store.personal_data import sweep
from donations.store.place import place_of
from donations.store.resealing import reseal
from donations.store.revision import FIRST, NEWEST, OLDER, RELEASED, revision_of
from donations.store.session import WATCHES, WriteSession, as_reader, writing
from donations.store.statements.coverage import ledgers
from donations.store.statements.giving_codes import renew_codes
from donations.store.statements.not_in_statements import renew_not_in_statements
from donations.store.tables import DonorRow, metadata
from donations.store.tables.audit import BooksVersionRow
from donations.store.version import count_changes


def migrate(engine: Engine) -> bool:
    """Make the tables, or bring older books to them, and fill what is computed: all in one transaction, or nothing.

    Does nothing where they are up to date. Returns False where copies of what is sealed now are left in the file, for
    somebody was busy. Raises `Refusal` where it does not know how.
    """
    try:
        before = _migrate(engine)
    except BaseException:
        keys_at(engine.dialect).forget()  # keys that were made went with the transaction
        raise
    if before not in OLDER:
        return True
    is_swept = sweep(engine)  # free places of a file hold what stood open there before
    return is_swept or not host_key_at(engine).seals


def _migrate(engine: Engine) -> str | None:
    """Bring the books over, and return what revision they had."""
    with writing(engine.execution_options(**{WATCHES: ()})) as session:  # nobody's act: nothing of it is for the log
        connection = session.connection()
        config, before = _config(connection), revision_of(connection)
        if before is None:
            command.upgrade(config, FIRST)  # it makes the tables of today, so that new books need no later step
            command.stamp(config, "head")
        elif before in OLDER:
            _bring_over(session, before)
            command.stamp(config, "head", purge=True)
        elif before in RELEASED:
            command.upgrade(config, "head")
        else:
            raise Refusal(RunningCode.NEWER_BOOKS, place=_place(connection))
        if before != NEWEST:
            count_changes(connection)
            fill_regular_gifts(session)
            fill_sums(session)
    return before


def _bring_over(session: WriteSession, revision: str) -> None:
    connection = session.connection()
    try:
        lacked, digest = bring_over(connection)
    except UnknownTablesError as error:
        raise Refusal(RunningCode.UNKNOWN_TABLES, place=_place(connection), tables=str(error)) from error
    if "unshown_payment.payment_id" in lacked:
        for ledger in ledgers(as_reader(session)):
            renew_not_in_statements(session, ledger, first_day=date.min, last_day=date.max)
    if "donor_link.id" in lacked:
        fill_groups(session)
    if "line_code.line_id" in lacked:
        renew_codes(session)
    if host_key_at(connection).seals:
        reseal(session, new_keys(), key_of(connection))
    told = {"from": revision, "to": NEWEST, "digest": digest}
    note_access(
        session,
        [Noted(action=Action.TABLES_RENEWED, about=About.ORGANISATION, by="", at=datetime.now(UTC), details=told)],
    )
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
        return revision_of(connection) == NEWEST


def differences(engine: Engine) -> list[object]:
    """Return what the migrated tables and the declared ones differ in (nothing, or the migrations are wrong)."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


def _place(connection: Connection) -> str:
    return place_of(connection.engine.url.render_as_string(hide_password=False))


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
