"""Every row that is changed or deleted is told, whatever condition a statement finds it by."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, or_, update
from sqlmodel import col
from tests.book import NOW, Book, gift, statement
from tests.written_once import written_once

from donations.core.donor import DonorId
from donations.core.payment import PaymentId
from donations.store.donors.merges import mark_distinct, unmark_distinct
from donations.store.log.audit import acting_as, head, whole_log
from donations.store.payments.questions import write_note
from donations.store.session import WriteSession, writing
from donations.store.tables.rules import PaymentNoteRow

Change = Callable[[WriteSession], object]
BY = {"by": "treasurer", "at": NOW}
NOTE = col(PaymentNoteRow.payment_id)


@pytest.fixture
@written_once
def noted(book: Book) -> Book:
    """Two payments, each with a note."""
    book.take(statement("03-01", "03-31", gift("03-15", 1_000), gift("03-16", 500)))
    with writing(book.engine) as session:
        for payment in (1, 2):
            write_note(session, PaymentId(payment), "a word", by="treasurer", at=NOW)
    return book


def _by_entity(session: WriteSession) -> None:
    session.get_one(PaymentNoteRow, 1).text = ""
    session.flush()


ERASE = update(PaymentNoteRow).values(text="")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda tx: tx.execute(ERASE.where(col(PaymentNoteRow.id) == 1)), {"1"}, id="by its key"),
        pytest.param(lambda tx: tx.execute(ERASE.where(NOTE == 2)), {"2"}, id="by another column"),
        pytest.param(lambda tx: tx.execute(ERASE.where(NOTE.in_([1, 2, 9]))), {"1", "2"}, id="several"),
        pytest.param(lambda tx: tx.execute(ERASE.where(or_(NOTE == 1, NOTE == 9))), {"1"}, id="by one of two"),
        pytest.param(lambda tx: tx.execute(ERASE), {"1", "2"}, id="without a condition"),
        pytest.param(lambda tx: tx.execute(ERASE.where(NOTE == 9)), set(), id="none"),
        pytest.param(_by_entity, {"1"}, id="as an entity"),
    ],
)
def test_each_changed_row_is_told(noted: Book, change: Change, told: set[str]) -> None:
    assert told_by(noted, change) == {("payment_note_erased", payment) for payment in told}


def test_a_deleted_row_is_told_by_what_it_was(noted: Book) -> None:
    with writing(noted.engine) as session:
        mark_distinct(session, DonorId(2), DonorId(1), **BY)  # type: ignore[arg-type]
    assert told_by(noted, lambda tx: unmark_distinct(tx, DonorId(2), DonorId(1))) == {("said_alike", "1")}


def test_what_was_changed_and_then_deleted_is_not_told_as_changed(noted: Book) -> None:
    def change(session: WriteSession) -> None:
        session.execute(ERASE.where(NOTE == 1))
        session.execute(delete(PaymentNoteRow).where(NOTE == 1))

    assert told_by(noted, change) == set()


def told_by(book: Book, change: Change) -> set[tuple[str, str]]:
    """Return what the log says of a change: the action, and the thing's number."""
    with acting_as("somebody", at=NOW), writing(book.engine) as session:
        before = head(session).number
        change(session)
    with book.reading() as session:
        return {(each.entry.action, each.entry.id) for each in whole_log(session) if each.entry.number > before}
