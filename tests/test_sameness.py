"""A person's word on identity: kept by file and place, so that it outlives undoing, and taken back exactly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.book import MARI, NOW, Book, gift, line, statement

from donations.core.payment import PaymentId
from donations.core.statement import BankId, IdScheme
from donations.sameness import CannotDecideError, apart, bring_back, leave_out, same
from donations.store.payments.payments import attested_ids
from donations.store.session import WriteSession, writing

RETYPED = [
    statement("01-05", "01-05", line("01-05", 1000, "Mari Mets", MARI, text, ids=(BankId(IdScheme.FITID, f"F{n}"),)))
    for n, text in enumerate(("Annetus", "Toetus Annetus"))
]
"""Two texts and two ids: the bank may have typed one payment anew, or there are two."""


def decide(book: Book, decision: Callable[[WriteSession], None]) -> None:
    with writing(book.engine) as session:
        decision(session)
    assert not book.broken()


def payments(book: Book) -> list[PaymentId]:
    with book.reading() as session:
        return sorted(attested_ids(session))


def test_two_payments_can_be_called_one_and_apart_again(book: Book) -> None:
    for each in RETYPED:
        book.take(each)
    two = payments(book)
    decide(book, lambda session: same(session, two[0], two[1], by="treasurer", now=NOW))
    assert len(payments(book)) == 1
    decide(book, lambda session: apart(session, payments(book)[0], by="treasurer", now=NOW))
    assert len(payments(book)) == 2


def test_the_word_outlives_undo_and_import_of_the_same_bytes(book: Book) -> None:
    imported = [book.take(each) for each in RETYPED]
    two = payments(book)
    decide(book, lambda session: same(session, two[0], two[1], by="treasurer", now=NOW))
    one = book.ledger()
    book.undo(imported[0].file_id)
    book.take(RETYPED[0])
    assert book.ledger() == one


def test_a_payment_left_out_is_reversed_and_comes_back(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1000), gift("01-06", 1000)))
    before = book.ledger()
    decide(book, lambda session: leave_out(session, payments(book)[0], reason="re-dated", by="treasurer", now=NOW))
    assert len(payments(book)) == 1
    decide(book, lambda session: bring_back(session, 1, by="treasurer", now=NOW))
    assert book.ledger() == before


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (lambda session: same(session, PaymentId(1), PaymentId(3), by="t", now=NOW), "different_day_or_amount"),
        (lambda session: same(session, PaymentId(1), PaymentId(2), by="t", now=NOW), "both_shown"),
        (lambda session: apart(session, PaymentId(1), by="t", now=NOW), "one_line"),
        (lambda session: leave_out(session, PaymentId(99), reason="no", by="t", now=NOW), "unknown_payment"),
        (lambda session: bring_back(session, 1, by="treasurer", now=NOW), "unknown_line"),
    ],
)
def test_what_the_statements_rule_out_is_refused(
    book: Book, decision: Callable[[WriteSession], None], code: str
) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1000), gift("01-06", 1000), gift("01-05", 1000)))
    before = book.ledger()
    with pytest.raises(CannotDecideError) as refusal:
        decide(book, decision)
    assert refusal.value.code == code
    assert book.ledger() == before
