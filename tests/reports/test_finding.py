"""Find my gift: the three answers, and what each of them hangs on."""

from __future__ import annotations

import pytest
from tests.acts.test_publishing import gifts_in, lived, published
from tests.book import MARI, Book, day, gift, line, statement
from tests.written_once import written_once

from donations.acts.offering import Answer
from donations.core.donor import AppealId
from donations.core.payment import Purpose
from donations.reports.finding import (
    BadDescriptionError,
    Described,
    Found,
    FoundPublished,
    NotPublished,
    NotReceived,
    find_gift,
)

JANUARY = FoundPublished(number=1, first_day=day("01-01"), last_day=day("01-31"))
FEBRUARY = FoundPublished(number=2, first_day=day("02-01"), last_day=day("02-28"))
JAAN = "EE432200221000004321"
"""Of the book's people all accounts end alike."""
MARCH = FoundPublished(number=3, first_day=day("03-01"), last_day=day("03-31"))
TICKET = Answer(purpose=Purpose.INCOME, reason="it was a ticket")


def found(book: Book, on: str, minor: int, last_four: str = JAAN[-4:]) -> Found:
    with book.reading() as session:
        return find_gift(session, Described(last_four=last_four, minor=minor, day=day(on)))


@pytest.fixture
@written_once
def lived_in(book: Book) -> Book:
    """Books of which January and February are published; Jaan gave in January and March, and once without the word."""
    in_january = [gift("01-11", 2_000, "Jaan", JAAN), line("01-12", 3_300, "Jaan", JAAN, "tere")]
    in_march = [gift("03-11", 2_500, "Jaan", JAAN), line("03-12", 7_700, "Jaan", JAAN, "tere")]
    lived(
        book, [*gifts_in(1, 12), *in_january], gifts_in(2, 12, minor=1_500), [*gifts_in(3, 12, minor=2_000), *in_march]
    )
    published(book)
    return book


@pytest.mark.parametrize(
    ("on", "minor", "expected"),
    [
        *(("01-11", 2_000, JANUARY), ("01-08", 2_000, JANUARY), ("01-14", 2_000, JANUARY)),
        *(("01-07", 2_000, NotReceived()), ("01-15", 2_000, NotReceived())),
        *(("01-11", 2_001, NotReceived()), ("01-11", 1_000, NotReceived())),
        *(("03-11", 2_500, NotPublished()), ("03-12", 7_700, NotPublished())),
    ],
)
def test_a_gift_is_found_by_all_that_its_donor_knows(lived_in: Book, on: str, minor: int, expected: Found) -> None:
    assert found(lived_in, on, minor) == expected
    assert found(lived_in, on, minor, last_four="9999") == NotReceived()


def test_many_alike_are_one_answer(lived_in: Book) -> None:
    """All donors of `gifts_in` share one account and give the same on one day."""
    assert found(lived_in, "01-10", 1_000, MARI[-4:]) == JANUARY


def test_of_two_gifts_the_nearer_one_is_meant(book: Book) -> None:
    lived(
        book,
        [*gifts_in(1, 12), gift("01-31", 2_000, "Jaan", JAAN)],
        [*gifts_in(2, 12, minor=1_500), gift("02-02", 2_000, "Jaan", JAAN)],
        gifts_in(3, 12, minor=2_500),
    )
    published(book)
    assert (found(book, "01-31", 2_000), found(book, "02-02", 2_000)) == (JANUARY, FEBRUARY)


def test_what_turned_out_to_be_no_gift_is_not_found(lived_in: Book) -> None:
    lived_in.answer(lived_in.payment("01-11", 2_000), TICKET)
    assert found(lived_in, "01-11", 2_000) == NotReceived()


def test_what_the_association_paid_is_no_gift(book: Book) -> None:
    book.take(statement("01-01", "01-31", line("01-11", -2_000, "Jaan", JAAN, "tagasi")))
    assert found(book, "01-11", 2_000) == NotReceived()


def test_an_import_that_was_taken_back_is_not_received(book: Book) -> None:
    file = statement("01-01", "01-31", gift("01-11", 2_000, "Jaan", JAAN))
    file_id = book.take(file).file_id
    assert found(book, "01-11", 2_000) == NotPublished()
    book.undo(file_id)
    assert found(book, "01-11", 2_000) == NotReceived()
    book.take(file)
    assert found(book, "01-11", 2_000) == NotPublished()


def test_what_is_booked_late_counts_in_the_block_that_carries_the_correction(lived_in: Book) -> None:
    late = Answer(purpose=Purpose.GIFT, reason="he said so", donor=lived_in.donor("Jaan"), appeal=AppealId(1))
    assert found(lived_in, "01-12", 3_300) == NotPublished()
    lived_in.answer(lived_in.payment("01-12", 3_300), late)
    assert found(lived_in, "01-12", 3_300) == NotPublished()
    lived(lived_in, gifts_in(4, 12, minor=3_000), first=4, opening=69_500)
    published(lived_in)
    assert found(lived_in, "01-12", 3_300) == MARCH
    assert found(lived_in, "01-11", 2_000) == JANUARY


@pytest.mark.parametrize(
    ("last_four", "minor"),
    [
        ("123", 100),
        ("12345", 100),
        ("12%4", 100),
        ("12_4", 100),
        ("ab12", 100),
        ("õ123", 100),
        ("1234", 0),
        ("1234", -1),
    ],
)
def test_what_describes_no_gift_cannot_be_asked(last_four: str, minor: int) -> None:
    with pytest.raises(BadDescriptionError):
        Described(last_four=last_four, minor=minor, day=day("01-01"))
