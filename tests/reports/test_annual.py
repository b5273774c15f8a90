"""Figures for the annual report and for INF 9: they explain every cent between two balances, or say what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book import JAAN, NOW, OTHER_OWN, OWN, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples

from donations.acts.offering import Answer
from donations.core.calendar import Period
from donations.core.payment import Purpose
from donations.core.spending import CategoryId
from donations.core.statement import StatementLine
from donations.reports.annual import annual
from donations.reports.inf9 import inf9
from donations.reports.table import Cell, Table
from donations.store.donors import people
from donations.store.organisation import IncentiveList, set_papers
from donations.store.session import writing
from donations.store.spending import add_category, categorise_payees

YEAR = Period.of(year=2026)
ROOMS = CategoryId(1)


def lived(book: Book) -> None:
    """Gifts to two appeals, one paid back in part, a sale, two costs, own money under way, one without a purpose."""
    with writing(book.engine) as tx:
        meadow = people.add_appeal(tx, "Meadow", keywords=(), references=())
    book.take(
        statement(
            "01-01",
            "12-31",
            gift("03-01", 50_000),
            gift("03-02", 20_000, "Jaan Tamm", JAAN),
            line("03-03", 700, "Keegi", "EE229600001000000012", "arve 7"),
            line("03-04", 300, "Kes", "EE229600001000000012", "?"),
            line("04-01", -4_000, "Landlord", JAAN, "rent of March"),
            line("04-02", -500, "Mari Mets", JAAN, "back"),
            line("04-03", -200, text="cash"),
            line("12-31", -1_000, "Meie MTÜ", OTHER_OWN, "oma raha"),
            opening=10_000,
        ),
        statement("01-01", "12-31", account=OTHER_OWN),
    )
    book.answer(
        book.payment("03-02", 20_000),
        Answer(purpose=Purpose.GIFT, donor=book.donor("Jaan Tamm"), appeal=meadow, reason="said so"),
    )
    book.answer(book.payment("03-03", 700), Answer(purpose=Purpose.INCOME, reason="a sale"))
    refund = Answer(purpose=Purpose.REFUND, donor=book.donor("Jaan Tamm"), reason="too much")
    back = book.payment("03-02", 20_000)
    for part in (replace(refund, returns=back, minor=400), replace(refund, minor=100)):
        book.answer(book.payment("04-02", -500), part)
    with writing(book.engine) as tx:
        add_category(tx, "Rooms", pays_people=False, by="treasurer", at=NOW)
        categorise_payees(tx, {book.payment("04-01", -4_000): ROOMS}, by="treasurer", at=NOW)


def rows(table: Table, part: str) -> dict[Cell, Any]:
    return {row[1]: row[-2] for row in table.rows if row[0] == part}


def test_gifts_are_told_apart_by_appeal_and_all_is_explained(book: Book) -> None:
    lived(book)
    with book.reading() as session:
        table = annual(session, YEAR)
    assert rows(table, "restricted") == {"Meadow": 20_000, "Refunds, Meadow": -400}
    assert rows(table, "unrestricted") == {"General": 50_000, "refund": -100}
    assert rows(table, "costs") == {"Rooms": 4_000, "no_category": 200}
    assert rows(table, "proof") == {
        "opening": 10_000,
        "all_income": 70_200,
        "all_costs": -4_200,
        "transfer": -1_000,
        "unallocated": 300,
        "closing": -75_300,
        "residue": 0,
    }
    assert {note.code for note in table.notes} >= {"accrual", "restricted_by_appeal", "due", "unallocated"}
    assert next(note.text for note in table.notes if note.code == "due").endswith("2027-06-30.")


def test_what_the_bank_says_otherwise_is_left_over(quarter: Book) -> None:
    """March closes with 5.00 more than its lines make."""
    with quarter.reading() as session:
        march = annual(session, Period.of(year=2026, month=3))
        january = annual(session, Period.of(year=2026, month=1))
    left = [row[2:] for row in march.rows if row[1] == "residue"]
    assert left == [(-500, "EUR"), (0, "USD")]
    assert [row[2] for row in january.rows if row[1] == "residue"] == [0]
    counted = {dict(note.values)["account"] for note in january.notes if note.code == "from_zero"}
    assert counted == {OTHER_OWN, OWN}  # the dollars of the latter


_LINES = st.lists(
    st.builds(
        lambda day, minor, name: gift(f"{day:%m-%d}", minor, name) if minor > 0 else line(f"{day:%m-%d}", minor, name),
        st.dates(date(2026, 1, 1), date(2026, 3, 31)),
        st.integers(-9_999, 9_999).filter(bool),
        st.sampled_from(["Mari Mets", "Pood", "Meie MTÜ"]),
    ),
    max_size=12,
)


@settings(max_examples=examples(15))
@given(_LINES, st.sampled_from([Period(), YEAR, *(Period.of(year=2026, month=number) for number in (1, 2, 3))]))
def test_nothing_is_left_over_of_books_that_add_up(
    fresh_sqlite: FreshEngine, lines: list[StatementLine], period: Period
) -> None:
    with fresh_sqlite() as engine:
        book = Book(engine)
        book.take(statement("01-01", "03-31", *sorted(lines, key=lambda each: each.booked_on), opening=5_000))
        with book.reading() as session:
            found = annual(session, period)
    assert [row[2] for row in found.rows if row[1] == "residue"] == [0]
    moved = sum(each.money.signed_minor for each in lines if each.booked_on in period)
    assert sum(rows(found, "closing").values()) - sum(rows(found, "opening").values()) == moved


def test_no_money_makes_no_figures(book: Book) -> None:
    with book.reading() as session:
        assert annual(session, YEAR).rows == ()


def test_inf9_has_what_is_known_and_says_what_is_not(fresh_sqlite: FreshEngine) -> None:
    with fresh_sqlite() as engine:
        book = Book(engine)
        lived(book)
        with writing(engine) as tx:
            set_papers(tx, IncentiveList(since=date(2026, 7, 1)), by="treasurer", at=NOW)
        with book.reading() as session:
            table, bare = inf9(session, YEAR), inf9(session, Period.of(year=2025))
    assert rows(table, "I") == {
        "gifts": 70_000,
        "refunds": -500,
        "income": 700,
        "all_income": 70_200,
        "Rooms": 4_000,
        "no_category": 200,
        "all_costs": 4_200,
    }
    assert [row[2] for row in table.rows if row[2]] == ["19050", "19170", "19101"]
    assert [row[0] for row in table.rows if row[3] is None] == ["II", "III", "IV"]
    assert {note.code for note in table.notes} >= {"due", "accrual", "listed", "unallocated"}
    assert "2027-07-01" in next(note.text for note in table.notes if note.code == "due")
    assert "listed" not in {note.code for note in bare.notes}


@pytest.mark.parametrize(
    ("day", "first_month", "wanted"),
    [
        (date(2026, 6, 30), 7, Period(date(2025, 7, 1), date(2026, 6, 30))),
        (date(2026, 7, 1), 7, Period(date(2026, 7, 1), date(2027, 6, 30))),
        (date(2026, 5, 5), 1, YEAR),
    ],
)
def test_a_financial_year_begins_in_its_month(day: date, first_month: int, wanted: Period) -> None:
    assert Period.financial_year(day, first_month=first_month) == wanted
