"""Gifts by appeal, donors counted once in the total."""

from __future__ import annotations

from tests.book import JAAN, Book, gift, line, statement

from donations.core.calendar import Period
from donations.core.keyword import parse_keyword
from donations.reports.gifts import appeals
from donations.store.donors import people
from donations.store.session import writing


def test_who_gives_to_two_appeals_is_one_donor_in_all(book: Book) -> None:
    with writing(book.engine) as session:
        people.add_appeal(session, "Podcast", keywords=[parse_keyword("podcast")], references=[])
    to_podcast = line("01-06", 300, "Jaan Tamm", JAAN, "podcast")
    book.take(statement("01-01", "01-31", gift("01-05", 1000), gift("01-06", 500, "Jaan Tamm", JAAN), to_podcast))
    with book.reading() as session:
        table = appeals(session, Period.of(year=2026, month=1))
        assert appeals(session, Period.of(year=2025)).rows == ()

    assert [row[1:] for row in table.rows] == [(2, 2, 1500, "EUR"), (1, 1, 300, "EUR")]
    assert table.rows[1][0] == "Podcast"
    assert table.totals == (("Total", 3, 2, 1800, "EUR"),)


def test_currencies_are_never_added(quarter: Book) -> None:
    with quarter.reading() as session:
        table = appeals(session, Period.of(year=2026))
    assert [row[1:] for row in table.totals] == [(5, 2, 7500, "EUR"), (1, 1, 900, "USD")]
