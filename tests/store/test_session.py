"""What leaves a session: rows stay readable, whether they were only read, kept or rolled back."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from donations.store.session import reading, writing
from donations.store.tables import AppealRow


def test_a_row_that_was_read_can_be_read_on(engine: Engine) -> None:
    with reading(engine) as session:
        rows = list(session.exec(select(AppealRow)))
    assert [row.name for row in rows] == ["General"]


@pytest.mark.parametrize("keep", [True, False])
def test_a_row_that_was_written_says_what_was_written(engine: Engine, *, keep: bool) -> None:
    with writing(engine, keep=keep) as session:
        row = session.exec(select(AppealRow)).one()
        row.name = "Kevad"
        session.flush()
    assert row.name == "Kevad"
    with reading(engine) as session:
        assert session.exec(select(AppealRow)).one().name == ("Kevad" if keep else "General")


def test_what_fails_leaves_nothing(engine: Engine) -> None:
    def fail_on_the_way() -> None:
        with writing(engine) as session:
            session.exec(select(AppealRow)).one().name = "Kevad"
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        fail_on_the_way()
    with reading(engine) as session:
        assert session.exec(select(AppealRow)).one().name == "General"
