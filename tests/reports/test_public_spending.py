"""Where the money went by year: what the blocks of a year tell together, the newest year first."""

from __future__ import annotations

from datetime import date

from donations.published.document import Block, PublishedSpending, Share
from donations.reports.public import SpendingYear, spending_years


def block(last_day: date, spending: PublishedSpending | None) -> Block:
    return Block(
        number=1,
        first_day=last_day.replace(day=1),
        last_day=last_day,
        published_on=last_day,
        minor=1,
        donors=10,
        donors_so_far=10,
        before="",
        spending=spending,
    )


def told(first_day: date, last_day: date, rest: int = 0, **shares: int) -> PublishedSpending:
    return PublishedSpending(
        first_day=first_day,
        last_day=last_day,
        minor=sum(shares.values()) + rest,
        categories=tuple(Share(name, minor) for name, minor in shares.items()),
        rest=rest,
    )


def test_blocks_count_to_the_year_in_which_they_end() -> None:
    november, december, january, april = date(2025, 11, 30), date(2025, 12, 31), date(2026, 1, 31), date(2026, 4, 30)
    blocks = [
        block(november, told(date(2025, 11, 1), november, Rooms=400, Fees=300)),
        block(december, None),
        block(january, told(date(2025, 12, 1), january, rest=50, Fees=500, Rooms=100)),
        block(april, told(date(2026, 2, 1), april, Rooms=-100, Post=50)),
    ]
    newest, before = spending_years(blocks)
    assert newest == SpendingYear(
        year=2026,
        first_day=date(2025, 12, 1),
        last_day=april,
        minor=600,
        categories=(Share("Fees", 500), Share("Post", 50)),
        rest=50,
    )
    assert (before.year, before.minor, before.rest) == (2025, 700, 0)
    assert [newest.percent(each.minor) for each in newest.categories] == [83, 8]


def test_where_nothing_is_told_there_is_no_year() -> None:
    assert spending_years([block(date(2026, 1, 31), None)]) == ()
