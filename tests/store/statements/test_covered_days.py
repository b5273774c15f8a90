"""Days are covered by account; a young or a closed account is no gap, and a late one is said to be late."""

from __future__ import annotations

import pytest
from tests.book import OTHER_OWN, Book, day, statement
from tests.written_once import written_once

from donations.store.statements.coverage import CoveredDays, covered_days


@pytest.fixture
@written_once
def written(book: Book) -> Book:
    """The first account without February; the second from March to May, where the first goes on to June."""
    for first, last in (("01-01", "01-20"), ("01-15", "01-31"), ("03-01", "04-30"), ("05-01", "06-30")):
        book.take(statement(first, last))
    book.take(statement("03-01", "05-31", account=OTHER_OWN))
    return book


@pytest.fixture
def covered(written: Book) -> CoveredDays:
    with written.reading() as session:
        return covered_days(session)


def test_statements_that_overlap_or_follow_each_other_are_one_run(covered: CoveredDays) -> None:
    assert covered.runs == {
        1: ((day("01-01"), day("01-31")), (day("03-01"), day("06-30"))),
        2: ((day("03-01"), day("05-31")),),
    }
    assert (covered.first_day, covered.last_day) == (day("01-01"), day("06-30"))


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        ("01-01", "01-31", True),
        ("01-20", "02-01", False),
        ("02-10", "02-20", False),
        ("03-01", "05-31", True),
        ("06-01", "06-30", True),
        ("06-30", "07-01", False),
    ],
)
def test_whole_days(covered: CoveredDays, first: str, last: str, *, whole: bool) -> None:
    assert covered.is_whole(day(first), day(last)) is whole


def test_a_gap_of_another_account_counts(book: Book) -> None:
    book.take(statement("01-01", "03-31"))
    book.take(statement("01-01", "01-31", account=OTHER_OWN))
    book.take(statement("03-01", "03-31", account=OTHER_OWN))
    with book.reading() as session:
        covered = covered_days(session)
    assert not covered.is_whole(day("02-01"), day("02-28"))
    assert covered.touches(day("02-01"), day("02-28"))
    assert covered.is_whole(day("03-01"), day("03-31"))


def test_late_accounts(covered: CoveredDays) -> None:
    assert covered.behind(day("06-30")) == {2: day("05-31")}
    assert covered.behind(day("05-31")) == {}
    assert covered.behind(day("12-31")) == {}


def test_a_gift_has_passed_when_all_days_on_which_it_might_come_are_covered(covered: CoveredDays) -> None:
    assert covered.has_passed(1, day("04-05"))
    assert not covered.has_passed(1, day("03-05"))  # it might have come on the last of February
    assert not covered.has_passed(1, day("06-28"))
    assert not covered.has_passed(3, day("04-05"))


def test_without_statements_nothing_is_covered(book: Book) -> None:
    with book.reading() as session:
        covered = covered_days(session)
    assert (covered.first_day, covered.last_day) == (None, None)
    assert not covered.touches(day("01-01"), day("12-31"))
