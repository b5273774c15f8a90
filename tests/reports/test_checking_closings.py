"""Damage done to closed months behind the program's back is told."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from tests.book import NOW, Book
from tests.reports.test_checking import _drop_guard
from tests.written_once import written_once

from donations.acts.closing import close, reopen
from donations.acts.offering import Answer
from donations.core.calendar import Month
from donations.core.payment import Purpose
from donations.reports.checking import check
from donations.store.session import writing

TABLES = ("closing", "reopening", "late_payment", "allocation", "payment")


@pytest.fixture
@written_once
def closed(quarter: Book) -> Book:
    """January and February are closed, February for the second time; then a question of January was answered."""
    for month, is_opened_again in ((1, False), (2, True), (2, False)):
        with writing(quarter.engine) as session:
            close(
                session,
                Month(2026, month),
                by="Mari",
                now=NOW,
                today=date(2026, 7, 1),
                reasons=lambda _: "all the same",
            )
            if is_opened_again:
                reopen(session, Month(2026, month), by="Mari", now=NOW, reason="once more")
    quarter.answer(quarter.payment("01-22", 700), Answer(purpose=Purpose.INCOME, reason="invoice 7"))
    return quarter


def test_sound_closings_pass(closed: Book) -> None:
    with closed.reading() as session:
        assert not check(session).broken


@pytest.mark.parametrize(
    ("broken", "damage"),
    [
        ({"closings_chained"}, "UPDATE closing SET closed_by = 'Jaan' WHERE id = 1"),
        ({"closings_chained"}, "UPDATE closing SET reason = NULL WHERE id = 2"),
        ({"closings_chained", "closed_months_add_up"}, "UPDATE closing SET last_allocation_id = 99 WHERE id = 1"),
        (
            {"closings_chained", "closed_months_add_up"},
            "UPDATE closing SET figures = replace(figures, '4500', '4600') WHERE id = 1",
        ),
        ({"closings_chained"}, "DELETE FROM reopening WHERE closing_id = 2"),
        ({"closed_months_add_up"}, "UPDATE allocation SET minor = 900 WHERE id = 1"),
    ],
)
def test_damage_is_told(closed: Book, broken: set[str], damage: str) -> None:
    with closed.trying() as session:
        for table in TABLES:
            for verb in ("update", "delete"):
                _drop_guard(session, table, verb=verb)
        session.execute(text(damage))
        assert check(session, ["closings_chained", "closed_months_add_up"]).broken == broken
