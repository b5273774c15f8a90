"""Months follow one another, and what is no month cannot be made."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.calendar import BadMonthError, Month

MONTHS = st.builds(Month, st.integers(2, 9998), st.integers(1, 12))


@given(MONTHS)
def test_a_month_is_read_as_it_is_written(month: Month) -> None:
    assert Month.parse(str(month)) == month


@given(MONTHS)
def test_months_follow_one_another_without_a_gap(month: Month) -> None:
    assert month.next.before == month
    assert month.next > month
    assert (month.next.first_day - month.last_day).days == 1


@given(st.dates())
def test_a_day_is_in_its_month(day: date) -> None:
    month = Month.of(day)
    assert month.first_day <= day <= month.last_day


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "0000-01", "2026-1", "2026-01-01", "26-01", " 2026-01", ""])
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(BadMonthError):
        Month.parse(text)
