"""Gifts of a period, each with its donor and payment, and the notes that every report carries."""

from __future__ import annotations

from tests.book import Book, day

from donations.acts.offering import Answer
from donations.core.calendar import Period
from donations.core.payment import Purpose
from donations.reports.gifts import gifts
from donations.reports.table import Table


def test_each_gift_is_listed_in_the_order_of_days(quarter: Book) -> None:
    assert [(row[0], row[2], row[4], row[5]) for row in _gifts(quarter).rows] == [
        (day("01-05"), "Mari Mets", 1000, "EUR"),
        (day("01-05"), "Mari Mets", 1000, "EUR"),
        (day("01-20"), "Jaan Tamm", 2500, "EUR"),
        (day("02-10"), "Mari Mets", 1500, "EUR"),
        (day("03-10"), "Mari Mets", 1500, "EUR"),
        (day("03-11"), "Mari Mets", 900, "USD"),
    ]


def test_currencies_are_never_added(quarter: Book) -> None:
    assert [(row[4], row[5]) for row in _gifts(quarter).totals] == [(7500, "EUR"), (900, "USD")]


def test_a_period_has_only_its_own_gifts(quarter: Book) -> None:
    assert [row[4] for row in _gifts(quarter, year=2026, month=1).rows] == [1000, 1000, 2500]
    assert not _gifts(quarter, year=2025).rows


def test_what_was_undone_is_no_gift(quarter: Book) -> None:
    quarter.undo(1)

    assert [row[0] for row in _gifts(quarter).rows] == [day("02-10"), day("03-10"), day("03-11")]


def test_the_accepted_imbalance_is_told_on_its_period_only(quarter: Book) -> None:
    said = {note.code: note.text for note in _gifts(quarter, year=2026, month=3).notes}

    assert "Import 3 (march.xml)" in said["imbalance_accepted"]
    assert "difference 5.00 EUR. Accepted because: the bank corrects it in April" in said["imbalance_accepted"]
    assert said["days_broken"].endswith("Days: 31 (2026-03-01 to 2026-03-31).")
    assert "imbalance_accepted" not in {note.code for note in _gifts(quarter, year=2026, month=2).notes}


def test_days_without_proof_are_told(quarter: Book) -> None:
    said = [(note.code, note.text) for note in _gifts(quarter, year=2026, month=2).notes]

    assert said == [
        ("days_missing", "EE382200221020145685 EUR: No statement covers the day. Days: 4 (2026-02-01 to 2026-02-04).")
    ]


def test_what_a_person_called_something_else_is_no_gift(quarter: Book) -> None:
    quarter.answer(quarter.payment("01-20", 2500), Answer(purpose=Purpose.INCOME, reason="sold a chair"))

    assert "Jaan Tamm" not in {row[2] for row in _gifts(quarter).rows}


def _gifts(book: Book, *, year: int | None = None, month: int | None = None) -> Table:
    with book.reading() as session:
        return gifts(session, Period.of(year=year, month=month))
