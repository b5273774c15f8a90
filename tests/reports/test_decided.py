"""What people decided is listed with its reason; what rules found is not."""

from __future__ import annotations

from tests.book import Book

from donations.acts.offering import Answer
from donations.core.calendar import Period
from donations.core.payment import Purpose
from donations.reports.decided import by_hand


def test_only_what_people_decided_the_newest_first(quarter: Book) -> None:
    payment = quarter.payment("01-22", 700)
    quarter.answer(payment, Answer(purpose=Purpose.INCOME, reason="a sale", minor=200))
    quarter.answer(payment, Answer(purpose=Purpose.INCOME, reason="a grant", minor=500))
    with quarter.reading() as session:
        found = by_hand(session, Period.of(year=2026, month=1)).by_key()
        other = by_hand(session, Period.of(year=2025))
    assert [(each["payment"], each["minor"], each["why"], each["state"]) for each in found] == [
        (payment, 500, "a grant", None),
        (payment, 200, "a sale", None),
    ]
    assert other.rows == ()
