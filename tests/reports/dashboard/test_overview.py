"""The first dashboard's figures are sums of the gifts, compared with the right days and never across currencies."""

from __future__ import annotations

from datetime import date

import pytest
from tests.book import Book
from tests.reports.giving import Given, month_of, take_months

from donations.core.calendar import Month
from donations.core.money import EUR, parse_currency
from donations.reports.dashboard.overview import Expected, Overview, Range, SumDifference, expected_in, overview
from donations.store.given import GiftScope
from donations.store.giving.gift_sums import GiftSum
from donations.store.statements.coverage import covered_days

USD = parse_currency("USD")
ALL = GiftScope(first_day=date.min, last_day=date.max)


def shown(book: Book, month: str, *, with_small: bool = True) -> Overview:
    with book.reading() as session:
        return overview(session, Month.parse(month), covered_days(session), ALL, with_small=with_small)


def expected(book: Book, month: str) -> tuple[Expected, ...]:
    with book.reading() as session:
        return expected_in(session, Month.parse(month), covered_days(session), ALL)


def test_a_month_so_far_is_compared_with_the_same_days(book: Book) -> None:
    take_months(
        book,
        month_of("2025-06", Given("Mari", 5, 5), Given("Mari", 25, 1)),
        month_of("2026-05", Given("Mari", 5, 10), Given("Jaan", 25, 100)),
        month_of("2026-06", Given("Mari", 5, 20), Given("Jaan", 6, 4), until=10),
    )
    found = shown(book, "2026-06")
    assert found.is_so_far
    assert found.is_covered
    (euros,) = found.currencies
    assert (euros.month, euros.donors) == (GiftSum(EUR, 2_400, 2), 2)
    assert euros.month_before == GiftSum(EUR, 11_000, 2)
    assert euros.same_days_before
    assert euros.year_before
    assert euros.year_before_so_far
    assert euros.same_days_before.difference == SumDifference(1_400, 140, is_more=True)
    assert euros.year_before.difference == SumDifference(1_900, 380, is_more=True)
    assert euros.year == GiftSum(EUR, 13_400, 4)
    assert euros.year_before_so_far.minor == 500


def test_currencies_stand_apart_and_euros_first(book: Book) -> None:
    take_months(
        book,
        month_of("2026-05", Given("Mari", 5, 10)),
        month_of("2026-05", Given("Mari", 5, 7), currency=parse_currency("AUD")),
    )
    found = shown(book, "2026-05")
    assert [(each.currency, each.month.minor) for each in found.currencies] == [("EUR", 1_000), ("AUD", 700)]


def test_two_years_add_up_to_every_gift(book: Book) -> None:
    months = [month_of(f"2026-{month:02}", Given("Mari", 5, month)) for month in range(1, 7)]
    take_months(book, month_of("2024-06", Given("Mari", 5, 1_000)), month_of("2024-07", Given("Mari", 5, 9)), *months)
    (euros,) = shown(book, "2026-06").currencies
    assert euros.chart is not None
    assert len(euros.chart.months) == 24
    assert sum(euros.chart.totals) == 900 + 2_100
    assert euros.chart.totals[-1] == 600


def test_without_names_few_donors_are_not_counted(book: Book) -> None:
    take_months(book, month_of("2026-05", *(Given(f"Giver {number}", 5, 10) for number in range(4))))
    assert shown(book, "2026-05", with_small=False).currencies[0].donors is None
    take_months(book, month_of("2026-06", *(Given(f"Giver {number}", 5, 10) for number in range(5))))
    assert shown(book, "2026-06", with_small=False).currencies[0].donors == 5


def test_a_month_without_statements_says_so(book: Book) -> None:
    take_months(book, month_of("2026-04", Given("Mari", 5, 10)), month_of("2026-06", Given("Mari", 5, 10)))
    may, june = shown(book, "2026-05"), shown(book, "2026-06")
    assert (may.is_so_far, may.is_covered) == (False, False)
    assert (june.is_so_far, june.is_covered) == (False, True)
    before = june.currencies[0].same_days_before
    assert before is not None
    assert not before.is_covered


def test_nothing_was_ever_given(book: Book) -> None:
    assert shown(book, "2026-05").currencies == ()
    assert expected(book, "2026-06") == ()


def test_what_is_expected_is_what_is_due(book: Book) -> None:
    take_months(book, *(month_of(f"2026-{month:02}", Given("Mari", 5, 10)) for month in (1, 2, 3)))
    assert expected(book, "2026-04") == (
        Expected(month=Month(2026, 4), currency=EUR, minor=1_000, gifts=1, range=None),
    )


def test_who_was_missed_is_not_expected_and_who_may_still_come_is(book: Book) -> None:
    both = (Given("Mari", 5, 10), Given("Jaan", 25, 30))
    take_months(book, *(month_of(f"2026-{month:02}", *both) for month in (1, 2, 3)), month_of("2026-04", until=20))
    (may,) = expected(book, "2026-05")
    assert (may.minor, may.gifts) == (4_000, 2)
    take_months(book, month_of("2026-04"), month_of("2026-05", until=5))
    assert expected(book, "2026-06") == ()


def test_the_range_is_what_came_of_what_was_due_in_past_months(book: Book) -> None:
    """Ten people give ten euros; in January one of them misses, in February another gives double."""
    people = [Given(f"Giver {number}", 5, 10) for number in range(10)]
    take_months(book, *(month_of(f"2025-{month:02}", *people) for month in range(8, 13)))
    take_months(book, month_of("2026-01", *people[1:]), month_of("2026-02", *people[:-1], Given("Giver 9", 5, 20)))
    take_months(book, month_of("2026-03", *people, until=20))
    (april,) = expected(book, "2026-04")
    assert april.range == Range(months=4, worst_percent=90, best_percent=110, low=9_000, high=11_000)


COMPARED = ("same_days_before", "year_before", "year_before_so_far")


def test_without_names_no_part_of_a_month_is_compared(book: Book) -> None:
    """On the next day it would be one day more, and the difference what one person gave on that day."""
    people = [Given(f"Giver {number}", number, 10) for number in range(1, 29)]
    take_months(book, month_of("2025-06", *people), month_of("2026-05", *people), month_of("2026-06", until=10))
    (seen,) = shown(book, "2026-06").currencies
    (told,) = shown(book, "2026-06", with_small=False).currencies
    assert all(getattr(seen, name) for name in COMPARED)
    assert not any(getattr(told, name) for name in COMPARED)
    assert told.month_before == seen.month_before
    take_months(book, month_of("2026-06"))
    (told,) = shown(book, "2026-06", with_small=False).currencies
    assert all(getattr(told, name) for name in COMPARED)


@pytest.mark.parametrize(
    ("came", "is_told"),
    [
        pytest.param(6, True, id="all"),
        pytest.param(5, False, id="one is missing"),
        pytest.param(1, False, id="one came"),
    ],
)
def test_without_names_no_few_are_told_of_regular_gifts(book: Book, came: int, *, is_told: bool) -> None:
    people = [Given(f"Giver {number}", 5, 10) for number in range(6)]
    take_months(
        book, *(month_of(f"2026-{month:02}", *people) for month in (1, 2, 3)), month_of("2026-04", *people[:came])
    )
    assert shown(book, "2026-04").currencies[0].due is not None
    assert (shown(book, "2026-04", with_small=False).currencies[0].due is not None) is is_told
