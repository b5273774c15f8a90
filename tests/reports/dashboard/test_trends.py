"""Twelve months side by side: who is new, came back, stayed and left; small groups are told to nobody without names."""

from __future__ import annotations

import pytest
from tests.book import Book
from tests.reports.giving import Given, month_of, take_months
from tests.written_once import written_once

from donations.core.calendar import Month
from donations.core.money import EUR
from donations.reports.dashboard.trends import TrendMonth, trends
from donations.store.given import GiftScope
from donations.store.statements.coverage import covered_days

MANY = [f"Püsi Annetaja{number}" for number in range(6)]
FEW = [f"Harva Andja{number}" for number in range(2)]


@pytest.fixture
@written_once
def years(book: Book) -> Book:
    """Six give in January 2025 and from March 2026 on, two of these only then; two once in April 2026."""
    take_months(
        book,
        month_of("2025-01", *(Given(who, 5, 10) for who in MANY)),
        month_of("2025-03", Given(FEW[0], 9, 7)),
        *(month_of(f"2025-{month:02}") for month in (2, *range(4, 13))),
        *(month_of(f"2026-{month:02}") for month in (1, 2)),
        month_of("2026-03", *(Given(who, 5, 10) for who in MANY)),
        month_of("2026-04", *(Given(who, 5, 10) for who in MANY), Given(FEW[1], 9, 7)),
    )
    return book


def of(book: Book, month: Month, *, with_small: bool) -> TrendMonth:
    with book.reading() as session:
        scope = GiftScope(first_day=month.first_day, last_day=Month(2026, 4).last_day)
        found = trends(session, scope, EUR, covered_days(session), with_small=with_small)
    return next(each for each in found if each.month == month)


def test_each_donor_of_a_month_is_new_came_back_or_stayed(years: Book) -> None:
    march, april = (of(years, Month(2026, month), with_small=True) for month in (3, 4))
    assert (march.donors, march.new, march.returned, march.stayed) == (6, 0, 6, 0)
    assert (april.donors, april.new, april.returned, april.stayed) == (7, 1, 0, 6)
    assert of(years, Month(2026, 1), with_small=True).lost == 6
    assert march.lost == 1


def test_small_groups_and_what_would_tell_them_are_hidden(years: Book) -> None:
    april = of(years, Month(2026, 4), with_small=False)
    assert (april.donors, april.new, april.returned, april.stayed) == (7, None, 0, None)
    assert of(years, Month(2026, 3), with_small=False).lost is None
    assert of(years, Month(2026, 1), with_small=False).lost == 6
