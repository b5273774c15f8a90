"""The report of an import says what the file states, and what stands in the books because of it."""

from __future__ import annotations

from tests.book import JAAN, MARI, NOW, Book, gift, line, statement

from donations.acts.closing import close
from donations.core.calendar import Month
from donations.core.payment import Purpose
from donations.core.problem import ProblemCode
from donations.identity.proof import DayState
from donations.reports.imports import ImportReport, content_view, import_report
from donations.store.session import writing
from donations.views.phrases import PLAIN
from donations.views.value import Money


def report(book: Book, file_id: int | None) -> ImportReport:
    assert file_id is not None
    with book.reading() as session:
        found = import_report(session, file_id)
    assert found is not None
    return found


def test_opening_and_what_moved_is_closing(quarter: Book) -> None:
    january, transfer = content_view(report(quarter, 1), PLAIN, sees_names=True).statements
    sums = [january.opening, january.money_in, january.money_out, january.closing]
    assert [each and each.minor for each in sums] == [10_000, 10_200, 250, 19_950]
    assert (january.adds_up, january.is_proven, january.lines) == (True, True, 6)
    assert (transfer.adds_up, transfer.is_proven, transfer.money_out) == (
        None,
        False,
        Money(minor=5_000, currency="EUR"),
    )


def test_what_was_accepted_does_not_add_up(quarter: Book) -> None:
    march = content_view(report(quarter, 3), PLAIN, sees_names=True)
    (stated,) = march.statements
    assert (stated.adds_up, stated.imbalance) == (False, Money(minor=500, currency="EUR"))
    assert [(each.state, each.cause) for each in stated.days] == [(DayState.CONFLICT, "does_not_add_up")]
    assert march.accepted_imbalance == "the bank corrects it in April"


def test_what_it_brought(quarter: Book) -> None:
    brought = report(quarter, 1).brought
    gifts = brought.sum_of(Purpose.GIFT)
    assert (gifts.count, gifts.totals) == (3, (("EUR", 4_500),))
    assert (len(brought.donors), len(brought.new_donors)) == (2, 2)
    assert brought.sum_of(Purpose.COST).totals == (("EUR", 250),)
    assert brought.sum_of(Purpose.TRANSFER).count == 2
    assert len(brought.open) == 1


def test_a_donor_is_new_once(quarter: Book) -> None:
    february = report(quarter, 2).brought
    assert (len(february.donors), len(february.new_donors)) == (1, 0)


def test_a_line_that_an_earlier_import_shows_is_known(book: Book) -> None:
    first = book.take(statement("01-01", "01-31", gift("01-05", 1_000)))
    second = book.take(statement("01-01", "02-28", gift("01-05", 1_000), gift("02-05", 500, "Jaan Tamm", JAAN)))
    both = report(book, second.file_id)
    assert (both.lines, both.known, len(both.brought.payments)) == (2, 1, 1)
    assert both.brought.sum_of(Purpose.GIFT).totals == (("EUR", 500),)
    assert report(book, first.file_id).known == 0


def test_an_import_that_was_undone_has_brought_nothing(book: Book) -> None:
    taken = book.take(statement("01-01", "01-31", gift("01-05", 1_000), opening=0))
    book.undo(taken.file_id)
    undone = report(book, taken.file_id)
    assert undone.brought.payments == frozenset()
    assert undone.statements[0].money_in == 1_000
    assert undone.statements[0].days == ()
    assert (undone.file.withdrawn_at, undone.file.withdrawn_by) == (NOW, "treasurer")


def test_notices_are_kept_as_they_were_said(book: Book) -> None:
    book.take(statement("01-01", "01-10", gift("01-05", 1_000)))
    later = book.take(statement("01-15", "01-31", gift("01-20", 1_000)))
    assert [each.code for each in later.problems] == [ProblemCode.GAP]
    assert report(book, later.file_id).notices == later.problems


def test_payments_of_a_closed_month_are_pointed_out(book: Book) -> None:
    book.take(statement("01-01", "01-31", gift("01-05", 1_000), opening=0))
    with writing(book.engine) as session:
        close(session, Month(2026, 1), by="treasurer", now=NOW, today=NOW.date())
    late = book.take(statement("01-20", "02-28", line("01-21", -300, "Mari Mets", MARI, "x"), gift("02-02", 100)))
    assert report(book, late.file_id).closed == (Month(2026, 1),)
    assert report(book, 1).closed == (Month(2026, 1),)


def test_there_is_no_such_import(book: Book) -> None:
    with book.reading() as session:
        assert import_report(session, 1) is None
