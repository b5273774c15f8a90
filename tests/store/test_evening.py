"""What the evening's bar and its summary count, on both databases."""

from __future__ import annotations

from datetime import timedelta

from tests.book import JAAN, MARI, NOW, OTHER_OWN, Book, day, gift, line, statement

from donations.core.calendar import Month
from donations.ledger.thread import KnownDays
from donations.store.evening import (
    answered_since,
    closed_since,
    count_waiting,
    disclosed_last,
    disclosed_since,
    files_since,
    first_closed_after,
    gifts_since,
    known_days,
)

BEFORE, AFTER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)


def test_how_far_the_books_are(book: Book) -> None:
    asked = [line(each, 500, "A", MARI, "x") for each in ("03-05", "03-06", "04-01")]
    out = line("03-25", -1_000, "Meie", OTHER_OWN)
    book.take(statement("03-01", "04-30", *asked, out, opening=1_000))
    book.take(statement("05-01", "05-31", opening=0, account=OTHER_OWN))
    with book.reading() as session:
        assert count_waiting(session, Month(2026, 3), today=NOW.date()) == (3, 2)
        assert count_waiting(session, None, today=NOW.date()) == (3, 0)
        assert known_days(session, Month(2026, 3)) == [
            KnownDays(begin=day("03-01"), runs=[(day("03-01"), day("04-30"))]),
            KnownDays(begin=day("03-25"), runs=[(day("05-01"), day("05-31"))]),
        ]
        assert disclosed_last(session) == (None, None)
        assert first_closed_after(session, None) is None


def test_what_was_done_since(book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), gift("03-06", 2_000, "Jaan Tamm", JAAN), opening=0))
    with book.reading() as session:
        assert files_since(session, BEFORE) == (1, 2)
        assert gifts_since(session, BEFORE) == (2, (("EUR", 3_000),), 2)
        assert (files_since(session, AFTER), gifts_since(session, AFTER)) == ((0, 0), (0, (), 0))
        assert (answered_since(session, BEFORE), closed_since(session, BEFORE)) == (0, [])
        assert disclosed_since(session, BEFORE) is None
