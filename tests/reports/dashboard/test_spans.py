"""A month so far is compared with the same days, a whole one with whole ones."""

from __future__ import annotations

from datetime import date

import pytest

from donations.core.calendar import Month
from donations.reports.dashboard.overview import DayRange, SumDifference, difference, spans


def said(span: DayRange) -> str:
    return f"{span.first_day:%y-%m-%d}..{span.last_day:%y-%m-%d}"


@pytest.mark.parametrize(
    ("until", "before", "same_days", "year_before", "year", "year_before_so_far"),
    [
        pytest.param(
            "2026-06-30",
            "26-05-01..26-05-31",
            "26-05-01..26-05-31",
            "25-06-01..25-06-30",
            "26-01-01..26-06-30",
            "25-01-01..25-06-30",
            id="a whole month",
        ),
        pytest.param(
            "2026-03-30",
            "26-02-01..26-02-28",
            "26-02-01..26-02-28",
            "25-03-01..25-03-30",
            "26-01-01..26-03-30",
            "25-01-01..25-03-30",
            id="a day that the month before does not have",
        ),
        pytest.param(
            "2026-01-15",
            "25-12-01..25-12-31",
            "25-12-01..25-12-15",
            "25-01-01..25-01-15",
            "26-01-01..26-01-15",
            "25-01-01..25-01-15",
            id="half a January",
        ),
        pytest.param(
            "2024-02-29",
            "24-01-01..24-01-31",
            "24-01-01..24-01-31",
            "23-02-01..23-02-28",
            "24-01-01..24-02-29",
            "23-01-01..23-02-28",
            id="a leap day",
        ),
    ],
)
def test_what_is_compared(
    until: str, before: str, same_days: str, year_before: str, year: str, year_before_so_far: str
) -> None:
    day = date.fromisoformat(until)
    found = spans(Month.of(day), day)
    assert said(found.month) == f"{day:%y-%m}-01..{day:%y-%m-%d}"
    assert said(found.month_before) == before
    assert said(found.same_days_before) == same_days
    assert said(found.year_before) == year_before
    assert said(found.year) == year
    assert said(found.year_before_so_far) == year_before_so_far


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        (150, 100, SumDifference(50, 50, is_more=True)),
        (99, 100, SumDifference(1, 1, is_more=False)),
        (1, 3, SumDifference(2, 67, is_more=False)),
        (1_005, 1_000, SumDifference(5, 1, is_more=True)),
        (5, 0, SumDifference(5, None, is_more=True)),
        (7, 7, SumDifference(0, 0, is_more=False)),
    ],
)
def test_differences(now: int, then: int, said: SumDifference) -> None:
    assert difference(now, then) == said


def test_a_whole_month_knows_that_it_is_one() -> None:
    assert DayRange(date(2026, 2, 1), date(2026, 2, 28)).is_month
    assert not DayRange(date(2024, 2, 1), date(2024, 2, 28)).is_month
