"""What the page makes of the blocks: where the money went by year, what comes next, which rule holds since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from donations.core.calendar import Month
from donations.published.document import Block, PublishedPart, PublishedSpending, Share, Snapshot
from donations.reports.public import NextFigures, PublicFigures, SpendingYear, spending_years


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


def figures(*blocks: Block) -> PublicFigures:
    snapshot = Snapshot(organisation="x", donors_min=10, agrees_until=None, goal=None, giving=None, blocks=blocks)
    return PublicFigures(digest="", content="", snapshot=snapshot)


def run(number: int, first: str, last: str, published_on: date, **more: Any) -> Block:
    begin, end = Month.parse(first), Month.parse(last)
    made = block(end.last_day, None)
    return replace(made, number=number, first_day=begin.first_day, published_on=published_on, **more)


def test_what_comes_next_is_told_from_what_is_published_alone() -> None:
    """Three months on average, and the newest came out two months after its end."""
    first = run(1, "2025-08", "2025-09", date(2025, 12, 4))
    second = run(2, "2025-10", "2025-12", date(2026, 2, 4))
    assert figures(first, second).next == NextFigures(month=Month(2026, 1), about=Month(2026, 5))


def test_the_rule_of_now_is_said_to_hold_since_where_another_one_was_before() -> None:
    old, new = run(1, "2026-01", "2026-01", date(2026, 3, 4)), run(2, "2026-02", "2026-02", date(2026, 4, 4), rule=2)
    assert figures(old, new, replace(new, number=3)).first_of_rule == new
    assert figures(old).first_of_rule is None
    assert figures(new).first_of_rule is None


def test_what_several_blocks_were_given_for_together_counts_all_of_them() -> None:
    parts = (PublishedPart("Katus", 2),)
    told = run(3, "2026-03", "2026-03", date(2026, 5, 4), rule=2, appeals=parts, appeals_of=(1, 3))
    found = figures(
        run(1, "2026-01", "2026-01", date(2026, 3, 4)), run(2, "2026-02", "2026-02", date(2026, 4, 4)), told
    )
    assert ([each.number for each in found.blocks_by_appeal], found.minor_by_appeal, found.appeals) == (
        [1, 3],
        2,
        parts,
    )
