"""When a month is ready to be closed, and what comes first of each account."""

from __future__ import annotations

import pytest
from tests.book import NOW, OTHER_OWN, Book, day, gift, line, statement

from donations.core.calendar import Month
from donations.core.payment import PaymentId
from donations.core.statement import Statement
from donations.reports.evening import Evening, evening
from donations.store.payments.questions import put_payment_aside
from donations.store.session import writing

MARCH = statement("03-01", "03-31", gift("03-05", 1_000), opening=0)


def looked_at(book: Book, today: str = "05-10") -> Evening:
    with book.reading() as session:
        return evening(session, today=day(today))


def test_each_account_says_its_first_download(quarter: Book) -> None:
    found = looked_at(quarter, "04-11")
    assert [(each.days.first_day, each.days.last_day) for each in found.downloads] == [
        (day("02-01"), day("02-04")),
        (day("04-01"), day("04-10")),
        (day("01-22"), day("04-10")),
    ]
    assert [each.currency for each in found.doubts] == ["EUR"]


@pytest.mark.parametrize(
    ("more", "is_ready"),
    [
        pytest.param([], True, id="proven and answered"),
        pytest.param([statement("04-01", "04-30", line("04-02", 5, "A", "", "x"))], True, id="asked later"),
        pytest.param([statement("03-31", "04-30", line("03-31", 5, "A", "", "x"))], False, id="asked in the month"),
        pytest.param([statement("03-15", "04-30", account=OTHER_OWN)], False, id="an account unproven"),
        pytest.param([statement("04-01", "04-30", account=OTHER_OWN)], True, id="an account that began later"),
    ],
)
def test_a_month_is_ready(book: Book, more: list[Statement], *, is_ready: bool) -> None:
    book.take(MARCH)
    for each in more:
        book.take(each)
    found = looked_at(book)
    assert (found.month, found.is_month_ready) == (Month(2026, 3), is_ready)


def test_what_is_put_aside_still_has_no_purpose(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 5, "A", "", "x"), opening=0))
    with writing(book.engine) as session:
        put_payment_aside(session, PaymentId(1), until=None, by="Mari", at=NOW)
    found = looked_at(book)
    assert (found.questions, found.is_month_ready) == (0, False)


def test_a_month_that_is_not_over_is_not_closed(book: Book) -> None:
    book.take(MARCH)
    assert looked_at(book, "03-31").month is None


def test_what_was_given(book: Book) -> None:
    book.take(MARCH)
    assert [(each.minor, each.gifts) for each in looked_at(book, "04-02").given_before] == [(1_000, 1)]
    assert looked_at(book, "04-02").given == ()
