"""What people say costs were for: of payees and of payments, the newest word counts and old ones are kept."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DatabaseError
from sqlmodel import col
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement
from tests.written_once import written_once

from donations.acts.offering import Answer
from donations.core.payment import PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.core.spending import CategoryId, the_bank
from donations.core.statement import LineKind
from donations.store.session import writing
from donations.store.spending import (
    add_category,
    categories,
    categorise_payees,
    categorise_payment,
    change_category,
    costs,
    forget_payees,
    keep_payee_categories,
)
from donations.store.tables.publishing import PayeeCategoryRow, PaymentCategoryRow

RENT, WAGES = CategoryId(1), CategoryId(2)
LANDLORD, WAGE, CASH, FEE, RENT_AGAIN = map(PaymentId, (2, 3, 4, 5, 6))


@pytest.fixture
@written_once
def spent(book: Book) -> Book:
    """A gift and five costs in March, and two categories."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-01", 5_000),
            line("03-02", -4_000, "Landlord", JAAN, "rent"),
            line("03-03", -3_000, "Mari Mets", MARI, "pay"),
            line("03-04", -200, text="cash"),
            line("03-05", -100, "A bank", kind=LineKind.FEE),
            line("03-06", -500, "Landlord", JAAN, "heating"),
        )
    )
    with writing(book.engine) as tx:
        add_category(tx, "Rooms", pays_people=False, by="treasurer", at=NOW)
        add_category(tx, "Wages", pays_people=True, by="treasurer", at=NOW)
    return book


def categorised(book: Book) -> dict[int, tuple[int | None, bool]]:
    with book.reading() as session:
        return {each.payment: (each.category, each.is_own) for each in costs(session) if each.category is not None}


def test_a_word_on_a_payee_is_of_everything_it_was_and_will_be_paid(spent: Book) -> None:
    with writing(spent.engine) as tx:
        assert categorise_payees(tx, {LANDLORD: RENT, CASH: WAGES, WAGE: None}, by="treasurer", at=NOW) == 2
        keep_payee_categories(tx, {the_bank(LineKind.FEE): RENT}, by="treasurer", at=NOW)
    assert categorised(spent) == {2: (1, False), 6: (1, False), 4: (2, True), 5: (1, False)}
    spent.take(statement("04-01", "04-30", line("04-02", -4_000, "Landlord OÜ", JAAN, "rent")))
    assert categorised(spent)[7] == (1, False)
    with writing(spent.engine) as tx:
        assert categorise_payees(tx, {RENT_AGAIN: None}, by="treasurer", at=NOW) == 1
    assert categorised(spent) == {4: (2, True), 5: (1, False)}


def test_a_payment_may_be_something_else(spent: Book) -> None:
    with writing(spent.engine) as tx:
        categorise_payees(tx, {LANDLORD: RENT}, by="treasurer", at=NOW)
        assert categorise_payment(tx, RENT_AGAIN, WAGES, by="treasurer", at=NOW)
        assert not categorise_payment(tx, RENT_AGAIN, WAGES, by="treasurer", at=NOW)
    assert categorised(spent) == {2: (1, False), 6: (2, True)}
    with writing(spent.engine) as tx:
        categorise_payment(tx, RENT_AGAIN, None, by="treasurer", at=NOW)
    assert categorised(spent) == {2: (1, False), 6: (1, False)}


def test_what_is_no_category_is_refused(spent: Book) -> None:
    for wanted in (CategoryId(9), CategoryId(-1)):
        with pytest.raises(Refusal, match="unknown_category"), writing(spent.engine) as tx:
            categorise_payees(tx, {LANDLORD: wanted}, by="treasurer", at=NOW)
        with pytest.raises(Refusal, match="unknown_category"), writing(spent.engine) as tx:
            categorise_payment(tx, LANDLORD, wanted, by="treasurer", at=NOW)
    assert categorised(spent) == {}


def test_two_categories_are_never_called_the_same(spent: Book) -> None:
    with pytest.raises(Refusal, match="category_name_taken"), writing(spent.engine) as tx:
        add_category(tx, "ROOMS", pays_people=True, by="treasurer", at=NOW)
    with pytest.raises(Refusal, match="category_name_taken"), writing(spent.engine) as tx:
        change_category(tx, WAGES, "rooms", pays_people=True)
    with writing(spent.engine) as tx:
        assert change_category(tx, RENT, "rooms", pays_people=True)
        assert not change_category(tx, CategoryId(9), "another", pays_people=True)
    with spent.reading() as session:
        assert [(each.name, each.pays_people) for each in categories(session)] == [("rooms", True), ("Wages", True)]


def test_a_cost_taken_back_is_none(spent: Book) -> None:
    spent.answer(WAGE, Answer(purpose=Purpose.TRANSFER, reason="to our other account"))
    with spent.reading() as session:
        assert [each.payment for each in costs(session)] == [2, 4, 5, 6]
        assert [(each.minor, each.late) for each in costs(session, after_allocation=6, only=WAGE)] == [(0, -3_000)]


def test_a_payee_can_be_erased_and_the_sums_stay(spent: Book) -> None:
    with writing(spent.engine) as tx:
        categorise_payees(tx, {LANDLORD: RENT, WAGE: WAGES}, by="treasurer", at=NOW)
        categorise_payment(tx, RENT_AGAIN, WAGES, by="treasurer", at=NOW)
    with writing(spent.engine) as tx:
        assert forget_payees(tx, ibans=[JAAN], names=[], by="treasurer", at=NOW) == 1
    assert categorised(spent) == {2: (1, True), 6: (2, True), 3: (2, False)}
    with spent.reading() as session:
        assert list(session.scalars(select(col(PayeeCategoryRow.payee)).order_by(col(PayeeCategoryRow.id)))) == [
            "",
            f"iban:{MARI}",
        ]


def test_words_on_payments_are_never_deleted(spent: Book) -> None:
    with writing(spent.engine) as tx:
        categorise_payment(tx, WAGE, WAGES, by="treasurer", at=NOW)
    with pytest.raises(DatabaseError, match="append_only"), writing(spent.engine) as tx:
        tx.execute(delete(PaymentCategoryRow))
