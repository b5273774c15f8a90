"""What no block has told yet: late costs and other categories correct themselves, and together all is told once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.published.test_spending import PEOPLE, PRINT, RENT, RULES, WAGES, paid

from donations.core.calendar import Month
from donations.core.spending import CategoryId, Payee
from donations.published.spending import Cost, Spent, Unpublished, spending_disclosed_until

NEW_YEAR = date(2026, 1, 1)


def cost(day: int, minor: int, who: str, category: CategoryId | None = WAGES, *, late: int = 0) -> Cost:
    is_pay = category is None or category in PEOPLE
    booked_on = NEW_YEAR + timedelta(days=day)
    return Cost(booked_on=booked_on, category=category, who=Payee(who), minor=minor, late=late, is_pay=is_pay)


def untold(*costs: Cost, told: Counter[CategoryId | None] | None = None, first_day: date = NEW_YEAR) -> Unpublished:
    return Unpublished(first_day=first_day, costs=costs, disclosed=told or Counter(), people=PEOPLE)


FEBRUARY = date(2026, 2, 1)
JANUARY_31 = date(2026, 1, 31)


def test_what_was_told_and_what_came_late() -> None:
    """Jaan's fee of January came late, and Mari's was found to be rent: by what moved everybody could tell her pay."""
    books = untold(
        cost(3, 500, "mari", RENT),
        cost(5, 70, "jaan", late=70),
        cost(40, 30, "jaan"),
        cost(70, 99, "ants"),
        told=Counter({WAGES: 500}),
        first_day=FEBRUARY,
    )
    assert set(books.until(date(2026, 2, 28))) == {
        paid(100, "jaan"),
        paid(500, None, RENT, is_pay=True),
        paid(-500, None),
    }


def test_a_rent_that_moves_to_another_category_of_organisations_is_no_pay() -> None:
    books = untold(cost(3, 500, "landlord", RENT), told=Counter({PRINT: 500}), first_day=FEBRUARY)
    assert set(books.until(date(2026, 2, 28))) == {paid(500, None, RENT), paid(-500, None, PRINT)}


COSTS = st.lists(
    st.builds(
        cost, st.integers(0, 120), st.integers(1, 90_000), st.sampled_from("abcdef"), st.sampled_from([None, 1, 2, 3])
    ),
    max_size=25,
)


@given(COSTS, st.lists(st.integers(0, 130), min_size=1, max_size=6).map(sorted))
def test_blocks_together_tell_all_costs_once(costs: list[Cost], ends: list[int]) -> None:
    ahead, total, until = untold(*costs), 0, -1
    for end in ends:
        last_day = NEW_YEAR + timedelta(days=end)
        found = ahead.disclosed_until(last_day, RULES)
        if isinstance(found, Spent):
            public = ahead.published(found, last_day, names=dict.fromkeys(found.shown, "x"))
            assert public.minor == public.rest + sum(each.minor for each in public.categories)
            assert public.first_day == NEW_YEAR + timedelta(days=until + 1)
            ahead, total, until = ahead.after(found, last_day), total + found.minor, end
    assert total == sum(each.minor for each in costs if (each.booked_on - NEW_YEAR).days <= until)


def test_nothing_is_told_before_spending_begins() -> None:
    assert untold(cost(3, 500, "mari"), first_day=FEBRUARY).disclosed_until(JANUARY_31, RULES) is None


def test_it_is_told_with_the_end_of_a_year() -> None:
    """A block that had to take in the months before or after tells it up to the end of the year all the same."""
    months = [Month(2026 + number // 12, number % 12 + 1) for number in range(9, 15)]
    assert spending_disclosed_until(months[:2]) is None
    assert spending_disclosed_until(months[1:3]) == spending_disclosed_until(months) == date(2026, 12, 31)
