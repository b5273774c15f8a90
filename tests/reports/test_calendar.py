"""A year as a calendar shows every day once, with what is known of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.book import day

from donations.identity.proof import DayState, Run
from donations.reports.coverage import DayStrip, year_of

PROVEN, MISSING = DayState.PROVEN, DayState.MISSING


def test_a_month_is_cut_where_the_state_changes() -> None:
    known = [Run(date(2025, 12, 10), day("01-20"), PROVEN), Run(day("01-21"), day("03-05"), MISSING)]
    january, february, march, april, *_ = year_of(known, 2026)

    assert january.strips == (
        DayStrip(day("01-01"), day("01-20"), PROVEN),
        DayStrip(day("01-21"), day("01-31"), MISSING),
    )
    assert february.strips == (DayStrip(day("02-01"), day("02-28"), MISSING),)
    assert march.strips == (DayStrip(day("03-01"), day("03-05"), MISSING), DayStrip(day("03-06"), day("03-31"), None))
    assert april.strips == (DayStrip(day("04-01"), day("04-30"), None),)


@pytest.mark.parametrize(("year", "missing"), [(2026, [0, 3, 0, 1]), (2024, [0, 2, 0, 1])])
def test_all_months_are_equally_wide(year: int, missing: list[int]) -> None:
    months = year_of((), year)
    assert [month.missing for month in months[:4]] == missing
    assert all(sum(strip.days for strip in month.strips) + month.missing == 31 for month in months)


@given(st.integers(-400, 400), st.lists(st.tuples(st.integers(1, 90), st.sampled_from(DayState)), max_size=12))
def test_every_day_of_the_year_has_the_state_of_its_run(start: int, lengths: list[tuple[int, DayState]]) -> None:
    known: list[Run] = []
    at = day("01-01") + timedelta(days=start)
    for length, state in lengths:
        known.append(Run(at, at + timedelta(days=length - 1), state))
        at += timedelta(days=length)
    shown = {
        strip.first_day + timedelta(days=number): strip.state
        for month in year_of(known, 2026)
        for strip in month.strips
        for number in range(strip.days)
    }
    expected = {
        on: next((run.state for run in known if run.first_day <= on <= run.last_day), None)
        for on in (day("01-01") + timedelta(days=number) for number in range(365))
    }
    assert shown == expected
