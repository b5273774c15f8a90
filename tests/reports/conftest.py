"""A quarter of one association, in which everything that reports must tell apart happens once."""

from __future__ import annotations

import pytest
from tests.book import JAAN, MARI, OTHER_OWN, OWN, Book, gift, line, statement
from tests.written_once import written_once

from donations.acts.offering import Answer
from donations.core.money import parse_currency
from donations.core.payment import Purpose
from donations.core.statement import LineKind

USD = parse_currency("USD")


@pytest.fixture
@written_once
def quarter(book: Book) -> Book:
    """January is proven; February has a gap before it and a refund; March does not add up and was accepted.

    Dollars have no balances. Import 1 is January, 2 February, 3 March, 4 the dollars.
    """
    book.take(
        statement(
            "01-01",
            "01-31",
            gift("01-05", 1000),
            gift("01-05", 1000),
            gift("01-20", 2500, "Jaan Tamm", JAAN),
            line("01-21", 5000, "Meie MTÜ", OTHER_OWN, "oma raha"),
            line("01-22", 700, "Keegi", "EE229600001000000012", "arve 7"),
            line("01-31", -250, text="kuutasu", kind=LineKind.FEE),
            opening=10_000,
        ),
        statement("01-21", "01-21", line("01-21", -5000, "Meie MTÜ", OWN), account=OTHER_OWN),
        name="january.xml",
    )
    february = (gift("02-10", 1500), line("02-12", -1000, "Mari Mets", MARI, "Annetuse tagastus"))
    book.take(statement("02-05", "02-28", *february, opening=20_000), name="february.xml")
    book.take(
        statement("03-01", "03-31", gift("03-10", 1500), opening=20_500, closing=22_500),
        name="march.xml",
        accept="the bank corrects it in April",
    )
    book.take(statement("03-01", "03-31", gift("03-11", 900, currency=USD), currency=USD), name="dollars.csv")
    refund = Answer(purpose=Purpose.REFUND, donor=book.donor("Mari Mets"), reason="paid twice in January")
    book.answer(book.payment("02-12", -1000), refund)
    return book
