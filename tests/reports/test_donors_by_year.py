"""Donors with what they gave and got back in each year."""

from __future__ import annotations

from tests.book import Book
from tests.reports.giving import Given, month_of, take_months

from donations.core.calendar import Period
from donations.reports.gifts import donors_by_year


def test_one_row_for_each_year(book: Book) -> None:
    take_months(
        book,
        month_of("2025-12", Given("Mari Mets", 5, 10)),
        month_of("2026-01", Given("Mari Mets", 5, 20), Given("Jaan Tamm", 6, 5)),
    )
    with book.reading() as session:
        table = donors_by_year(session, Period())
        assert len(donors_by_year(session, Period.of(year=2025)).rows) == 1

    assert [row[1:] for row in table.rows] == [
        ("Mari Mets", "2025", 1, 1000, 0, 1000, "EUR"),
        ("Mari Mets", "2026", 1, 2000, 0, 2000, "EUR"),
        ("Jaan Tamm", "2026", 1, 500, 0, 500, "EUR"),
    ]
    assert [row[2:6] for row in table.totals] == [("2025", 1, 1000, 0), ("2026", 2, 2500, 0)]


def test_refunds_are_taken_off_where_they_were_paid(quarter: Book) -> None:
    with quarter.reading() as session:
        table = donors_by_year(session, Period())
    assert [row[3:] for row in table.rows if row[1] == "Mari Mets"] == [
        (4, 5000, 1000, 4000, "EUR"),
        (1, 900, 0, 900, "USD"),
    ]
