"""For any true payments and any way to cut them into files: the same ledger, nothing missing and nothing twice."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, exists, select
from tests.book import JAAN, Book, gift, line, statement
from tests.conftest import FreshEngine
from tests.examples import examples, of_rules
from tests.identity.views import FIRST, OPENING, Format, TruePayment, View, downloads, statement_of, truths

from donations.acts.offering import Answer
from donations.core.donor import DonorId
from donations.core.money import EUR, Balance
from donations.core.payment import Purpose
from donations.core.refusal import Refusal
from donations.core.statement import BankId, IdScheme, Proof
from donations.identity.proof import DayState
from donations.reports.checking import check
from donations.reports.dump import dump
from donations.store.payments.payments import attested_ids, load_payments
from donations.store.statements.coverage import ledger_proof, ledgers
from donations.store.tables import AttestationRow, PaymentRow

WORLDS = settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
LASTING = (Format.XML, Format.CSV, Format.OFX)
"""Formats that show the same of who paid and what for, so that the gifts agree whichever are imported."""


def moved(book: Book) -> Counter[tuple[object, int]]:
    """Return the payments that the ledger counts, by day and amount."""
    attested = exists().where(col(AttestationRow.payment_id) == col(PaymentRow.id))
    with book.reading() as session:
        return Counter(
            (day, minor)
            for day, minor in session.execute(select(col(PaymentRow.booked_on), col(PaymentRow.minor)).where(attested))
        )


def ledger_of(book: Book) -> bytes:
    """Return the canonical ledger."""
    with book.reading() as session:
        return dump(session)


def take(book: Book, truth: Sequence[TruePayment], views: Sequence[View]) -> dict[int, int | None]:
    """Import the views and return their import numbers."""
    return {view.number: book.take(statement_of(truth, view)).file_id for view in views}


@of_rules()
@WORLDS
@given(truth=truths(), views=downloads(), seed=st.integers(0, 2**16))
def test_nothing_is_missing_and_nothing_twice(
    fresh_engine: FreshEngine, truth: tuple[TruePayment, ...], views: list[View], seed: int
) -> None:
    Random(seed).shuffle(views)
    with fresh_engine() as engine:
        book = Book(engine)
        take(book, truth, views)
        assert moved(book) == Counter((payment.day, payment.minor) for payment in truth)


@WORLDS
@given(truth=truths(), views=downloads(), seed=st.integers(0, 2**16))
def test_any_order_gives_the_same_ledger(
    fresh_engine: FreshEngine, truth: tuple[TruePayment, ...], views: list[View], seed: int
) -> None:
    shuffled = list(views)
    Random(seed).shuffle(shuffled)
    with fresh_engine() as one, fresh_engine() as other:
        take(Book(one), truth, views)
        take(Book(other), truth, shuffled)
        assert ledger_of(Book(one)) == ledger_of(Book(other))


@of_rules()
@WORLDS
@given(truth=truths(), views=downloads(), others=downloads())
def test_importing_twice_is_importing_once(
    fresh_engine: FreshEngine, truth: tuple[TruePayment, ...], views: list[View], others: list[View]
) -> None:
    with fresh_engine() as engine:
        book = Book(engine)
        take(book, truth, views)
        before = ledger_of(book)
        take(book, truth, views)
        assert ledger_of(book) == before
        payments = moved(book)
        take(book, truth, [view for view in others if view.form is not Format.RENUMBERED])
        assert moved(book) == payments


@WORLDS
@given(truth=truths(), views=downloads(), data=st.data())
def test_undoing_any_imports_gives_the_ledger_that_never_had_them(
    fresh_engine: FreshEngine, truth: tuple[TruePayment, ...], views: list[View], data: st.DataObject
) -> None:
    undone = data.draw(st.sets(st.sampled_from([view.number for view in views])), label="undone")
    with fresh_engine() as one, fresh_engine() as other:
        book, never = Book(one), Book(other)
        imported = take(book, truth, views)
        withdrawn = {imported[number] for number in undone}
        for file_id in sorted(each for each in withdrawn if each is not None):
            book.undo(file_id)
        undone = {number for number, file_id in imported.items() if file_id in withdrawn}  # equal bytes are one file
        take(never, truth, [view for view in views if view.number not in undone])
        assert ledger_of(book) == ledger_of(never)
        take(book, truth, [view for view in views if view.number in undone])
        take(never, truth, [view for view in views if view.number in undone])
        assert ledger_of(book) == ledger_of(never)


@of_rules()
@WORLDS
@given(truth=truths(), one=downloads(forms=LASTING), other=downloads(forms=LASTING))
def test_any_cut_gives_the_same_ledger(
    fresh_engine: FreshEngine, truth: tuple[TruePayment, ...], one: list[View], other: list[View]
) -> None:
    # Codes come only in XML: both ways of cutting end with one whole XML of the period.
    whole = View(one[0].first_day, max(view.last_day for view in one), Format.XML, with_balances=True, number=99)
    with fresh_engine() as first, fresh_engine() as second:
        take(Book(first), truth, [*one, whole])
        take(Book(second), truth, [*other, whole])
        assert ledger_of(Book(first)) == ledger_of(Book(second))


def test_two_half_days_that_each_show_one_twin_are_told_apart_by_the_balance(fresh_engine: FreshEngine) -> None:
    """Two equal gifts without ids, seen one by one: the second file opens with what the first one closed with."""
    twins = [TruePayment(number, FIRST, 1000, 6, "Annetus") for number in range(2)]
    alone = View(FIRST, FIRST, Format.BARE, with_balances=True)
    morning = statement_of(twins[:1], alone)
    evening = replace(morning, opening=morning.closing, closing=Balance(OPENING + 2000, EUR))
    with fresh_engine() as engine:
        book = Book(engine)
        book.take(morning)
        assert book.take(evening).statements[0].proof is Proof.UNPROVEN
        with book.reading() as session:
            found = ledger_proof(session, ledgers(session)[0])
        assert [run.state for run in found.runs] == [DayState.NOT_OVER]
        assert moved(book) == {(FIRST, 1000): 2}


@of_rules()
@WORLDS
@given(truth=truths(), views=downloads(), data=st.data())
def test_whatever_people_answer_every_invariant_holds(
    fresh_engine: FreshEngine, truth: tuple[TruePayment, ...], views: list[View], data: st.DataObject
) -> None:
    """Allocations never exceed their payment; gifts, other, transfers and what is left are the bank's movement."""
    with fresh_engine() as engine:
        book = Book(engine)
        imported = take(book, truth, views)
        for _ in range(data.draw(st.integers(0, 4))):
            with book.reading() as session:
                payment = data.draw(st.sampled_from(load_payments(session, attested_ids(session))))
            is_in = payment.money.signed_minor > 0
            purposes = [Purpose.GIFT, Purpose.INCOME] if is_in else [Purpose.REFUND, Purpose.COST]
            donors: list[DonorId | str] = ["Uus Annetaja", DonorId(1)]
            given = Answer(
                purpose=data.draw(st.sampled_from(purposes)),
                reason="because",
                donor=data.draw(st.sampled_from(donors)),
                minor=data.draw(st.none() | st.integers(1, 2500)),
            )
            with contextlib.suppress(Refusal):  # more than is left is refused
                book.answer(payment.id, given)
        with book.reading() as session:
            assert not check(session).broken
        for file_id in sorted({each for each in imported.values() if each is not None}):
            book.undo(file_id)
        with book.reading() as session:
            assert (dump(session), check(session).broken) == (b"", frozenset())


