"""Own transfers must arrive: where one side is in the books, what is known of the other, file names it or not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from donations.core.money import EUR, Currency, Minor, parse_currency
from donations.core.payment import PaymentId
from donations.identity.stated import days_between
from donations.ledger.transfers import Own, TransferSide, UnderWay, Waits, under_way

LONG_AFTER = date(2026, 7, 1)
USD = parse_currency("USD")


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def side(number: int, account: str, on: str, minor: Minor, other: str = "", currency: Currency = EUR) -> TransferSide:
    return TransferSide(
        payment=PaymentId(number),
        account=account,
        other=other,
        booked_on=day(on),
        minor=minor,
        currency=currency,
    )


def own(
    number: str, first: str | None = None, last: str = "03-31", *, ended: str | None = None, currency: Currency = EUR
) -> Own:
    """Return an own account with statements of these days; of none without a first day."""
    covered = () if first is None else days_between(day(first), day(last))
    return Own(
        number=number,
        currency=currency,
        begin=None if first is None else day(first),
        ended=None if ended is None else day(ended),
        covered=frozenset(covered),
    )


A = own("A", "01-01")
OUT = side(1, "A", "03-05", -1_000)
"""Expected from the day before to 12 March."""


def known(moved: Iterable[TransferSide], others: Iterable[Own], today: date = LONG_AFTER) -> list[tuple[int, Waits]]:
    found = under_way(moved, accounts=[A, *others], today=today)
    return [(each.side.payment, each.waits) for each in found]


@pytest.mark.parametrize(
    ("others", "expected", "unseen"),
    [
        ([], Waits.NOT_OPEN, ()),
        ([own("B")], Waits.NOT_OPEN, ("B",)),
        ([own("B", "03-06")], Waits.NOT_OPEN, ("B",)),
        ([own("B", "03-05")], Waits.NO_STATEMENT, ()),
        ([own("B", "01-01", "03-08")], Waits.NO_STATEMENT, ()),
        ([own("B", "01-01")], Waits.LATE, ()),
        ([own("B", "01-01"), own("C", "03-20"), own("D")], Waits.NOT_OPEN, ("C", "D")),
        ([own("B", "01-01"), own("C", "01-01", "03-08")], Waits.NO_STATEMENT, ()),
        ([own("B", "01-01"), own("C", "01-01")], Waits.LATE, ()),
        ([own("B", "01-01", "02-20", ended="02-20")], Waits.NOT_OPEN, ()),
        ([own("B", "01-01"), own("C", "01-01", "02-20", ended="02-20")], Waits.LATE, ()),
        ([own("B", "01-01", "03-08", ended="03-08")], Waits.LATE, ()),
        ([own("B", "01-01", currency=USD)], Waits.NOT_OPEN, ("B",)),
        ([own("B", "01-01", currency=USD), own("B", "01-01")], Waits.LATE, ()),
    ],
)
def test_an_account_that_no_file_names_may_be_any_other_one(
    others: list[Own], expected: Waits, unseen: tuple[str, ...]
) -> None:
    (found,) = under_way([OUT], accounts=[A, *others], today=LONG_AFTER)
    assert (found.waits, found.unseen) == (expected, unseen)


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], Waits.NOT_OPEN),
        ([own("B", "03-06")], Waits.NOT_OPEN),
        ([own("B", "03-01")], Waits.NO_STATEMENT),
        ([own("B", "01-01", "03-05")], Waits.NO_STATEMENT),
        ([own("B", "01-01", "03-06")], Waits.LATE),
        ([own("B", "01-01", "03-04", ended="03-04")], Waits.LATE),
        ([own("B", "01-01", "02-20", ended="02-20")], Waits.NOT_OPEN),
    ],
)
def test_where_it_came_from_may_be_any_other_one_too(others: list[Own], expected: Waits) -> None:
    """It left from 26 February to 6 March."""
    assert known([side(1, "A", "03-05", 1_000)], others) == [(1, expected)]


def test_it_may_still_come_to_an_account_that_is_open_only() -> None:
    soon = day("03-06")
    assert known([OUT], [own("B", "01-01", "03-05")], soon) == [(1, Waits.UNDER_WAY)]
    assert known([OUT], [own("B", "01-01", "03-05"), own("C")], soon) == [(1, Waits.NOT_OPEN)]


def test_a_named_account_is_the_only_one_it_may_be() -> None:
    named = side(1, "A", "03-05", -1_000, "B")
    assert known([named], [own("B", "01-01"), own("C")]) == [(1, Waits.LATE)]
    assert known([named], [own("B", "03-05"), own("C")]) == [(1, Waits.NO_STATEMENT)]
    assert known([named], [own("B", "03-20"), own("C", "01-01")]) == [(1, Waits.NOT_OPEN)]
    assert known([named], [own("B", "01-01", "02-20", ended="02-20")]) == [(1, Waits.NOT_OPEN)]


def test_what_arrived_is_not_under_way_and_once_only() -> None:
    came = side(2, "B", "03-06", 1_000)
    assert known([OUT, came], [own("B", "03-06"), own("C")]) == []
    again = side(3, "A", "03-06", -1_000)
    assert known([OUT, came, again], [own("B", "01-01")]) == [(3, Waits.LATE)]
    assert known([OUT, side(2, "A", "03-06", 1_000)], [own("B", "01-01")]) == [(1, Waits.LATE), (2, Waits.LATE)]


def test_sides_that_name_each_other_are_paired_before_those_that_one_names_and_these_before_nameless_ones() -> None:
    named = side(2, "A", "03-05", -1_000, "B")
    to_b, to_c = side(3, "B", "03-06", 1_000), side(4, "C", "03-06", 1_000)
    accounts = [own("B", "01-01"), own("C", "01-01")]
    assert known([OUT, named, to_b, to_c], accounts) == []
    assert known([OUT, named, side(3, "B", "03-06", 1_000, "A"), to_c], accounts) == []


@pytest.mark.parametrize(
    ("moved", "others", "is_in_the_way", "hides"),
    [
        (OUT, [own("B")], True, True),
        (OUT, [own("B", "01-01")], True, True),
        (OUT, [own("B", "01-01", "03-08")], False, False),
        (side(1, "A", "03-05", -1_000, "B"), [own("B", "01-01")], True, False),
        (side(1, "A", "03-05", -1_000, "B"), [own("B", "03-20")], True, True),
        (side(1, "A", "03-05", -1_000, "B"), [own("B", "01-01", "03-08")], False, False),
    ],
)
def test_what_is_in_the_way_and_what_may_be_where_the_books_do_not_see(
    moved: TransferSide, others: list[Own], *, is_in_the_way: bool, hides: bool
) -> None:
    found: list[UnderWay] = under_way([moved], accounts=[A, *others], today=LONG_AFTER)
    assert [(each.is_in_the_way, each.is_out_of_sight) for each in found] == [(is_in_the_way, hides)]
