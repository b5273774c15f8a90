"""Taking an import back says beforehand what depends on it."""

from __future__ import annotations

import pytest
from tests.book import JAAN, MARI, NOW, Book, gift, line, statement

from donations.acts.closing import close
from donations.acts.offering import Answer
from donations.acts.undoing import MonthLost, undo
from donations.core.calendar import Month
from donations.core.money import EUR
from donations.core.payment import Purpose
from donations.core.refusal import Refusal
from donations.store.session import writing

WINTER = statement(
    "01-01",
    "02-28",
    gift("01-05", 1_000),
    gift("01-20", 2_000, "Jaan Tamm", JAAN),
    gift("02-05", 1_000),
    line("02-06", -500, text="kuutasu"),
)


def test_what_leaves_is_told_month_by_month(book: Book) -> None:
    taken = book.take(WINTER)
    found = book.undo(taken.file_id)
    january, february = Month(2026, 1).first_day, Month(2026, 2).first_day
    assert (found.lines, found.payments, found.kept, found.gifts) == (4, 4, 0, 3)
    assert found.months == (
        MonthLost(month=january, payments=2, gifts=2, gift_totals=((EUR, 3_000),)),
        MonthLost(month=february, payments=2, gifts=1, gift_totals=((EUR, 1_000),)),
    )
    assert found.gift_totals == ((EUR, 4_000),)


def test_donors_who_have_given_otherwise_too_are_not_left_without_gifts(book: Book) -> None:
    book.take(statement("03-01", "03-31", gift("03-05", 700)))
    taken = book.take(WINTER)
    assert book.undo(taken.file_id).donors_left == 1


def test_what_another_import_shows_too_stays(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1_000)))
    taken = book.take(statement("01-01", "02-28", gift("01-05", 1_000), gift("02-05", 500, "Jaan Tamm", JAAN)))
    found = book.undo(taken.file_id)
    assert (found.payments, found.kept, found.unbooked, found.donors_left) == (1, 1, 0, 1)


def test_what_stays_may_be_no_gift_any_more(book: Book) -> None:
    """The other file shows the payment, but not the account from which it came."""
    book.take(statement("01-01", "01-31", line("01-05", 1_000, "Mari Mets", "", "Annetus")))
    taken = book.take(statement("01-01", "01-31", gift("01-05", 1_000), opening=0))
    found = book.undo(taken.file_id)
    assert (found.payments, found.kept, found.unbooked, found.donors_left) == (0, 1, 1, 1)


def test_answers_of_people_are_counted(book: Book) -> None:
    taken = book.take(statement("01-01", "01-31", line("01-06", 500, "Mari Mets", MARI, "tere")))
    book.answer(book.payment("01-06", 500), Answer(purpose=Purpose.INCOME, reason="A ticket"))
    assert book.undo(taken.file_id).decisions == 1


def test_closed_months_are_pointed_out(book: Book) -> None:
    taken = book.take(
        statement("01-01", "01-31", gift("01-05", 1_000), opening=0),
        statement("02-01", "02-28", gift("02-05", 1_000), opening=1_000),
    )
    with writing(book.engine) as session:
        close(session, Month(2026, 1), by="treasurer", now=NOW, today=NOW.date())
    assert book.undo(taken.file_id).closed == (Month(2026, 1),)


def test_there_must_be_something_to_undo(book: Book) -> None:
    taken = book.take(WINTER)
    book.undo(taken.file_id)
    for file_id, code in ((taken.file_id, "nothing_to_undo"), (99, "unknown_import")):
        assert file_id is not None
        with writing(book.engine, keep=False) as session, pytest.raises(Refusal) as refused:
            undo(session, file_id, by="treasurer", now=NOW)
        assert str(refused.value.code) == code


def test_a_name_that_no_gift_shows_any_more_means_nobody(book: Book) -> None:
    """Undone, the file with the name leaves the donor without one: money out to that name is no refund."""
    named = book.take(statement("03-01", "03-01", gift("03-01", 1000)))
    book.take(statement("03-02", "03-02", gift("03-02", 1000, "")))
    book.undo(named.file_id)
    book.take(statement("03-07", "03-07", line("03-07", -1000, "Mari Mets")))
    assert b'"purpose":"cost"' in book.ledger()
