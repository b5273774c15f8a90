"""Who is answered by name before a rule books the first gift is the same donor afterwards."""

from __future__ import annotations

import pytest
from tests.book import JAAN, MARI, Book, gift, line, statement

from donations.acts.offering import Answer
from donations.core.calendar import Period
from donations.core.payment import Purpose
from donations.reports.gifts import donors

CODE = "49403136526"


def names(book: Book) -> list[tuple[object, object]]:
    """Each donor with the number of gifts."""
    with book.reading() as session:
        return [(row[1], row[2]) for row in donors(session, Period()).rows]


def answered(book: Book, name: str) -> None:
    book.answer(1, Answer(purpose=Purpose.GIFT, donor=name, reason="said so"))


@pytest.mark.parametrize("code", ["", CODE])
@pytest.mark.parametrize("spelled", ["Mari Mets", "METS, Mari"])
def test_the_payers_own_name_is_the_payer(book: Book, spelled: str, code: str) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 1_000, "Mari Mets", MARI, "tere", code=code)))
    answered(book, spelled)
    book.take(statement("04-01", "04-30", gift("04-05", 1_000, code=code)))
    assert names(book) == [("Mari Mets", 2)]


def test_of_two_donors_of_that_name_it_is_the_one_of_the_account(book: Book) -> None:
    book.take(
        statement(
            "03-01",
            "03-31",
            line("03-05", 1_000, "Mari Mets", MARI, "tere"),
            gift("03-06", 1_000),
            gift("03-07", 1_000, "Mari Mets", JAAN),
        )
    )
    answered(book, "Mari Mets")
    assert names(book) == [("Mari Mets", 2), ("Mari Mets", 1)]


def test_somebody_else_stays_somebody_else(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 1_000, "Mari Mets", MARI, "tere")))
    answered(book, "Jaan Tamm")
    book.take(statement("04-01", "04-30", gift("04-05", 1_000)))
    assert names(book) == [("Jaan Tamm", 1), ("Mari Mets", 1)]


def test_without_an_account_a_name_is_not_enough(book: Book) -> None:
    """Two people may have that name: they are proposed as one, and a person decides."""
    book.take(statement("03-01", "03-31", line("03-05", 1_000, "Mari Mets", "", "tere")))
    answered(book, "Mari Mets")
    book.take(statement("04-01", "04-30", gift("04-05", 1_000)))
    assert names(book) == [("Mari Mets", 1), ("Mari Mets", 1)]