def test_money_that_two_statements_of_one_day_tell_differently_is_not_proven(fresh_engine: FreshEngine) -> None:
    with fresh_engine() as engine:
        book = Book(engine)
        book.take(statement("03-05", "03-05", gift("03-05", 1000), opening=0))
        told = statement("03-05", "03-05", gift("03-05", 600), gift("03-05", 400, "Jaan Tamm", JAAN), opening=0)
        assert book.take(told).statements[0].proof is not Proof.PROVEN


def test_a_decision_stays_on_its_lines_when_others_regroup(fresh_engine: FreshEngine) -> None:
    """A line without a name joins another payment when a fuller statement comes; the answers stay where they were."""
    shared, own = BankId(IdScheme.END_TO_END, "E1"), BankId(IdScheme.ENTRY, "X1234567")
    with fresh_engine() as engine:
        book = Book(engine)
        book.take(statement("01-05", "01-05", line("01-05", 1000, ids=(shared,))))
        jaan = gift("01-05", 1000, "Jaan Tamm", JAAN)
        book.take(statement("01-05", "01-05", gift("01-05", 1000), jaan))
        with book.reading() as session:
            names = {payment.counterparty.name: payment.id for payment in load_payments(session, attested_ids(session))}
        for name, payment in names.items():
            book.answer(payment, Answer(purpose=Purpose.INCOME, reason=name))
        book.take(statement("01-05", "01-05", replace(jaan, ids=(shared, own))))
        with book.reading() as session:
            now = {payment.counterparty.name: payment.id for payment in load_payments(session, attested_ids(session))}
        assert now == names
