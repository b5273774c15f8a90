"""What is in the way of closing a month, case by case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.ledger.test_figures import ACCOUNT, FIGURES

from donations.core.month import Month
from donations.identity.proof import DayState
from donations.ledger.figures import Figures
from donations.ledger.obstacles import Obstacle, ObstacleKind, Standing, obstacles

FREE = Standing(is_closed=False, is_over=True, earlier_open=None)
ANSWERED = replace(ACCOUNT, questions=0)
JANUARY = Month(2026, 1)


def state(proof: DayState) -> Figures:
    return Figures(accounts=(ANSWERED, replace(ANSWERED, account="other", proof=proof)))


def test_nothing_is_in_the_way_of_a_month_that_is_over_proven_and_answered() -> None:
    assert obstacles(Figures(accounts=(ANSWERED,)), FREE) == ()


@pytest.mark.parametrize(
    ("figures", "standing", "expected"),
    [
        (FIGURES, FREE, Obstacle(kind=ObstacleKind.QUESTIONS_OPEN, count=1)),
        (state(DayState.CONFLICT), FREE, Obstacle(kind=ObstacleKind.DAYS_BROKEN, account="other")),
        (state(DayState.MISSING), FREE, Obstacle(kind=ObstacleKind.DAYS_MISSING, account="other")),
        (state(DayState.UNPROVEN), FREE, Obstacle(kind=ObstacleKind.DAYS_UNPROVEN, account="other")),
        (
            state(DayState.PROVEN),
            replace(FREE, silent=("silent",)),
            Obstacle(kind=ObstacleKind.DAYS_MISSING, account="silent"),
        ),
        (
            state(DayState.PROVEN),
            replace(FREE, disagreements=2),
            Obstacle(kind=ObstacleKind.STATEMENTS_DISAGREE, count=2),
        ),
    ],
)
def test_a_written_reason_sets_these_aside(figures: Figures, standing: Standing, expected: Obstacle) -> None:
    assert obstacles(figures, standing) == (expected,)
    assert not expected.is_final


@pytest.mark.parametrize(
    ("figures", "standing", "expected"),
    [
        (FIGURES, replace(FREE, is_closed=True), Obstacle(kind=ObstacleKind.CLOSED_ALREADY)),
        (Figures(), FREE, Obstacle(kind=ObstacleKind.NO_STATEMENT)),
        (state(DayState.PROVEN), replace(FREE, is_over=False), Obstacle(kind=ObstacleKind.NOT_OVER)),
        (
            state(DayState.PROVEN),
            replace(FREE, earlier_open=JANUARY),
            Obstacle(kind=ObstacleKind.EARLIER_OPEN, month=JANUARY),
        ),
    ],
)
def test_nothing_sets_these_aside(figures: Figures, standing: Standing, expected: Obstacle) -> None:
    assert obstacles(figures, standing) == (expected,)
    assert expected.is_final
