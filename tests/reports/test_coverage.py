"""Coverage says of every day what is known, and what to download next."""

from __future__ import annotations

from datetime import date

from tests.book import OWN, Book, day

from donations.core.calendar import Period
from donations.core.money import EUR
from donations.reports.coverage import coverage
from donations.reports.table import Table
from donations.views.phrases import PLAIN


def test_days_in_a_row_with_one_state_are_one_row(quarter: Book) -> None:
    own = [row[2:6] for row in _table(quarter).rows if row[:2] == (OWN, EUR)]

    assert own == [
        (day("01-01"), day("01-31"), 31, "proven"),
        (day("02-01"), day("02-04"), 4, "missing"),
        (day("02-05"), day("02-28"), 24, "proven"),
        (day("03-01"), day("03-31"), 31, "conflict"),
    ]


def test_all_that_is_not_proven_says_what_to_do(quarter: Book) -> None:
    found = {row[5]: row[6:] for row in _table(quarter).rows}

    assert found["proven"] == (None, None)
    assert found["missing"] == ("money_moved", "Download a statement of it (camt.053).")
    assert found["conflict"][0] == "does_not_add_up"
    assert found["unproven"][0] == "no_balances"
    assert all(advice for state, (_, advice) in found.items() if state != "proven")


def test_people_read_the_reason_in_words(quarter: Book) -> None:
    (why,) = [row[6] for row in _table(quarter).translated(PLAIN).rows if row[5] == "days missing"]

    assert why == (
        "No statement covers this time. By the balances before and after, 0.50 EUR moved that the books do not have."
    )


def test_what_can_be_downloaded_by_now_ends_yesterday(quarter: Book) -> None:
    said = [note.text for note in _table(quarter, today=date(2026, 4, 11)).notes]

    assert f"{OWN} EUR: download 2026-04-01 to 2026-04-10 next." in said


def test_nothing_is_to_download_on_the_day_after(quarter: Book) -> None:
    notes = _table(quarter, today=date(2026, 4, 1)).notes

    assert not [note for note in notes if note.text.startswith(OWN)]


def test_a_period_cuts_the_days(quarter: Book) -> None:
    with quarter.reading() as session:
        table = coverage(session, Period.of(year=2026, month=2))

    assert [row[2:5] for row in table.rows] == [(day("02-01"), day("02-04"), 4), (day("02-05"), day("02-28"), 24)]


def _table(book: Book, *, today: date | None = None) -> Table:
    with book.reading() as session:
        return coverage(session, Period(), today=today)
