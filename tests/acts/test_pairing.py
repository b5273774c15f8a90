"""A person's word on identity: kept by file and place, so that it outlives undoing, and taken back exactly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from tests.book import MARI, NOW, Book, gift, line, statement

from donations.acts.pairing import apart, ask_again, bring_back, differ, leave_out, redated, same
from donations.core.payment import PaymentId
from donations.core.refusal import Refusal
from donations.core.statement import BankId, IdScheme, StatementLine
from donations.store.payments.payments import attested_ids
from donations.store.session import WriteSession, writing
from donations.store.statements.findings import Disagreement, questions_between

RETYPED = [
    statement("01-05", "01-05", line("01-05", 1000, "Mari Mets", MARI, text, ids=(BankId(IdScheme.FITID, f"F{n}"),)))
    for n, text in enumerate(("Annetus", "Toetus Annetus"))
]
"""Two texts and two ids: the bank may have typed one payment anew, or there are two."""
MADE_LATER = datetime(2026, 7, 2, tzinfo=UTC)


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
        (lambda session: differ(session, PaymentId(1), PaymentId(1), by="t", now=NOW), "one_payment"),
        (lambda session: ask_again(session, PaymentId(1), PaymentId(2), by="t", now=NOW), "not_decided"),
        (lambda session: redated(session, PaymentId(1), PaymentId(2), by="t", now=NOW), "both_shown"),
        (lambda session: redated(session, PaymentId(1), PaymentId(1), by="t", now=NOW), "one_payment"),
        (lambda session: leave_out(session, PaymentId(99), reason="no", by="t", now=NOW), "unknown_payment"),
        (lambda session: bring_back(session, 1, by="treasurer", now=NOW), "unknown_line"),
    ],
)
def test_what_the_statements_rule_out_is_refused(
    book: Book, decision: Callable[[WriteSession], None], code: str
) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1000), gift("01-06", 1000), gift("01-05", 1000)))
    before = book.ledger()
    with pytest.raises(Refusal) as refusal:
        decide(book, decision)
    assert str(refusal.value.code) == code
    assert book.ledger() == before


def disagreed(book: Book) -> list[tuple[Disagreement, PaymentId, PaymentId | None]]:
    with book.reading() as session:
        return [(each.kind, each.payment, each.other) for each in questions_between(session)]


def numbered(on: str, minor: int, number: str = "REF1") -> StatementLine:
    return gift(on, minor, ids=(BankId(IdScheme.ACCOUNT_SERVICER, number),))


def test_two_payments_with_one_reference_are_asked_of_until_a_person_says_that_they_are_two(book: Book) -> None:
    book.take(statement("01-01", "01-31", numbered("01-05", 1000), opening=0))
    book.take(statement("01-31", "02-28", numbered("02-05", 1500), opening=1000))
    one, other = payments(book)
    before = book.ledger()
    asked = disagreed(book)
    assert [(kind, {payment, second}) for kind, payment, second in asked] == [(Disagreement.CONFLICT, {one, other})]
    decide(book, lambda session: differ(session, one, other, by="treasurer", now=NOW))
    assert (disagreed(book), book.ledger()) == ([], before)
    # The next download shows the payment once more: nobody is asked again.
    book.take(statement("01-10", "02-10", numbered("02-05", 1500), opening=1000))
    assert disagreed(book) == []
    decide(book, lambda session: ask_again(session, other, one, by="treasurer", now=NOW))
    assert [kind for kind, _, _ in disagreed(book)] == [Disagreement.CONFLICT]


def test_a_row_that_stands_twice_is_asked_of_and_may_be_two(book: Book) -> None:
    book.take(statement("01-01", "01-31", numbered("01-05", 1000), numbered("01-05", 1000), opening=0))
    one, other = payments(book)
    assert disagreed(book) == [(Disagreement.REPEATED, one, other)]
    decide(book, lambda session: differ(session, one, other, by="treasurer", now=NOW))
    assert disagreed(book) == []


REDATED = statement("01-01", "01-31", gift("01-07", 1000), opening=0, made=MADE_LATER)


@pytest.mark.parametrize("is_newer_first", [False, True])
def test_a_payment_that_the_bank_gave_another_date_is_one(book: Book, *, is_newer_first: bool) -> None:
    files = [statement("01-01", "01-31", gift("01-05", 1000), opening=0), REDATED]
    for each in reversed(files) if is_newer_first else files:
        book.take(each)
    one, other = book.payment("01-05", 1000), book.payment("01-07", 1000)
    assert [kind for kind, _, _ in disagreed(book)] == [Disagreement.ORPHAN]
    with writing(book.engine) as session:
        assert redated(session, one, other, by="treasurer", now=NOW) == one
    assert (payments(book), disagreed(book)) == ([other], [])
    decide(book, lambda session: bring_back(session, 1, by="treasurer", now=NOW))
    assert len(payments(book)) == 2
