"""What was set aside when a month was closed is one text, and is read back from it."""

from __future__ import annotations

from datetime import date

import pytest

from donations.core.money import EUR
from donations.ledger.obstacles import Obstacle, ObstacleKind, SetAside, read, written

DAYS = Obstacle(
    kind=ObstacleKind.DAYS_MISSING,
    account="EE382200221020145685",
    currency=EUR,
    first_day=date(2026, 3, 5),
    last_day=date(2026, 3, 7),
)
QUESTIONS = Obstacle(kind=ObstacleKind.QUESTIONS_OPEN, count=9)


def test_each_has_its_line_and_is_read_back() -> None:
    kept = written([(DAYS, "the bank was closed"), (QUESTIONS, "asked:\n they do not answer")])
    assert kept == (
        "days_missing EE38…5685 2026-03-05..2026-03-07: the bank was closed\n"
        "questions_open 9: asked: they do not answer"
    )
    assert read(kept) == [
        SetAside(
            kind=ObstacleKind.DAYS_MISSING,
            account="EE38…5685",
            days=(date(2026, 3, 5), date(2026, 3, 7)),
            reason="the bank was closed",
        ),
        SetAside(kind=ObstacleKind.QUESTIONS_OPEN, count=9, reason="asked: they do not answer"),
    ]


def test_nothing_is_nothing() -> None:
    assert written([]) is None
    assert read(None) == []


@pytest.mark.parametrize(
    "text",
    ["The buyer is silent", "why: not", "days_missing", "days_missing 2026..x: y", "questions_openly 9: z"],
)
def test_what_an_older_program_kept_is_the_reason_alone(text: str) -> None:
    assert read(text) == [SetAside(reason=text)]
