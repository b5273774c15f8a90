"""What is told of spending: by category where that is nobody's pay, folded where it may be, and corrected by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.spending import CategoryId, Payee
from donations.ledger.blocks import MINOR_STEP, Rules
from donations.ledger.published_spending import Share
from donations.ledger.spending import PAYEES_MIN, Cost, Fold, Paid, Seen, Spent, Untold, against, tell

RULES = Rules()
WAGES, FEES, RENT, BANK, PRINT, HOST = map(CategoryId, range(1, 7))
PEOPLE = frozenset({WAGES, FEES})
NEW_YEAR = date(2026, 1, 1)


def paid(minor: int, who: str | None, category: CategoryId | None = WAGES, *, is_pay: bool | None = None) -> Paid:
    by_category = category is None or category in PEOPLE
    return Paid(
        category=category,
        who=None if who is None else Payee(who),
        minor=minor,
        is_pay=by_category if is_pay is None else is_pay,
    )


THREE = [paid(300, "mari"), paid(300, "jaan"), paid(200, "ants")]
OFFICE = [paid(900, "landlord", RENT), paid(5, "bank", BANK)]


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([paid(900, "landlord", RENT)], None),
        ([], None),
        ([paid(300, "mari"), paid(300, "jaan")], Fold.FEW_PAYEES),
        (THREE, None),
        ([paid(1000, "mari"), paid(300, "jaan"), paid(249, "ants")], Fold.DOMINATED),
        ([paid(1000, "mari"), paid(300, "jaan"), paid(250, "ants")], None),
        ([*THREE, paid(-300, "jaan")], Fold.FEW_PAYEES),
        ([*THREE, paid(-150, "kati")], Fold.DOMINATED),
        ([*THREE, paid(600, None)], Fold.DOMINATED),
        ([paid(300, "mari"), paid(9_000, "landlord", RENT), paid(75, "host", HOST)], None),
        ([paid(300, "mari"), paid(9_000, "landlord", RENT), paid(74, "host", HOST)], Fold.DOMINATED),
        ([paid(300, "mari"), paid(9_000, None, RENT), paid(70, "host", HOST), paid(4, "bank", BANK)], Fold.DOMINATED),
        ([paid(300, None), paid(300, "mari"), paid(300, "jaan")], Fold.FEW_PAYEES),
        ([paid(10, "mari", RENT, is_pay=True)], Fold.FEW_PAYEES),
        ([paid(10, "landlord", None)], Fold.FEW_PAYEES),
    ],
)
def test_a_sum_hides_what_may_be_pay(parts: Sequence[Paid], why: Fold | None) -> None:
    assert against(parts, RULES) is why


def test_rounding_is_counted_against_us() -> None:
    exactly = [paid(100_000, "mari"), paid(30_000, "jaan"), paid(25_000, "ants")]
    assert against(exactly, RULES) is None
    assert against(exactly, Rules(is_rounded=True)) is Fold.DOMINATED


@pytest.mark.parametrize(
    ("parts", "shown", "rest", "folded"),
    [
        ([*THREE, *OFFICE], (RENT, WAGES, BANK), 0, {}),
        (
            # As many are folded as hide the wage, and no more: the rent and what the bank takes stay.
            [paid(300, "mari"), *OFFICE, paid(90, "printer", PRINT), paid(80, "host", HOST)],
            (RENT, BANK),
            470,
            {WAGES: Fold.FEW_PAYEES, HOST: Fold.COVER, PRINT: Fold.COVER},
        ),
        (
            [*THREE, *OFFICE, paid(20, "shop", None)],
            (RENT, BANK),
            820,
            {None: Fold.NO_CATEGORY, WAGES: Fold.COVER},
        ),
        ([*OFFICE, paid(700, "landlord", PRINT), paid(-700, "host", PRINT)], (RENT, BANK), 0, {}),
    ],
    ids=["all shown", "one wage", "no category", "moved to and fro"],
)
def test_what_must_hide_is_folded_with_what_covers_it(
    parts: Sequence[Paid], shown: tuple[CategoryId, ...], rest: int, folded: dict[CategoryId | None, Fold]
) -> None:
    found = tell(parts, RULES, Seen())
    assert isinstance(found, Spent)
    assert (found.shown, found.rest, dict(found.folded)) == (shown, rest, folded)


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ([], Fold.NOTHING_SPENT),
        ([paid(300, "mari"), paid(900, "landlord", RENT)], Fold.FEW_PAYEES),
        ([paid(3_000, "mari"), *OFFICE], Fold.DOMINATED),
        ([paid(3_000, "mari"), *OFFICE, paid(1, "shop", None)], Fold.NO_CATEGORY),
    ],
)
def test_where_not_even_the_total_hides_it_all_of_it_waits(parts: Sequence[Paid], why: Fold) -> None:
    assert tell(parts, RULES, Seen()) is why


ONE_WAGE = [paid(300, "mari"), *OFFICE, paid(90, "printer", PRINT), paid(80, "host", HOST)]


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        (Seen(covering=frozenset({RENT})), (PRINT, BANK)),
        (Seen(shown=frozenset({HOST})), (HOST, BANK)),
        (Seen(shown=frozenset({HOST, RENT})), None),
    ],
    ids=["it covered, so it stays covering", "it was shown, so it covers nothing", "nothing can cover"],
)
def test_what_was_seen_is_known_in_other_months(seen: Seen, shown: tuple[CategoryId, ...] | None) -> None:
    found = tell(ONE_WAGE, RULES, seen)
    if shown is None:
        assert found is Fold.DOMINATED
    else:
        assert isinstance(found, Spent)
        assert found.shown == shown


PARTS = st.lists(
    st.builds(
        paid,
        st.integers(-50_000, 200_000).filter(bool),
        st.sampled_from([None, *"abcdefgh"]),
        st.sampled_from([None, WAGES, FEES, RENT, BANK]),
    ),
    max_size=14,
)


@given(PARTS, st.sampled_from([RULES, Rules(percent=15), Rules(percent=50, is_rounded=True)]))
def test_every_figure_that_is_told_stands_by_itself(parts: list[Paid], rules: Rules) -> None:
    found = tell(parts, rules, Seen())
    if not isinstance(found, Spent):
        assert not parts or against(parts, rules) is not None
        return
    cells = [[part for part in parts if part.category == category] for category in found.shown]
    rest = [part for part in parts if part.category not in found.shown]
    assert [against(cell, rules) for cell in (*cells, rest, parts)] == [None] * (len(cells) + 2)
    assert found.rest == sum(part.minor for part in rest)
    assert found.minor == sum(part.minor for part in parts)
    for cell in (*cells, rest):
        if any(part.is_pay for part in cell):
            assert len({part.who for part in cell} - {None}) >= PAYEES_MIN


def cost(day: int, minor: int, who: str, category: CategoryId | None = WAGES, *, late: int = 0) -> Cost:
    is_pay = category is None or category in PEOPLE
    booked_on = NEW_YEAR + timedelta(days=day)
    return Cost(booked_on=booked_on, category=category, who=Payee(who), minor=minor, late=late, is_pay=is_pay)


def untold(*costs: Cost, told: Counter[CategoryId | None] | None = None, first_day: date = NEW_YEAR) -> Untold:
    return Untold(first_day=first_day, costs=costs, told=told or Counter(), people=PEOPLE)


FEBRUARY = date(2026, 2, 1)
JANUARY_31 = date(2026, 1, 31)


def test_what_was_told_and_what_came_late() -> None:
    """Jaan's fee of January came late, and Mari's was found to be rent, which nobody can be named for."""
    books = untold(
        cost(3, 500, "mari", RENT),
        cost(5, 70, "jaan", late=70),
        cost(40, 30, "jaan"),
        cost(70, 99, "ants"),
        told=Counter({WAGES: 500}),
        first_day=FEBRUARY,
    )
    assert set(books.until(date(2026, 2, 28))) == {paid(100, "jaan"), paid(500, None, RENT), paid(-500, None)}


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
        found = ahead.told_until(last_day, RULES)
        if isinstance(found, Spent):
            public = ahead.published(found, last_day, names=dict.fromkeys(found.shown, "x"), rules=RULES)
            assert public.minor == public.rest + sum(each.minor for each in public.categories)
            assert public.first_day == NEW_YEAR + timedelta(days=until + 1)
            ahead, total, until = ahead.after(found, last_day), total + found.minor, end
    assert total == sum(each.minor for each in costs if (each.booked_on - NEW_YEAR).days <= until)


def test_nothing_is_told_before_spending_begins() -> None:
    assert untold(cost(3, 500, "mari"), first_day=FEBRUARY).told_until(JANUARY_31, RULES) is None


def test_rounded_figures_are_published_rounded() -> None:
    books = untold(cost(3, 500_049, "landlord", RENT))
    rules = Rules(is_rounded=True)
    found = books.told_until(JANUARY_31, rules)
    assert isinstance(found, Spent)
    public = books.published(found, JANUARY_31, names={RENT: "Rent"}, rules=rules)
    assert public.categories == (Share("Rent", 500_000),)
    assert public.minor % MINOR_STEP == 0
