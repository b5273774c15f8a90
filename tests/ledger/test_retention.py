"""When a donor's data may go: seven years after the end of the financial year, and never while somebody stops it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.donor import DonorId
from donations.core.refusals import DonorCode
from donations.ledger.retention import (
    REASONS,
    RetentionReason,
    RetentionState,
    RetentionStatus,
    Step,
    is_needed,
    kept_until,
    unnamed,
)

ONE_DAY = timedelta(days=1)
LAST = date(2026, 3, 15)
KEPT = date(2033, 12, 31)

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))


first_months = st.integers(1, 12)


@given(day=days, first_month=first_months)
def test_the_last_day_of_keeping_is_seven_years_after_the_last_day_of_its_financial_year(
    day: date, first_month: int
) -> None:
    ends = next(each for after in range(366) if _begins_a_year(each := day + (after + 1) * ONE_DAY, first_month))
    until = kept_until(day, first_month=first_month)
    assert until + ONE_DAY == ends.replace(year=ends.year + 7)
    assert is_needed(day, today=until, first_month=first_month)
    assert not is_needed(day, today=until + ONE_DAY, first_month=first_month)


def _begins_a_year(day: date, first_month: int) -> bool:
    return (day.month, day.day) == (first_month, 1)


@given(day=days)
def test_where_nobody_said_when_the_year_begins_nothing_goes_too_early_by_any(day: date) -> None:
    assert kept_until(day, first_month=None) == max(kept_until(day, first_month=month) for month in range(1, 13))


@given(one=days, other=days, first_month=st.none() | first_months)
def test_what_happened_later_is_never_let_go_earlier(one: date, other: date, first_month: int | None) -> None:
    kept = [kept_until(each, first_month=first_month) for each in (one, other)]
    assert kept[0] <= kept[1] or one > other


def test_of_whom_nothing_is_paid_nothing_has_to_be_kept() -> None:
    assert not is_needed(None, today=date(2026, 1, 1), first_month=None)
    status = RetentionStatus(state=RetentionState.NAMED, is_on_legal_hold=False, last_day=None, first_month=1)
    assert status.kept_until is None


@pytest.mark.parametrize(
    ("step", "state", "is_on_legal_hold", "today", "obstacle"),
    [
        (Step.RESTRICT, RetentionState.NAMED, False, LAST, None),
        (Step.RESTRICT, RetentionState.NAMED, True, LAST, DonorCode.DONOR_HELD),
        (Step.RESTRICT, RetentionState.RESTRICTED, False, LAST, DonorCode.RESTRICTED_DONOR),
        (Step.RESTRICT, RetentionState.UNNAMED, False, LAST, DonorCode.RESTRICTED_DONOR),
        (Step.PURGE, RetentionState.NAMED, False, KEPT + ONE_DAY, DonorCode.DONOR_NOT_RESTRICTED),
        (Step.PURGE, RetentionState.RESTRICTED, False, KEPT, DonorCode.DONOR_STILL_NEEDED),
        (Step.PURGE, RetentionState.RESTRICTED, False, KEPT + ONE_DAY, None),
        (Step.PURGE, RetentionState.RESTRICTED, True, KEPT + ONE_DAY, DonorCode.DONOR_HELD),
        (Step.PURGE, RetentionState.UNNAMED, False, KEPT + ONE_DAY, DonorCode.DONOR_UNNAMED),
        (Step.HOLD, RetentionState.NAMED, False, LAST, None),
        (Step.HOLD, RetentionState.RESTRICTED, True, LAST, DonorCode.DONOR_HELD),
        (Step.HOLD, RetentionState.UNNAMED, False, LAST, DonorCode.DONOR_UNNAMED),
        (Step.RELEASE, RetentionState.RESTRICTED, True, LAST, None),
        (Step.RELEASE, RetentionState.RESTRICTED, False, LAST, DonorCode.DONOR_NOT_HELD),
    ],
)
def test_what_is_in_the_way(
    step: Step, state: RetentionState, *, is_on_legal_hold: bool, today: date, obstacle: DonorCode | None
) -> None:
    assert (
        RetentionStatus(state=state, is_on_legal_hold=is_on_legal_hold, last_day=LAST, first_month=1).obstacle(
            step, today=today
        )
        == obstacle
    )


@given(state=st.sampled_from(RetentionState), last_day=st.none() | days, today=days)
def test_a_hold_stops_everything_that_destroys(state: RetentionState, last_day: date | None, today: date) -> None:
    held = RetentionStatus(state=state, is_on_legal_hold=True, last_day=last_day, first_month=1)
    assert held.obstacle(Step.RESTRICT, today=today) is DonorCode.DONOR_HELD
    assert held.obstacle(Step.PURGE, today=today) is DonorCode.DONOR_HELD


def test_every_reason_belongs_to_one_step() -> None:
    assert sorted(why for reasons in REASONS.values() for why in reasons) == sorted(RetentionReason)
    assert set(REASONS) == set(Step)


def test_what_stands_in_the_place_of_a_name_is_the_number_alone() -> None:
    assert unnamed(DonorId(412)) == "№ 412"
