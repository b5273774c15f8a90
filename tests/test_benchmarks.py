"""What is measured is what it says: statements that readers accept, and every page there is; no time is tested."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from benchmarks.books import open_books
from benchmarks.pages import MANY_ROWS, Answered, ask_all
from benchmarks.routes import WHOLE
from benchmarks.statements import FORMATS, payments

from donations.core.money import EUR, Balance
from donations.core.problem import ProblemCode
from donations.core.statement import Statement
from donations.readers.registry import read

COUNT = 200
MONTHS = 15
"""Of the small books: a whole year for certificates; each month that is closed proves all before it again."""
TODAY = date(2026, 1, 1)


def statement(form: str) -> Statement:
    reading = read(FORMATS[form](payments(COUNT)), today=TODAY)
    assert reading.format == form
    assert {notice.code for notice in reading.notices} <= {ProblemCode.CANNOT_PROVE_WHOLE, ProblemCode.CANCELLED_OUT}
    (found,) = reading.statements
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_states_the_same_payments(form: str) -> None:
    shown = [
        (line.booked_on, line.money.signed_minor, line.counterparty.name, line.counterparty.account, line.text)
        for line in statement(form).lines
    ]
    written = payments(COUNT).movements
    assert len(shown) == COUNT
    assert shown == [(each.day, each.minor, each.party.name, each.party.iban or None, each.text) for each in written]


@pytest.mark.parametrize(
    ("form", "states_opening", "states_closing"),
    [("camt.053", True, True), ("ofx", False, True), ("lhv-csv", False, False)],
)
def test_balances_are_those_that_the_format_has(form: str, *, states_opening: bool, states_closing: bool) -> None:
    written, found = payments(COUNT), statement(form)
    assert found.opening == (Balance(written.opening, EUR) if states_opening else None)
    assert found.closing == (Balance(written.closing, EUR) if states_closing else None)


def test_a_seed_gives_the_same_payments_again_and_another_seed_others() -> None:
    assert payments(COUNT, seed=2) == payments(COUNT, seed=2) != payments(COUNT, seed=3)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Answered]:
    """Every page over small books; two of them are timed."""
    books = open_books(tmp_path_factory.mktemp("books") / "books.sqlite", payments=60, months=MONTHS)
    answered = [*ask_all(books, repeat=0), *ask_all(books, repeat=1, only="/treasurer/donors?")]
    books.engine.dispose()
    return answered


def test_every_page_answers_and_none_is_left_out(pages: list[Answered]) -> None:
    """A page with a new kind of path needs a value in `benchmarks/routes.py`; small books have no rule or merge yet."""
    unasked = {each.address.route for each in pages if each.status is None}
    assert unasked <= WHOLE.keys()
    assert {each.address.route: each.status for each in pages if each.status is not None and each.status >= 400} == {}
    assert {"/", "/treasurer", "/treasurer/payments/{payment_id}"} <= {each.address.route for each in pages}


def test_statements_and_rows_are_counted(pages: list[Answered]) -> None:
    donors = next(each for each in pages if each.address.route == "/treasurer/donors")
    assert donors.asked.statements > 0
    assert 0 < donors.asked.rows < MANY_ROWS


def test_pages_are_timed_as_often_as_told(pages: list[Answered]) -> None:
    assert {(len(each.times), len(each.cpu)) for each in pages} == {(0, 0), (1, 1)}


def test_books_are_made_once(tmp_path: Path) -> None:
    path = tmp_path / "books.sqlite"
    open_books(path, payments=5, months=MONTHS).engine.dispose()
    made = path.read_bytes()
    open_books(path, payments=5, months=MONTHS).engine.dispose()
    assert path.read_bytes() == made
