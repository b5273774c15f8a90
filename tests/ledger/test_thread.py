"""Which step of the evening comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from donations.core.calendar import Month
from donations.ledger.thread import EveningStep, KnownDays, Standing, thread

JANUARY = date(2026, 1, 1)


def known(*runs: tuple[date, date], begin: date | None = JANUARY) -> KnownDays:
    return KnownDays(begin=begin, runs=runs)


UNTIL_JUNE = known((JANUARY, date(2026, 6, 30)))
DONE = Standing(
    today=date(2026, 7, 5),
    accounts=(UNTIL_JUNE,),
    questions=0,
    questions_due=0,
    month=None,
    can_publish=False,
    is_published=True,
    is_just_published=False,
)


@pytest.mark.parametrize(
    ("changes", "now", "number"),
    [
        pytest.param({}, None, 5, id="all is done"),
        pytest.param({"accounts": ()}, EveningStep.FILES, 1, id="nothing yet"),
        pytest.param({"questions": 2}, EveningStep.QUESTIONS, 2, id="questions"),
        pytest.param({"month": Month(2026, 6)}, EveningStep.MONTH, 3, id="a month"),
        pytest.param({"month": Month(2026, 6), "questions": 2}, EveningStep.MONTH, 3, id="questions of other months"),
        pytest.param(
            {"month": Month(2026, 6), "questions": 2, "questions_due": 1}, EveningStep.QUESTIONS, 2, id="in its way"
        ),
        pytest.param({"can_publish": True, "is_just_published": True}, EveningStep.PUBLISH, 4, id="publishing"),
        pytest.param({"is_just_published": True}, EveningStep.TELL, 5, id="telling"),
    ],
)
def test_what_comes_first(changes: dict[str, object], now: EveningStep | None, number: int) -> None:
    found = thread(replace(DONE, **changes))  # type: ignore[arg-type]
    assert (found.now, found.number) == (now, number)


@pytest.mark.parametrize(
    ("accounts", "month", "lacks"),
    [
        pytest.param([known((JANUARY, date(2026, 6, 29)))], None, True, id="a day is missing"),
        pytest.param([UNTIL_JUNE, known(begin=None)], None, True, id="an account without any"),
        pytest.param([UNTIL_JUNE, known(begin=date(2026, 7, 1))], None, False, id="a new account"),
        pytest.param([known((JANUARY, date(2026, 5, 31)))], Month(2026, 5), False, id="closing first"),
        pytest.param([known((date(2026, 6, 20), date(2026, 6, 30)))], None, True, id="money left for it before"),
        pytest.param(
            [known((JANUARY, date(2026, 6, 9)), (date(2026, 6, 11), date(2026, 6, 30)))], None, True, id="a gap"
        ),
        pytest.param(
            [known((JANUARY, date(2026, 6, 10)), (date(2026, 6, 9), date(2026, 6, 30)))], None, False, id="overlaps"
        ),
    ],
)
def test_files_are_asked_for_until_the_month_that_is_to_be_closed(
    accounts: Sequence[KnownDays], month: Month | None, *, lacks: bool
) -> None:
    found = thread(replace(DONE, accounts=accounts, month=month))
    assert (EveningStep.FILES in found.to_do) is lacks
