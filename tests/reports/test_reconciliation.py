"""Bank and ledger side by side at every balance that the bank states."""

from __future__ import annotations

import pytest
from tests.book import Book, day, gift, statement

from donations.core.calendar import Period
from donations.core.statement import Statement
from donations.reports.reconciliation import reconciliation
from donations.reports.table import Table

MORNING = statement("01-10", "01-10", gift("01-10", 100), opening=1000, made=None)
AFTERNOON = statement("01-10", "01-10", gift("01-10", 200), opening=1100, made=None)
WHOLE = statement("01-10", "01-11", gift("01-10", 100), gift("01-10", 200), opening=1000)


def test_the_difference_and_where_it_came_are_shown(quarter: Book) -> None:
    own = [row for row in _table(quarter).rows if row[9] == "EUR"]

    assert [(row[1], row[2], row[4], *row[5:9], row[10]) for row in own] == [
        (day("01-01"), "opening", "january.xml", 10_000, 10_000, 0, 0, "proven"),
        (day("01-31"), "closing", "january.xml", 19_950, 19_950, 0, 0, "proven"),
        (day("02-05"), "opening", "february.xml", 20_000, 19_950, 50, 50, "unproven"),
        (day("02-28"), "closing", "february.xml", 20_500, 20_450, 50, 0, "proven"),
        (day("03-01"), "opening", "march.xml", 20_500, 20_450, 50, 0, "broken"),
        (day("03-31"), "closing", "march.xml", 22_500, 21_950, 550, 500, "broken"),
    ]


def test_a_period_keeps_the_figures_brought_forward(quarter: Book) -> None:
    assert [row[5:8] for row in _table(quarter, month=2).rows] == [(20_000, 19_950, 50), (20_500, 20_450, 50)]


@pytest.mark.parametrize(
    "files", [(MORNING, AFTERNOON), (AFTERNOON, MORNING), (MORNING, AFTERNOON, WHOLE), (AFTERNOON, WHOLE)]
)
def test_statements_of_half_a_day_agree_with_the_ledger(book: Book, files: tuple[Statement, ...]) -> None:
    for each in files:
        book.take(each)

    assert [(row[7], row[8]) for row in _table(book).rows] == [(0, 0)] * 2 * len(files)


def test_two_statements_that_do_not_join_are_broken_where_they_meet(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-10", 100), opening=0))
    book.take(statement("02-01", "02-28", gift("02-10", 100), opening=130))

    assert [(row[2], row[7], row[8], row[10]) for row in _table(book).rows] == [
        ("opening", 0, 0, "proven"),
        ("closing", 0, 0, "broken"),
        ("opening", 30, 30, "broken"),
        ("closing", 30, 0, "proven"),
    ]


def test_a_balance_inside_the_period_is_compared_too(book: Book) -> None:
    lines = (gift("01-10", 100), gift("01-20", 100))
    book.take(statement("01-01", "01-31", *lines, opening=0, interim=(("01-10", 100), ("01-20", 150))))

    assert [(row[1], row[2], row[7]) for row in _table(book).rows if row[2] == "interim"] == [
        (day("01-10"), "interim", 0),
        (day("01-20"), "interim", -50),
    ]


def _table(book: Book, *, month: int | None = None) -> Table:
    with book.reading() as session:
        period = Period() if month is None else Period.of(year=2026, month=month)
        return reconciliation(session, period, today=day("07-01"))
