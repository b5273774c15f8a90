"""One donor's regular gifts, and whether they keep coming as far as the statements tell."""

from __future__ import annotations

import pytest
from tests.book import Book, day
from tests.reports.giving import Given, month_of, take_months

from donations.core.donor import ANONYMOUS
from donations.core.statement import Statement
from donations.reports.donor import Every, RegularState, Rhythm, rhythms_of

SPRING = tuple(month_of(f"2026-{month:02}", Given("Mari", 5, 10)) for month in (1, 2, 3))


def rhythms(book: Book) -> tuple[Rhythm, ...]:
    mari = book.donor("Mari")
    with book.reading() as session:
        return rhythms_of(session, mari)


@pytest.mark.parametrize(
    ("later", "state"),
    [
        pytest.param([], RegularState.KEEPS_COMING, id="the next month is not in yet"),
        pytest.param([month_of("2026-04", until=29)], RegularState.KEEPS_COMING, id="it may still come in its month"),
        pytest.param([month_of("2026-04")], RegularState.MISSED, id="it did not come"),
        pytest.param([month_of("2026-04", Given("Mari", 7, 10))], RegularState.KEEPS_COMING, id="it came"),
    ],
)
def test_a_regular_gift_keeps_coming_or_is_missed(book: Book, later: list[Statement], state: RegularState) -> None:
    take_months(book, *SPRING, *later)
    (found,) = rhythms(book)
    assert found.state is state


def test_it_says_every_day_amount_and_since_when(book: Book) -> None:
    take_months(book, *SPRING)
    (found,) = rhythms(book)
    regular = found.regular
    assert (regular.every, regular.usual, regular.in_a_row) == (Every.MONTH, 1_000, 3)
    assert (regular.since, regular.last.day, regular.next_due) == (day("01-05"), day("03-05"), day("04-05"))


def test_irregular_giving_has_no_rhythm(book: Book) -> None:
    take_months(book, *SPRING[:2])
    assert rhythms(book) == ()


def test_the_anonymous_donor_is_many(book: Book) -> None:
    with book.reading() as session:
        assert rhythms_of(session, ANONYMOUS) == ()
