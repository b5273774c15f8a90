"""Days on which banks settle: Easter as printed in calendars, the fixed closing days, and counting over them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from donations.core.calendar import banking_days_later, is_banking_day

DAY = timedelta(days=1)
EASTERS = (
    *("1954-04-18", "1981-04-19", "2000-04-23", "2001-04-15", "2002-03-31", "2003-04-20", "2004-04-11", "2005-03-27"),
    *("2006-04-16", "2007-04-08", "2008-03-23", "2009-04-12", "2010-04-04", "2011-04-24", "2012-04-08", "2013-03-31"),
    *("2014-04-20", "2015-04-05", "2016-03-27", "2017-04-16", "2018-04-01", "2019-04-21", "2020-04-12", "2021-04-04"),
    *("2022-04-17", "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01"),
    *("2030-04-21", "2031-04-13", "2032-03-28", "2033-04-17", "2034-04-09", "2035-03-25", "2036-04-13", "2037-04-05"),
    *("2038-04-25", "2039-04-10", "2040-04-01", "2049-04-18", "2076-04-19", "2100-03-28", "2106-04-18"),
)
"""Sundays, among them the earliest and the latest of these years, and those that simpler rules get wrong."""


@pytest.mark.parametrize("sunday", EASTERS)
def test_banks_rest_on_good_friday_and_easter_monday(sunday: str) -> None:
    easter = date.fromisoformat(sunday)
    around = [easter + number * DAY for number in range(-3, 4)]
    assert [is_banking_day(each) for each in around] == [True, False, False, False, False, True, True]


def test_banks_rest_on_fixed_days_and_weekends() -> None:
    closed = {
        date(2029, 1, 1),
        date(2029, 3, 30),
        date(2029, 4, 2),
        date(2029, 5, 1),
        date(2029, 12, 25),
        date(2029, 12, 26),
    }
    year = [date(2029, 1, 1) + number * DAY for number in range(365)]
    assert {each for each in year if not is_banking_day(each)} == {
        *closed,
        *(each for each in year if is_weekend(each)),
    }


def is_weekend(day: date) -> bool:
    return day.isoweekday() > 5


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        ("2026-03-31", 0, "2026-03-31"),
        ("2026-03-31", 1, "2026-04-01"),
        ("2026-04-02", 1, "2026-04-07"),  # over Easter
        ("2026-04-30", 2, "2026-05-05"),  # over the first of May and a weekend
        ("2026-12-24", 1, "2026-12-28"),
        ("2026-12-26", 1, "2026-12-28"),
    ],
)
def test_banking_days_are_counted(day: str, count: int, later: str) -> None:
    assert banking_days_later(date.fromisoformat(day), count) == date.fromisoformat(later)
