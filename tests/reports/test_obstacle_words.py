"""What is in the way of closing is said with its account, days, reason and way out; and what was is said too."""

from __future__ import annotations

import pytest
from tests.book import OTHER_OWN, OWN, Book, day, gift, line, statement

from donations.acts.closing import prospect
from donations.acts.proving import proofs
from donations.core.calendar import Month
from donations.ledger.obstacles import ObstacleKind, SetAside
from donations.reports.obstacles import ObstacleInWords, obstacles_in_words, set_aside_in_words
from donations.views.phrases import PLAIN

MARCH = Month(2026, 3)
TODAY = day("07-01")


def said(book: Book, month: Month = MARCH) -> list[ObstacleInWords]:
    with book.reading() as session:
        proved = proofs(session)
        ahead = prospect(session, month, today=TODAY, proved=proved)
        return list(obstacles_in_words(session, ahead.obstacles, proved, {OWN: "Main", OTHER_OWN: "Other"}.__getitem__))


def told(book: Book, month: Month = MARCH) -> list[str]:
    return [PLAIN.tell(each.phrase) for each in said(book, month)]


def test_days_say_their_account_their_reason_and_what_to_do(book: Book) -> None:
    book.take(statement("03-01", "03-20", gift("03-05", 1_000), opening=0))
    (found,) = said(book)
    assert PLAIN.tell(found.phrase) == (
        "Main, 2026-03-21 to 2026-03-31: days missing. No statement covers this time."
        " Download a statement of it (camt.053)."
    )
    assert (found.obstacle.kind, found.ledger and found.ledger.account_id) == (ObstacleKind.DAYS_MISSING, 1)


def test_a_question_is_counted(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", 1_000, "A", "", "x"), opening=0))
    assert told(book) == ["Open questions of this month: 1."]


def test_a_transfer_that_did_not_arrive_names_both_accounts(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-05", -1_000, "Meie", OTHER_OWN), opening=1_000))
    book.take(statement("03-01", "03-31", opening=0, account=OTHER_OWN))
    (only,) = told(book)
    assert only == (
        "10.00 EUR left Main for Other on 2026-03-05. The statements of Other cover the days on which it should have"
        " come, and do not show it."
    )


def test_an_account_that_a_transfer_named_before_its_first_statement_is_in_the_way(book: Book) -> None:
    book.take(statement("03-01", "03-31", line("03-25", -1_000, "Meie", OTHER_OWN), opening=1_000))
    book.take(statement("05-01", "05-31", opening=0, account=OTHER_OWN))
    (only,) = told(book)
    assert only == (
        "Other, 2026-03-25 to 2026-03-31: days missing. No statement covers this time."
        " Download a statement of it (camt.053)."
    )


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        (Month(2026, 7), "The month is not over yet."),
        (Month(2025, 3), "No statement of this month is in the books."),
        (Month(2026, 4), "Months are closed in order, and 2026-03 is still open."),
    ],
)
def test_what_no_reason_sets_aside(book: Book, month: Month, sentence: str) -> None:
    book.take(statement("03-01", "07-31", gift("03-05", 1_000), opening=0))
    assert sentence in told(book, month)


@pytest.mark.parametrize(
    ("aside", "words"),
    [
        (SetAside(kind=ObstacleKind.QUESTIONS_OPEN, count=9, reason="x"), "open questions: 9"),
        (
            SetAside(
                kind=ObstacleKind.DAYS_MISSING,
                account="EE38…5685",
                days=(day("03-01"), day("03-02")),
                reason="x",
            ),
            "days missing, EE38…5685, 2026-03-01 to 2026-03-02",
        ),
        (SetAside(reason="x"), "something in the way"),
    ],
)
def test_what_was_in_the_way(aside: SetAside, words: str) -> None:
    assert PLAIN.tell(set_aside_in_words(aside)) == words


@pytest.mark.parametrize("kind", [each for each in ObstacleKind if each.value.startswith(("days", "trans", "q", "s"))])
def test_each_kind_that_a_reason_sets_aside_has_words(kind: ObstacleKind) -> None:
    assert PLAIN.tell(set_aside_in_words(SetAside(kind=kind, reason="x"))) != "something in the way"
