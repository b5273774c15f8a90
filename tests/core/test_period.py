"""Periods are months, years, or all."""

from __future__ import annotations

from datetime import date

import pytest

from donations.core.calendar import Period, months_between


@pytest.mark.parametrize(
    ("year", "month", "first", "last", "said"),
    [
        (2026, 2, date(2026, 2, 1), date(2026, 2, 28), "2026-02"),
        (2028, 2, date(2028, 2, 1), date(2028, 2, 29), "2028-02"),
        (2026, 12, date(2026, 12, 1), date(2026, 12, 31), "2026-12"),
        (2026, None, date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (None, None, date.min, date.max, "all time"),
    ],
)
def test_a_period_has_its_first_and_last_day_in_it(
    year: int | None, month: int | None, first: date, last: date, said: str
) -> None:
    period = Period.of(year=year, month=month)

    assert (period.first_day, period.last_day) == (first, last)
    assert str(period) == said
    assert first in period
    assert last in period


@pytest.mark.parametrize(("year", "month"), [(None, 3), (2026, 0), (2026, 13), (0, None)])
def test_what_is_no_period_is_refused(year: int | None, month: int | None) -> None:
    with pytest.raises(ValueError, match=r"month|year"):
        Period.of(year=year, month=month)


def test_months_are_counted_over_the_turn_of_a_year() -> None:
    months = [str(each) for each in months_between(date(2025, 11, 30), date(2026, 2, 1))]

    assert months == ["2025-11", "2025-12", "2026-01", "2026-02"]
