"""A month by what is not as expected: each kind of notice, and what is not said without statements."""

from __future__ import annotations

import pytest
from tests.book import Book
from tests.reports.giving import ANOTHER_ACCOUNT, Given, exceptions, month_of, noticed, take_months
from tests.written_once import written_once

from donations.core.money import EUR, parse_currency
from donations.core.statement import Statement
from donations.identity.proof import DayState
from donations.reports.exceptions import LARGE_NEEDS_GIFTS, DonorNotice
from donations.store.giving.gift_sums import GiftSum

KNOWN = tuple(month_of(f"2025-{month:02}", Given("Mari", 5, 10)) for month in range(1, 6))


@pytest.fixture
@written_once
def known(book: Book) -> Book:
    """Mari gave ten euros on every fifth day from January to May."""
    return take_months(book, *KNOWN)


@pytest.mark.parametrize(
    ("june", "said"),
    [
        pytest.param([Given("Mari", 5, 10)], {}, id="as expected"),
        pytest.param([Given("Mari", 9, 10)], {}, id="a few days later"),
        pytest.param([], {DonorNotice.STOPPED: ["Mari"]}, id="stopped"),
        pytest.param([Given("Mari", 5, 15)], {DonorNotice.RAISED: ["Mari"]}, id="raised"),
        pytest.param([Given("Mari", 5, 5)], {DonorNotice.LOWERED: ["Mari"]}, id="lowered"),
        pytest.param([Given("Mari", 5, 10), Given("Mari", 6, 10)], {}, id="twice"),
        pytest.param([Given("Mari", 5, 10), Given("Jaan", 7, 3)], {DonorNotice.NEW: ["Jaan"]}, id="new"),
        pytest.param(
            [Given("Mari", 5, 10, ANOTHER_ACCOUNT)], {DonorNotice.OTHER_ACCOUNT: ["Mari"]}, id="from another account"
        ),
    ],
)
def test_a_month_says_what_is_to_notice(known: Book, june: list[Given], said: dict[DonorNotice, list[str]]) -> None:
    take_months(known, month_of("2025-06", *june))
    assert noticed(known, "2025-06") == said


@pytest.mark.parametrize(
    ("later", "month", "said"),
    [
        pytest.param([month_of("2025-06")], "2025-06", {DonorNotice.STOPPED: ["Mari"]}, id="missed once"),
        pytest.param([month_of("2025-06"), month_of("2025-07")], "2025-07", {}, id="and not again and again"),
        pytest.param(
            [month_of("2025-06"), month_of("2025-07", Given("Mari", 5, 10))],
            "2025-07",
            {DonorNotice.RESUMED: ["Mari"]},
            id="resumed",
        ),
        pytest.param([month_of("2025-06", until=20)], "2025-06", {}, id="the rest of the month is not in yet"),
        pytest.param(
            [month_of("2025-07", Given("Mari", 5, 10))], "2025-07", {}, id="the month between is not in: nobody resumed"
        ),
        pytest.param(
            [month_of("2026-06", Given("Mari", 5, 10))], "2026-06", {DonorNotice.RETURNED: ["Mari"]}, id="returned"
        ),
        pytest.param([month_of("2026-05", Given("Mari", 4, 10))], "2026-05", {}, id="not quite a year away"),
    ],
)
def test_what_comes_later(known: Book, later: list[Statement], month: str, said: dict[DonorNotice, list[str]]) -> None:
    take_months(known, *later)
    assert noticed(known, month) == said


def test_a_gift_due_at_the_end_of_a_month_is_missed_in_the_next(book: Book) -> None:
    months = [month_of(f"2025-{month:02}", Given("Mari", 28, 10)) for month in (1, 2, 3)]
    take_months(book, *months, month_of("2025-04"))
    assert noticed(book, "2025-04") == {}
    assert exceptions(book, "2025-05").not_judged == 1
    take_months(book, month_of("2025-05"))
    assert noticed(book, "2025-05") == {DonorNotice.STOPPED: ["Mari"]}


def test_three_gifts_in_a_row_begin_to_be_regular(known: Book) -> None:
    assert noticed(known, "2025-01") == {DonorNotice.NEW: ["Mari"]}
    assert noticed(known, "2025-03") == {DonorNotice.BEGAN: ["Mari"]}


def test_without_statements_nobody_is_said_to_have_stopped(known: Book) -> None:
    june = exceptions(known, "2025-06")
    assert not june.donors
    assert june.not_judged == 1


def test_a_large_gift_is_noticed_the_first_time(book: Book) -> None:
    many = [Given(f"Giver {number}", 3, 10) for number in range(LARGE_NEEDS_GIFTS)]
    take_months(
        book, month_of("2025-01", *many), month_of("2025-02", Given("Giver 1", 3, 100), Given("Giver 2", 3, 99))
    )
    assert noticed(book, "2025-02") == {DonorNotice.LARGE: ["Giver 1"]}
    take_months(book, month_of("2025-03", Given("Giver 1", 3, 100)))
    assert DonorNotice.LARGE not in noticed(book, "2025-03")


def test_with_few_gifts_nothing_is_large(known: Book) -> None:
    take_months(known, month_of("2025-06", Given("Mari", 5, 10), Given("Mari", 20, 9_000)))
    assert noticed(known, "2025-06") == {}


def test_everything_else_is_one_line_for_each_currency(known: Book) -> None:
    dollars = parse_currency("USD")
    take_months(
        known,
        month_of("2025-05", Given("Jaan", 6, 3)),
        month_of("2025-05", Given("Jaan", 6, 3), currency=dollars),
    )
    june = [Given("Mari", 5, 10), Given("Jaan", 6, 4), Given("Kai", 7, 100)]
    take_months(known, month_of("2025-06", *june), month_of("2025-06", Given("Jaan", 8, 2), currency=dollars))
    found = exceptions(known, "2025-06")
    assert {each.currency: each for each in found.given} == {
        EUR: GiftSum(EUR, 11_400, 3),
        dollars: GiftSum(dollars, 200, 1),
    }
    assert GiftSum(EUR, 1_400, 2) in found.as_expected
    assert GiftSum(dollars, 200, 1) in found.as_expected


def test_a_month_that_is_not_proven_says_so(known: Book) -> None:
    (account,) = exceptions(known, "2025-05").not_proven
    assert account.state is DayState.UNPROVEN
    (account,) = exceptions(known, "2025-06").not_proven
    assert account.state is DayState.MISSING


def test_what_was_given_and_what_was_usual(known: Book) -> None:
    take_months(known, month_of("2025-06", Given("Mari", 5, 15)), month_of("2025-07"))
    (raised,) = exceptions(known, "2025-06").noticed[DonorNotice.RAISED]
    assert (raised.minor, raised.usual) == (1_500, 1_000)
    (stopped,) = exceptions(known, "2025-07").noticed[DonorNotice.STOPPED]
    assert (stopped.minor, stopped.usual) == (None, 1_000)
