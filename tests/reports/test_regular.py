"""Regular giving month by month, and who stays year by year."""

from __future__ import annotations

from datetime import date

from tests.book import Book
from tests.reports.giving import Given, month_of, take_months

from donations.core.calendar import Period
from donations.reports.regular import regular, retention


def giving(book: Book, *, until: int = 6) -> None:
    """Two give from January on; in May one raises and the other stops."""
    months = [
        month_of(
            f"2026-{month:02}", Given("Mari", 5, 10 if month < 5 else 15), *([Given("Jaan", 6, 7)] if month < 5 else [])
        )
        for month in range(1, until + 1)
    ]
    take_months(book, *months)


def test_who_began_raised_and_stopped(book: Book) -> None:
    giving(book)
    with book.reading() as session:
        rows = regular(session, Period.of(year=2026)).by_key()
    events = {row["month"]: {key: row[key] for key in ("began", "raised", "stopped") if row[key]} for row in rows}

    assert events["2026-03"] == {"began": 2}
    assert events["2026-05"] == {"raised": 1, "stopped": 1}
    assert events["2026-06"] == {}
    may = next(row for row in rows if row["month"] == "2026-05")
    assert (may["gifts_due"], may["gifts_came"], may["due"], may["came"]) == (2, 1, 1700, 1500)


def test_nobody_is_said_to_have_stopped_on_days_that_no_statement_covers(book: Book) -> None:
    giving(book, until=4)
    with book.reading() as session:
        rows = regular(session, Period.of(year=2026)).by_key()
    assert [row["stopped"] for row in rows] == [0] * len(rows)


def test_of_those_who_began_in_a_year_some_stay(book: Book) -> None:
    take_months(
        book,
        month_of("2024-06", Given("Mari", 5, 10), Given("Jaan", 6, 7), Given("Rein", 6, 7)),
        month_of("2025-06", Given("Mari", 5, 10), Given("Ants", 6, 7)),
        month_of("2026-06", Given("Mari", 5, 10), Given("Jaan", 6, 7)),
    )
    with book.reading() as session:
        rows = retention(session, Period()).rows
        later = retention(session, Period.of(year=2026)).rows
    assert rows == (
        ("2024", 3, "2024", 3, 100),
        ("2024", 3, "2025", 1, 33),
        ("2024", 3, "2026", 2, 67),
        ("2025", 1, "2025", 1, 100),
    )
    assert later == (("2024", 3, "2026", 2, 67),)


def test_the_note_says_when_the_books_begin(book: Book) -> None:
    take_months(book, month_of("2024-06", Given("Mari", 5, 10)))
    with book.reading() as session:
        (note,) = retention(session, Period()).notes
    assert note.values == (("day", date(2024, 6, 1)),)
