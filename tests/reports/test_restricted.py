"""Restricted money: gifts are income once they are spent as meant, and what is left adds up from year to year."""

from __future__ import annotations

from datetime import date

import pytest
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement

from donations.acts.appeal_pages import restrict_money
from donations.acts.registering import NewNames, register
from donations.core.calendar import Period
from donations.core.donor import AppealId
from donations.core.keyword import parse_keyword
from donations.core.refusal import Refusal
from donations.core.spending import CategoryId
from donations.reports.restricted import restricted_money
from donations.store.session import writing
from donations.store.spending import add_category, categorise_payees

GENERAL, ROOF = AppealId(1), AppealId(2)
TILES, RENT = CategoryId(1), CategoryId(2)


def lived(book: Book) -> None:
    """300 euros for the roof in March, of which 100 are spent; in April 250 are spent and 20 come."""
    with writing(book.engine) as session:
        register(session, NewNames(appeal="Roof", keywords=(parse_keyword("katus"),)), now=NOW)
        for name in ("Tiles", "Rent"):
            add_category(session, name, pays_people=False, by="treasurer", at=NOW)
    march = (
        line("03-01", 30_000, "Mari Mets", MARI, "katus"),
        gift("03-02", 50_000),
        line("03-03", -10_000, "Tiler", JAAN, "tiles"),
        line("03-04", -7_000, "Landlord", MARI, "rent"),
    )
    april = (line("04-01", -25_000, "Tiler", JAAN, "tiles"), line("04-02", 2_000, "Mari Mets", MARI, "katus"))
    book.take(statement("03-01", "04-30", *march, *april))
    with writing(book.engine) as session:
        wanted = {book.payment("03-03", -10_000): TILES, book.payment("03-04", -7_000): RENT}
        categorise_payees(session, wanted, by="treasurer", at=NOW)


def restricted(book: Book, appeal: AppealId, *categories: CategoryId) -> None:
    with writing(book.engine) as session:
        restrict_money(session, appeal, categories, by="treasurer", at=NOW)


def rows(book: Book, period: Period) -> list[tuple[object, ...]]:
    with book.reading() as session:
        return [tuple(row) for row in restricted_money(session, period).rows]


def test_what_is_spent_as_meant_is_income_and_the_rest_is_left(book: Book) -> None:
    lived(book)
    assert rows(book, Period()) == []
    restricted(book, ROOF, TILES)
    march, april = Period.of(year=2026, month=3), Period.of(year=2026, month=4)
    assert rows(book, march) == [("Roof", 0, 30_000, 10_000, 10_000, 20_000, "EUR")]
    assert rows(book, april) == [("Roof", 20_000, 2_000, 25_000, 22_000, 0, "EUR")]
    assert rows(book, Period()) == [("Roof", 0, 32_000, 35_000, 32_000, 0, "EUR")]
    assert rows(book, Period(date(2026, 4, 1), date(2026, 4, 1))) == [("Roof", 20_000, 0, 25_000, 20_000, 0, "EUR")]


def test_a_category_is_one_appeals(book: Book) -> None:
    lived(book)
    restricted(book, ROOF, TILES, RENT)
    restricted(book, GENERAL, RENT)
    spent = {row[0]: row[3] for row in rows(book, Period())}
    assert spent == {"General": 7_000, "Roof": 35_000}


def test_only_what_there_is_can_be_said(book: Book) -> None:
    for appeal, category, code in ((AppealId(9), TILES, "unknown_appeal"), (GENERAL, TILES, "unknown_category")):
        with pytest.raises(Refusal) as error:
            restricted(book, appeal, category)
        assert str(error.value.code) == code
