"""The report of spending: by category and currency, and together the ledger's costs to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples

from donations.acts.answering import split
from donations.acts.erasing import restrict
from donations.acts.offering import Answer
from donations.core.calendar import Period
from donations.core.money import Currency
from donations.core.payment import Purpose
from donations.core.spending import CategoryId
from donations.core.statement import StatementLine
from donations.ledger.retention import RetentionReason, unnamed
from donations.reports.spending import costs_in, spending, spending_of
from donations.store.payments.movements import purpose_sums
from donations.store.session import writing
from donations.store.spending import add_category, categorise_payees, categorise_payment

YEAR = Period.of(year=2026)
ROOMS, FEES = CategoryId(1), CategoryId(2)


def lived(book: Book) -> None:
    """Costs of three payees, one in another currency, and two categories."""
    book.take(
        statement(
            "03-01",
            "03-31",
            gift("03-01", 50_000),
            line("03-02", -4_000, "Landlord", JAAN, "rent of March"),
            line("03-03", -3_000, "Mari Mets", MARI, "pay"),
            line("03-08", -1_000, "Landlord", JAAN, "heating"),
            line("03-09", -200, text="cash"),
        )
    )
    dollar = Currency("USD")
    book.take(
        statement(
            "03-01", "03-31", line("03-04", -900, "Landlord", JAAN, "in dollars", currency=dollar), currency=dollar
        )
    )
    with writing(book.engine) as tx:
        add_category(tx, "Rooms", pays_people=False, by="treasurer", at=NOW)
        add_category(tx, "Fees", pays_people=True, by="treasurer", at=NOW)
        categorise_payees(tx, {book.payment("03-02", -4_000): ROOMS}, by="treasurer", at=NOW)


def test_the_largest_come_first_and_what_has_no_category_last(book: Book) -> None:
    lived(book)
    with book.reading() as session:
        found = spending_of(session, YEAR)
    sums = [
        (each.category and each.category.name, each.currency, each.minor, each.percent) for each in found.by_category
    ]
    assert sums == [("Rooms", "EUR", 5_000, 61), (None, "EUR", 3_200, 39), ("Rooms", "USD", 900, 100)]
    assert found.totals == (("EUR", 8_200), ("USD", 900))
    assert [(each.newest.text, each.payments) for each in found.without] == [("pay", 1), ("cash", 1)]
    (landlord,) = found.given
    assert (landlord.sums, landlord.payments) == ((("EUR", 5_000), ("USD", 900)), 3)


def test_every_sum_is_made_of_payments(book: Book) -> None:
    lived(book)
    with writing(book.engine) as tx:
        categorise_payment(tx, book.payment("03-08", -1_000), FEES, by="treasurer", at=NOW)
    with book.reading() as session:
        found = spending_of(session, YEAR)
        for each in found.by_category:
            listed = costs_in(session, YEAR, None if each.category is None else each.category.id)
            assert sum(one.minor for one in listed if one.currency == each.currency) == each.minor
            assert [one.booked_on for one in listed] == sorted((one.booked_on for one in listed), reverse=True)


def test_the_table_says_what_each_category_pays(book: Book) -> None:
    lived(book)
    with book.reading() as session:
        table = spending(session, YEAR)
    assert [row[:2] for row in table.rows] == [
        ("Rooms", "organisations"),
        ("no_category", None),
        ("Rooms", "organisations"),
    ]
    assert table.totals == (("Total", None, 4, 8_200, "EUR"), ("Total", None, 1, 900, "USD"))


def test_who_asked_to_be_forgotten_is_not_named(book: Book) -> None:
    """Part of a payment was a refund to Mari, and part of it a cost."""
    book.take(
        statement("03-01", "03-31", gift("03-01", 5_000, "Mari Mets"), line("03-03", -3_000, "Mari Mets", MARI, "ours"))
    )
    mari, refund = book.donor("Mari Mets"), Answer(purpose=Purpose.REFUND, reason="asked", donor="Mari Mets")
    with writing(book.engine) as tx:
        parts = [replace(refund, minor=1_000), Answer(purpose=Purpose.COST, reason="paint", minor=2_000)]
        split(tx, book.payment("03-03", -3_000), parts, by="treasurer", now=NOW)
        restrict(tx, mari, why=RetentionReason.ASKED, by="treasurer", now=NOW, today=NOW.date())
    with book.reading() as session:
        (found,) = spending_of(session, YEAR).without
        (listed,) = costs_in(session, YEAR, None)
    assert listed.content == found.newest
    assert (found.newest.counterparty.name, found.newest.text) == (unnamed(mari), "")


PAYMENTS = st.lists(
    st.builds(
        line,
        st.dates(date(2026, 1, 1), date(2026, 3, 31)).map("{:%m-%d}".format),
        st.integers(-99_999, 99_999).filter(bool),
        st.sampled_from(["Landlord", "Mari Mets", ""]),
        st.sampled_from([MARI, JAAN, ""]),
        st.sampled_from(["rent", "pay", "Annetus"]),
    ),
    max_size=12,
)
MARKS = st.lists(st.tuples(st.integers(0, 20), st.sampled_from([None, ROOMS, FEES]), st.booleans()), max_size=6)


@settings(max_examples=examples(25), deadline=None)
@given(PAYMENTS, MARKS, st.sampled_from([1, 2, 3, None]))
def test_together_they_are_the_ledgers_costs(
    fresh_sqlite: FreshEngine,
    lines: list[StatementLine],
    marks: list[tuple[int, CategoryId | None, bool]],
    month: int | None,
) -> None:
    period = Period.of(year=2026, month=month)
    with fresh_sqlite() as engine:
        book = Book(engine)
        book.take(statement("01-01", "03-31", *sorted(lines, key=lambda each: each.booked_on), opening=0))
        with writing(engine) as tx:
            add_category(tx, "Rooms", pays_people=False, by="treasurer", at=NOW)
            add_category(tx, "Fees", pays_people=True, by="treasurer", at=NOW)
        with book.reading() as session:
            paid = [each.payment for each in costs_in(session, Period(), None)]
        for at, category, is_alone in marks:
            if at < len(paid):
                with writing(engine) as tx:
                    if is_alone:
                        categorise_payment(tx, paid[at], category, by="treasurer", at=NOW)
                    else:
                        categorise_payees(tx, {paid[at]: category}, by="treasurer", at=NOW)
        if paid:
            book.answer(paid[0], Answer(purpose=Purpose.TRANSFER, reason="ours"))
        with book.reading() as session:
            table = spending(session, period)
            ledger = purpose_sums(session, first_day=period.first_day, last_day=period.last_day)
    costs = -sum(each.minor for each in ledger if each.purpose is Purpose.COST)
    assert sum(each for row in table.rows if isinstance(each := row[3], int)) == costs
    assert sum(each for row in table.totals if isinstance(each := row[3], int)) == costs
