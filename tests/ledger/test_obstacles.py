"""What is in the way of closing a month, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.ledger.test_figures import ACCOUNT, FIGURES

from donations.core.calendar import Month
from donations.core.money import EUR
from donations.core.payment import PaymentId
from donations.identity.proof import DayCause, DayReason, DayState, Run
from donations.ledger.figures import Figures
from donations.ledger.obstacles import MonthToClose, Obstacle, ObstacleKind, OpenAccount, obstacles
from donations.ledger.transfers import TransferSide, UnderWay, Waits

FREE = MonthToClose(is_closed=False, is_over=True, earlier_open=None)
ANSWERED = replace(ACCOUNT, questions=0)
JANUARY = Month(2026, 1)


DONE = Figures(accounts=(ANSWERED,))
FIRST, LAST = date(2026, 1, 10), date(2026, 1, 12)


def days(state: DayState, why: DayReason | None = None) -> MonthToClose:
    """Return a month with days of this state on another account, and proven ones before."""
    run = Run(FIRST, LAST, state, why)
    before = Run(date(2026, 1, 1), date(2026, 1, 9), DayState.PROVEN)
    return replace(FREE, accounts=(OpenAccount(account="other", currency=EUR, runs=(before, run)),))


def about(kind: ObstacleKind) -> Obstacle:
    return Obstacle(kind=kind, account="other", currency=EUR, first_day=FIRST, last_day=LAST)


LATE = UnderWay(
    side=TransferSide(payment=PaymentId(5), account="own", other="other", booked_on=FIRST, minor=-5_000, currency=EUR),
    until=LAST,
    waits=Waits.LATE,
)


def test_nothing_is_in_the_way_of_a_month_that_is_over_proven_and_answered() -> None:
    assert obstacles(DONE, FREE) == ()
    assert obstacles(DONE, days(DayState.PROVEN)) == ()


def test_two_transfers_of_one_day_are_set_aside_one_by_one() -> None:
    late = replace(about(ObstacleKind.TRANSFER_LATE), transfer=LATE)
    other = replace(late, transfer=replace(LATE, side=replace(LATE.side, payment=PaymentId(6))))
    assert late.key != other.key
    assert late.key == replace(late, transfer=replace(LATE, waits=Waits.NOT_OPEN)).key


def test_what_a_person_confirmed_is_not_in_the_way() -> None:
    assert obstacles(DONE, days(DayState.UNCHANGED, DayReason(cause=DayCause.CONFIRMED))) == ()


@pytest.mark.parametrize(
    ("figures", "standing", "expected"),
    [
        (FIGURES, FREE, Obstacle(kind=ObstacleKind.QUESTIONS_OPEN, count=1)),
        (DONE, days(DayState.CONFLICT), about(ObstacleKind.DAYS_BROKEN)),
        (DONE, days(DayState.MISSING), about(ObstacleKind.DAYS_MISSING)),
        (DONE, days(DayState.NOT_OVER), about(ObstacleKind.DAYS_NOT_OVER)),
        (DONE, days(DayState.UNCHANGED), about(ObstacleKind.DAYS_UNCHANGED)),
        (DONE, days(DayState.UNPROVEN), about(ObstacleKind.DAYS_UNPROVEN)),
        (
            DONE,
            replace(FREE, late=(LATE,)),
            Obstacle(
                kind=ObstacleKind.TRANSFER_LATE,
                account="own",
                currency=EUR,
                first_day=FIRST,
                last_day=LAST,
                transfer=LATE,
            ),
        ),
        (
            DONE,
            replace(FREE, disagreements=2),
            Obstacle(kind=ObstacleKind.STATEMENTS_DISAGREE, count=2),
        ),
    ],
)
def test_a_written_reason_sets_these_aside(figures: Figures, standing: MonthToClose, expected: Obstacle) -> None:
    assert obstacles(figures, standing) == (expected,)
    assert not expected.is_final


@pytest.mark.parametrize(
    ("figures", "standing", "expected"),
    [
        (FIGURES, replace(FREE, is_closed=True), Obstacle(kind=ObstacleKind.CLOSED_ALREADY)),
        (Figures(), FREE, Obstacle(kind=ObstacleKind.NO_STATEMENT)),
        (DONE, replace(FREE, is_over=False), Obstacle(kind=ObstacleKind.NOT_OVER)),
        (
            DONE,
            replace(FREE, earlier_open=JANUARY),
            Obstacle(kind=ObstacleKind.EARLIER_OPEN, month=JANUARY),
        ),
    ],
)
def test_nothing_sets_these_aside(figures: Figures, standing: MonthToClose, expected: Obstacle) -> None:
    assert obstacles(figures, standing) == (expected,)
    assert expected.is_final
