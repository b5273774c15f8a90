"""What has no purpose yet, with its age."""

from __future__ import annotations

from datetime import date

from tests.book import Book

from donations.acts.offering import Answer
from donations.core.calendar import Period
from donations.core.payment import Purpose
from donations.reports.gifts import waiting

TODAY = date(2026, 2, 1)


def test_the_open_part_of_a_payment_and_how_long_it_waits(quarter: Book) -> None:
    payment = quarter.payment("01-22", 700)
    quarter.answer(payment, Answer(purpose=Purpose.INCOME, reason="a sale", minor=200))
    with quarter.reading() as session:
        table = waiting(session, Period.of(year=2026, month=1), TODAY)

    assert [(row[0], *row[1:3], *row[4:]) for row in table.rows] == [(date(2026, 1, 22), 10, payment, 700, 500, "EUR")]
    assert table.totals[0][5:] == (500, "EUR")


def test_what_is_answered_waits_no_more(quarter: Book) -> None:
    quarter.answer(quarter.payment("01-22", 700), Answer(purpose=Purpose.INCOME, reason="a sale"))
    with quarter.reading() as session:
        assert waiting(session, Period(), TODAY).rows == ()
