"""A reason names what to look at: the imports, the payments, and the one payment that is just what is missed."""

from __future__ import annotations

import pytest
from tests.book import NOW, Book, day, gift, line, statement

from donations.acts.accounts import confirm_no_movement
from donations.acts.proving import proofs
from donations.core.money import EUR
from donations.core.statement import StatementLine
from donations.identity.proof import DayState
from donations.reports.day_reasons import ReasonedRun, Reasons
from donations.store.session import writing
from donations.store.statements.files import Ledger
from donations.views.phrases import PLAIN


def reasoned(book: Book, *states: DayState) -> list[ReasonedRun]:
    with book.reading() as session:
        reasons = Reasons(session)
        return [
            reasons.of(each, run) for each in proofs(session) for run in each.runs if not states or run.state in states
        ]


def test_a_payment_without_which_it_would_fit_is_named(book: Book) -> None:
    lines = (gift("03-05", 1_000), gift("03-06", 2_500), gift("03-07", 4_000))
    book.take(statement("03-01", "03-31", *lines, opening=0, closing=5_000), accept="so it is")
    (found,) = reasoned(book, DayState.CONFLICT)
    assert found.near is not None
    assert (found.near.payment, found.near.is_too_much) == (book.payment("03-06", 2_500), True)
    assert found.in_words is not None
    assert PLAIN.tell(found.in_words.phrase) == (
        "The lines of the statement miss its closing balance by 25.00 EUR."
        f" It would fit without payment {found.near.payment} of 2026-03-06, 25.00 EUR."
    )
    assert str(found.in_words) == "does_not_add_up"
    assert [source.name for source in found.sources] == ["statement.xml"]


@pytest.mark.parametrize(
    ("lines", "is_named"),
    [
        pytest.param((line("03-30", 700, "A", "", "x"),), True, id="one"),
        pytest.param((line("03-30", 700, "A", "", "x"), line("04-02", 700, "B", "", "x")), False, id="two"),
        pytest.param((line("03-20", 700, "A", "", "x"),), False, id="far away"),
        pytest.param((line("03-30", 701, "A", "", "x"),), False, id="another amount"),
    ],
)
def test_only_one_payment_near_of_just_that_amount_is_named(
    book: Book, lines: tuple[StatementLine, ...], *, is_named: bool
) -> None:
    march = [each for each in lines if each.booked_on < day("04-01")]
    april = [each for each in lines if each.booked_on >= day("04-01")]
    book.take(statement("03-01", "03-31", *march, opening=10_000))
    opening = 10_000 + sum(each.money.signed_minor for each in march) + 700
    book.take(statement("04-01", "04-30", *april, opening=opening))
    (found,) = reasoned(book, DayState.CONFLICT)
    assert (found.near is not None) == is_named
    if found.near is not None:
        assert not found.near.is_too_much
        assert found.payments == (found.near.payment,)


def test_what_a_statement_does_not_show_is_named_with_it(book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), opening=0), name="first.xml")
    book.take(statement("03-02", "04-30", gift("04-05", 1_000)), name="second.xml")
    (found,) = reasoned(book, DayState.CONFLICT)
    assert found.payments == (book.payment("03-05", 1_000),)
    assert [source.name for source in found.sources] == ["second.xml"]


def test_who_confirmed_that_nothing_moved_is_named(book: Book) -> None:
    book.take(statement("03-01", "03-10", opening=1_000))
    book.take(statement("03-12", "03-31", opening=1_000))
    (found,) = reasoned(book, DayState.UNCHANGED)
    assert not found.is_confirmed
    assert found.to_do is not None
    gap = day("03-11")
    with writing(book.engine) as session:
        confirm_no_movement(session, Ledger(account_id=1, currency=EUR), gap, gap, by="Tiina", now=NOW)
    (found,) = reasoned(book, DayState.UNCHANGED)
    assert (found.is_confirmed, found.to_do) == (True, None)
    assert found.why is not None
    assert PLAIN.tell(found.why).endswith("Tiina confirmed on 2026-07-01 that nothing moved.")


def test_what_is_proven_has_no_reason(book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 1_000), opening=0))
    (found,) = reasoned(book)
    assert (found.why, found.in_words, found.near, found.to_do, found.sources, found.payments) == (None,) * 4 + ((), ())
