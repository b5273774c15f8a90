"""Donors with what they gave and what went back."""

from __future__ import annotations

from tests.book import Book, day

from donations.acts.offering import Answer
from donations.core.calendar import Period
from donations.core.payment import Purpose
from donations.reports.gifts import WITHOUT_DONOR, donors
from donations.reports.table import Table


def test_donors_come_by_name_with_gifts_refunds_and_days(quarter: Book) -> None:
    assert [row[1:] for row in _donors(quarter).rows] == [
        ("Jaan Tamm", 1, 2500, 0, 2500, "EUR", day("01-20"), day("01-20")),
        ("Mari Mets", 4, 5000, 1000, 4000, "EUR", day("01-05"), day("03-10")),
        ("Mari Mets", 1, 900, 0, 900, "USD", day("03-11"), day("03-11")),
    ]


def test_totals_are_the_sums_of_the_rows(quarter: Book) -> None:
    assert [row[1:7] for row in _donors(quarter).totals] == [
        ("Total", 5, 7500, 1000, 6500, "EUR"),
        ("Total", 1, 900, 0, 900, "USD"),
    ]


def test_a_month_with_a_refund_only_counts_no_gift(quarter: Book) -> None:
    quarter.answer(quarter.payment("02-10", 1500), Answer(purpose=Purpose.INCOME, reason="a sale"))

    assert [row[1:] for row in _donors(quarter, year=2026, month=2).rows] == [
        ("Mari Mets", 0, 0, 1000, -1000, "EUR", None, None)
    ]


def test_a_refund_whose_donor_nobody_said_is_shown_all_the_same(quarter: Book) -> None:
    quarter.refund_to_nobody(quarter.payment("02-12", -1000))
    rows = _donors(quarter).rows

    assert rows[-1][:5] == (None, WITHOUT_DONOR, 0, 0, 1000)
    assert rows[1][3:6] == (5000, 0, 5000)


def _donors(book: Book, *, year: int | None = None, month: int | None = None) -> Table:
    with book.reading() as session:
        return donors(session, Period.of(year=year, month=month))
