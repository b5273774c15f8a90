"""Months add up: opening, what moved, what it was for, closing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book import OTHER_OWN, OWN, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples, of_rules

from donations.core.calendar import Period
from donations.core.statement import StatementLine
from donations.reports.month import month, months
from donations.reports.table import Table


def test_january_is_proven_and_says_what_the_money_was_for(quarter: Book) -> None:
    january = _rows(quarter)[OWN, "2026-01", "EUR"]

    assert january == {
        "opening": 10_000,
        "in": 10_200,
        "out": -250,
        "gifts": 4500,
        "refunds": 0,
        "transfers": 5000,
        "income": 0,
        "costs": -250,
        "unallocated": 700,
        "questions": 1,
        "closing": 19_950,
        "bank_closing": 19_950,
        "proof": "proven",
    }


def test_what_is_missing_before_february_stays_visible_to_its_end(quarter: Book) -> None:
    february = _rows(quarter)[OWN, "2026-02", "EUR"]

    assert (february["opening"], february["refunds"], february["proof"]) == (19_950, -1000, "missing")
    assert (february["closing"], february["bank_closing"]) == (20_450, 20_500)


def test_an_accepted_imbalance_is_a_conflict_and_no_figure_is_mended(quarter: Book) -> None:
    march = _rows(quarter)[OWN, "2026-03", "EUR"]

    assert (march["closing"], march["bank_closing"], march["proof"]) == (21_950, 22_500, "conflict")


def test_without_a_balance_nothing_is_said_of_what_the_account_held(quarter: Book) -> None:
    dollars = _rows(quarter)[OWN, "2026-03", "USD"]

    assert (dollars["opening"], dollars["closing"], dollars["bank_closing"]) == (None, None, None)
    assert (dollars["gifts"], dollars["proof"]) == (900, "unproven")


def test_a_month_that_a_statement_covers_in_part_is_not_proven(quarter: Book) -> None:
    assert _rows(quarter)[OTHER_OWN, "2026-01", "EUR"]["proof"] == "missing"


def test_open_questions_are_told(quarter: Book) -> None:
    assert "questions_open" in {note.code for note in _months(quarter, year=2026, month=1).notes}
    assert "questions_open" not in {note.code for note in _months(quarter, year=2026, month=2).notes}


def test_one_month_in_detail_has_the_figures_of_its_row(quarter: Book) -> None:
    period = Period.of(year=2026, month=1)
    with quarter.reading() as session:
        detail = month(session, period)

    own = {row[2]: row[3] for row in detail.rows if row[0] == OWN}
    assert (own["Opening (bank)"], own["Gifts"], own["Closing (bank)"]) == (10_000, 4500, 19_950)
    assert detail.notes == _months(quarter, year=2026, month=1).notes


_LINES = st.lists(
    st.one_of(
        st.builds(gift, st.sampled_from(["01-02", "02-03", "02-04"]), st.integers(1, 5000)),
        st.builds(line, st.sampled_from(["01-02", "02-03", "03-31"]), st.integers(-5000, -1), st.just("Pood")),
        st.builds(line, st.sampled_from(["01-31", "03-01"]), st.integers(1, 5000), st.just("Keegi")),
    ),
    max_size=12,
)


@of_rules()
@settings(max_examples=examples(15), deadline=None)
@given(_LINES)
def test_every_month_of_any_books_adds_up(fresh_engine: FreshEngine, lines: list[StatementLine]) -> None:
    with fresh_engine() as engine:
        book = Book(engine)
        book.take(statement("01-01", "03-31", *sorted(lines, key=lambda each: each.booked_on), opening=50_000))
        rows = list(_rows(book).values())

    purposes = ("gifts", "refunds", "transfers", "income", "costs", "unallocated")
    held = 50_000
    for row in rows:
        held += row["in"] + row["out"]
        assert row["in"] + row["out"] == sum(row[each] for each in purposes)
        assert row["closing"] == held
    assert sum(row["in"] + row["out"] for row in rows) == sum(each.money.signed_minor for each in lines)
    assert rows[-1]["bank_closing"] == held


def _months(book: Book, *, year: int | None = None, month: int | None = None) -> Table:
    with book.reading() as session:
        return months(session, Period.of(year=year, month=month))


def _rows(book: Book) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(row.pop("account"), row.pop("month"), row.pop("currency")): row for row in _months(book).by_key()}
