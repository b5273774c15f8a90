"""The number of the books' state: another one after anything was changed, in any table and by any way."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select, text
from sqlmodel import col

from donations.store.session import reading, writing
from donations.store.tables import AppealRow, metadata
from donations.store.tables.rules import PendingUploadRow
from donations.store.version import UNSHOWN, books_version


def version(engine: Engine) -> int:
    with reading(engine) as session:
        return books_version(session)


def test_every_table_counts_that_is_not_left_out(engine: Engine) -> None:
    """A table that somebody adds counts without anybody thinking of it."""
    assert metadata.tables.keys() > UNSHOWN
    for table in metadata.sorted_tables:
        before = version(engine)
        with writing(engine) as session:
            session.execute(text(f"INSERT INTO {table.name} SELECT * FROM {table.name} WHERE 1 = 0"))  # noqa: S608
        assert version(engine) == before + (table.name not in UNSHOWN), table.name


@pytest.mark.parametrize(
    "change",
    ["UPDATE appeal SET name = 'x'", "UPDATE \"appeal\" SET name = 'x'", "DELETE FROM keyword"],
)
def test_what_is_written_as_text_counts_too(engine: Engine, change: str) -> None:
    before = version(engine)
    with writing(engine) as session:
        session.execute(text(change))
    assert version(engine) == before + 1


def test_what_is_flushed_only_at_the_end_counts(engine: Engine) -> None:
    before = version(engine)
    with writing(engine) as session:
        session.get_one(AppealRow, 1).name = "Kevad"
    assert version(engine) == before + 1


def test_who_only_reads_tries_or_fails_changes_nothing(engine: Engine) -> None:
    before = version(engine)
    with writing(engine) as session:
        session.execute(select(col(PendingUploadRow.id))).all()
    with writing(engine, keep=False) as session:
        session.execute(text("UPDATE appeal SET name = 'x'"))
    assert version(engine) == before
