"""Answers: booked whole, in parts or for several payments at once, and taken back as if they had never been given."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples
from tests.written_once import written_once

from donations.acts.alike import asked
from donations.acts.answering import answer_alike, payment_with_id, split, take_back_answer
from donations.acts.asking import judged_now, place_of
from donations.acts.offering import Answer
from donations.core.donor import ANONYMOUS, AppealId
from donations.core.money import Minor
from donations.core.payment import PaymentId, Purpose
from donations.core.refusal import Refusal
from donations.ledger.booking import live, unallocated
from donations.matching.outcome import Ask
from donations.reports.checking import check
from donations.store.payments.allocations import allocations_of
from donations.store.payments.payers import payers_sharing
from donations.store.payments.payments import load_payments, payments_sharing
from donations.store.payments.questions import (
    erase_note,
    notes_of,
    put_aside,
    put_payment_aside,
    take_up_again,
    waiting,
    write_note,
)
from donations.store.session import writing

MARCH = statement(
    "03-01",
    "03-31",
    line("03-05", 5_000, "Mari Mets", MARI, "tere"),
    line("03-12", 5_000, "Mari Mets", MARI, "tere"),
    line("03-13", 5_000, "Jaan Mets", MARI, "tere"),
    line("03-14", 5_000, "Mari Mets", MARI, "anetus"),
    gift("03-20", 2_000, "Jaan Tamm", JAAN),
    line("03-25", -2_000, "Jaan Tamm", JAAN, "tagasi"),
)
GIVEN = Answer(purpose=Purpose.GIFT, reason="she said so", donor="Mari Mets")
SALE = Answer(purpose=Purpose.INCOME, reason="a ticket")


@pytest.fixture
@written_once
def march(book: Book) -> Book:
    book.take(MARCH)
    return book


def book_alike(book: Book, payments: list[int], given_: Answer) -> int:
    with writing(book.engine) as session:
        return answer_alike(session, [PaymentId(each) for each in payments], given_, by="treasurer", now=NOW).id


def take_back(book: Book, answer: int) -> list[PaymentId]:
    with writing(book.engine) as session:
        return take_back_answer(session, answer, by="treasurer", now=NOW)


def open_minor(book: Book, payment: int) -> Minor:
    with book.reading() as session:
        rows = allocations_of(session, [PaymentId(payment)]).get(PaymentId(payment), [])
        return unallocated(payment_with_id(session, PaymentId(payment)), rows)


def test_the_same_answer_for_all_alike_is_one_step_and_taken_back_in_one(march: Book) -> None:
    before = march.ledger()
    answer = book_alike(march, [1, 2], GIVEN)
    assert [open_minor(march, each) for each in (1, 2, 3)] == [0, 0, 5_000]
    assert take_back(march, answer) == [1, 2]
    assert march.ledger() == before


def test_an_answer_that_does_not_fit_one_of_them_books_none(march: Book) -> None:
    before = march.ledger()
    for payments, given_ in (([1, 6], GIVEN), ([1, 99], GIVEN), ([1, 2], Answer(purpose=Purpose.GIFT, reason="x"))):
        with pytest.raises(Refusal):
            book_alike(march, payments, given_)
    with pytest.raises(Refusal) as refused:
        book_alike(march, [1, 2], Answer(purpose=Purpose.INCOME, reason="x", minor=5))
    assert str(refused.value.code) == "parts_of_several"
    assert march.ledger() == before


def test_a_corrected_answer_taken_back_is_the_first_one_again(march: Book) -> None:
    untouched = march.ledger()
    first = book_alike(march, [1], GIVEN)
    given_ = march.ledger()
    second = book_alike(march, [1], SALE)
    assert march.ledger() != given_
    take_back(march, second)
    assert march.ledger() == given_
    take_back(march, first)
    assert march.ledger() == untouched
    assert not march.broken()


def test_an_answer_is_taken_back_once_and_not_over_a_later_one(march: Book) -> None:
    answer = book_alike(march, [1, 2], GIVEN)
    book_alike(march, [1], SALE)
    assert take_back(march, answer) == [2]
    for gone in (answer, 99):
        with pytest.raises(Refusal) as refused:
            take_back(march, gone)
        assert str(refused.value.code) == "nothing_answered"


def test_a_refund_is_asked_about_as_soon_as_an_answer_makes_it_one(book: Book) -> None:
    """What depends on an answer is judged with it, though only a part of the payments is looked at."""
    book.take(statement("03-01", "03-31", line("03-05", 700, "X", MARI, "tere"), line("03-09", -700, "X", MARI, "y")))
    assert open_minor(book, 2) == 0
    answer = book_alike(book, [1], GIVEN)
    assert open_minor(book, 2) == 700
    take_back(book, answer)
    assert open_minor(book, 2) == 0
    assert not book.broken()


PARTS = st.lists(
    st.tuples(st.integers(1, 5_000), st.sampled_from([Purpose.GIFT, Purpose.INCOME, Purpose.TRANSFER])), max_size=5
)


@settings(max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PARTS, st.booleans(), st.integers(0, 2_000))
def test_parts_add_up_or_nothing_is_written(
    fresh_sqlite: FreshEngine, parts: list[tuple[int, Purpose]], adds_up: bool, before_hand: int
) -> None:
    with fresh_sqlite() as engine:
        book = Book(engine)
        book.take(MARCH)
        if before_hand:
            book.answer(1, Answer(purpose=Purpose.INCOME, reason="x", minor=before_hand))
        left = 5_000 - before_hand
        amounts = [minor for minor, _ in parts]
        if adds_up and sum(amounts) < left:
            parts = [*parts, (left - sum(amounts), Purpose.GIFT)]
        before = book.ledger()
        answers = [
            Answer(purpose=purpose, reason="x", donor=ANONYMOUS, appeal=AppealId(1), minor=minor)
            if purpose is Purpose.GIFT
            else Answer(purpose=purpose, reason="x", minor=minor)
            for minor, purpose in parts
        ]
        should_fit = len(parts) > 1 and sum(minor for minor, _ in parts) == left
        if should_fit:
            with writing(engine) as session:
                made = split(session, PaymentId(1), answers, by="treasurer", now=NOW)
            assert open_minor(book, 1) == 0
            assert take_back(book, made.id) == [1]
        else:
            with pytest.raises(Refusal, match="parts_do_not_add_up"), writing(engine) as session:
                split(session, PaymentId(1), answers, by="treasurer", now=NOW)
        assert book.ledger() == before


STEPS = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, 4, 5]),
        st.sampled_from([GIVEN, SALE, Answer(purpose=Purpose.INCOME, reason="p", minor=100)]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=examples(12))
@given(STEPS)
def test_answers_taken_back_one_by_one_leave_no_trace(
    fresh_sqlite: FreshEngine, steps: list[tuple[int, Answer]]
) -> None:
    """Each undo gives the books as they were before that answer, however the answers built on each other."""
    with fresh_sqlite() as engine:
        book = Book(engine)
        book.take(MARCH)
        history = []
        for payment, given_ in steps:
            before = book.ledger()
            history.append((book_alike(book, [payment], given_), before))
        for answer, before in reversed(history):
            take_back(book, answer)
            assert book.ledger() == before
        assert not book.broken()


def test_alike_is_the_same_account_and_name_asked_for_the_same_reason(march: Book) -> None:
    with march.reading() as session:
        found = asked(session, payment_with_id(session, PaymentId(1)), today=date(2026, 7, 1))
        assert (found.question.payment.id, [each.payment.id for each in found.alike]) == (1, [2])


def test_a_payment_on_hold_is_out_of_the_way_until_its_day(march: Book) -> None:
    before = march.ledger()
    with writing(march.engine) as session:
        put_payment_aside(session, PaymentId(1), until=date(2026, 8, 1), by="treasurer", at=NOW)
        put_payment_aside(session, PaymentId(2), until=None, by="treasurer", at=NOW)
    with march.reading() as session:
        for on, waits, aside in (("2026-07-31", [3, 4, 6], [1, 2]), ("2026-08-01", [1, 3, 4, 6], [2])):
            today = date.fromisoformat(on)
            assert [each.id for each in waiting(session, today=today)] == waits
            assert [each.id for each in put_aside(session, today=today)] == aside
    assert march.ledger() == before
    with writing(march.engine) as session:
        take_up_again(session, PaymentId(2))
    with march.reading() as session:
        assert [each.id for each in waiting(session, today=date(2026, 8, 1))] == [1, 2, 3, 4, 6]


def test_the_queue_is_walked_in_order_and_a_payment_has_its_place_when_it_is_answered(march: Book) -> None:
    today = date(2026, 7, 1)
    with march.reading() as session:
        middle = payment_with_id(session, PaymentId(3))
        place = place_of(session, middle, today=today)
        assert (place.at, place.total, place.before, place.behind) == (3, 5, 2, 4)
    book_alike(march, [3], SALE)
    with march.reading() as session:
        place = place_of(session, middle, today=today)
        assert (place.at, place.total, place.before, place.behind) == (3, 4, 2, 4)


def test_a_notes_text_can_be_erased(march: Book) -> None:
    with writing(march.engine) as session:
        write_note(session, PaymentId(1), "asked her", by="treasurer", at=NOW)
    with writing(march.engine) as session:
        assert erase_note(session, 1) == 1
        assert erase_note(session, 7) is None
    with march.reading() as session:
        assert [(each.text, each.written_by) for each in notes_of(session, PaymentId(1))] == [("", "treasurer")]


WORLD = st.lists(
    st.tuples(
        st.sampled_from(["Mari Mets", "METS MARI", "Jaan Mets", ""]),
        st.sampled_from([MARI, JAAN, ""]),
        st.sampled_from(["", "49403136526", "38001085718"]),
        st.sampled_from(["annetus", "tere", "anetus", "annetus 49403136526"]),
        st.sampled_from([1_000, 2_000, -1_000]),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=examples(15))
@given(WORLD, st.booleans())
def test_one_payment_for_each_way_of_naming_the_payer_judges_as_all_of_them_do(
    fresh_sqlite: FreshEngine, world: list[tuple[str, str, str, str, int]], twice: bool
) -> None:
    lines = [
        line(f"03-{at + 1:02}", minor, name, account, text, code=code)
        for at, (name, account, code, text, minor) in enumerate(world)
    ]
    with fresh_sqlite() as engine:
        book = Book(engine)
        book.take(statement("03-01", "03-31", *lines))
        if twice:  # another format, without names and codes
            book.take(
                statement(
                    "03-01", "03-31", *(line(f"03-{at + 1:02}", w[4], "", w[1], w[3]) for at, w in enumerate(world))
                )
            )
        with book.reading() as session:
            everything = payments_sharing(session, accounts=[MARI, JAAN], codes=[], without=())
            some = payers_sharing(session, accounts=[MARI, JAAN], codes=[])
            assert set(some) <= set(everything)
            for payment in load_payments(session, everything):
                with_all = judged_now(session, load_payments(session, everything))
                assert judged_now(session, [payment])[payment.id] == with_all[payment.id]
            assert not check(session, ["rules_repeatable"]).broken


def test_a_code_in_the_text_is_offered_as_the_donor_who_has_it(book: Book) -> None:
    book.take(statement("03-01", "03-01", gift("03-01", 1_000, code="49403136526")))
    other = line("03-02", 1_000, "Jaan Tamm", JAAN, "annetus 49403136526", code="38001085718")
    book.take(statement("03-02", "03-02", other))
    with book.reading() as session:
        (asked_,) = judged_now(session, load_payments(session, [PaymentId(2)])).values()
    assert isinstance(asked_, Ask)
    assert book.donor("Mari Mets") in {each.donor for each in asked_.proposals}


def test_nothing_of_a_taken_back_answer_is_live(march: Book) -> None:
    take_back(march, book_alike(march, [1], GIVEN))
    with march.reading() as session:
        rows = allocations_of(session, [PaymentId(1)])[PaymentId(1)]
    assert (len(rows), live(rows)) == (2, [])
