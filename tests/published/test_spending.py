"""What is told of spending: by category where that is nobody's pay, folded where it may be, and corrected by itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.spending import CategoryId, Payee
from donations.published.blocks import Rules
from donations.published.spending import PAYEES_MIN, Fold, PublishedBefore, Spent, UnpublishedSum, against, disclose

RULES = Rules()
WAGES, FEES, RENT, BANK, PRINT, HOST = map(CategoryId, range(1, 7))
PEOPLE = frozenset({WAGES, FEES})


def paid(
    minor: int, who: str | None, category: CategoryId | None = WAGES, *, is_pay: bool | None = None
) -> UnpublishedSum:
    by_category = category is None or category in PEOPLE
    return UnpublishedSum(
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
def test_a_sum_hides_what_may_be_pay(parts: Sequence[UnpublishedSum], why: Fold | None) -> None:
    assert against(parts, RULES) is why


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
    parts: Sequence[UnpublishedSum], shown: tuple[CategoryId, ...], rest: int, folded: dict[CategoryId | None, Fold]
) -> None:
    found = disclose(parts, RULES, PublishedBefore())
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
def test_where_not_even_the_total_hides_it_all_of_it_waits(parts: Sequence[UnpublishedSum], why: Fold) -> None:
    assert disclose(parts, RULES, PublishedBefore()) is why


ONE_WAGE = [paid(300, "mari"), *OFFICE, paid(90, "printer", PRINT), paid(80, "host", HOST)]


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        (PublishedBefore(covering=frozenset({RENT})), (PRINT, BANK)),
        (PublishedBefore(shown=frozenset({HOST})), (HOST, BANK)),
        (PublishedBefore(shown=frozenset({HOST, RENT})), None),
    ],
    ids=["it covered, so it stays covering", "it was shown, so it covers nothing", "nothing can cover"],
)
def test_what_was_seen_is_known_in_other_months(seen: PublishedBefore, shown: tuple[CategoryId, ...] | None) -> None:
    found = disclose(ONE_WAGE, RULES, seen)
    if shown is None:
        assert found is Fold.DOMINATED
    else:
        assert isinstance(found, Spent)
        assert found.shown == shown


FEW = [paid(300, "mari", FEES), paid(280, "jaan", FEES)]


def test_a_sum_of_people_that_was_shown_covers_no_wage() -> None:
    """Who was the third of them in another month knows from it what these two got."""
    parts = [*FEW, paid(310, "ants", WAGES)]
    assert isinstance(disclose(parts, RULES, PublishedBefore()), Spent)
    assert disclose(parts, RULES, PublishedBefore(shown=frozenset({FEES}))) is Fold.FEW_PAYEES


def test_people_who_covered_a_wage_are_never_shown() -> None:
    found = disclose([*FEW, paid(310, "ants", WAGES)], RULES, PublishedBefore())
    assert isinstance(found, Spent)
    assert found.covering == {FEES, WAGES}
    later = disclose([*FEW, paid(320, "kati", FEES)], RULES, PublishedBefore(covering=found.covering))
    assert isinstance(later, Spent)
    assert later.shown == ()


def test_what_hides_nobody_else_may_be_shown_later() -> None:
    found = disclose(ONE_WAGE, RULES, PublishedBefore())
    assert isinstance(found, Spent)
    assert found.covering == {HOST, PRINT}


PARTS = st.lists(
    st.builds(
        paid,
        st.integers(-50_000, 200_000).filter(bool),
        st.sampled_from([None, *"abcdefgh"]),
        st.sampled_from([None, WAGES, FEES, RENT, BANK]),
    ),
    max_size=14,
)


@given(PARTS, st.sampled_from([RULES, Rules(percent=15), Rules(percent=50)]))
def test_every_figure_that_is_told_stands_by_itself(parts: list[UnpublishedSum], rules: Rules) -> None:
    found = disclose(parts, rules, PublishedBefore())
    if not isinstance(found, Spent):
        assert not parts or against(parts, rules) is not None
        return
    cells = [[part for part in parts if part.category == category] for category in found.shown]
    rest = [part for part in parts if part.category not in found.shown]
    assert [against(cell, rules) for cell in (*cells, rest)] == [None] * (len(cells) + 1)
    assert found.rest == sum(part.minor for part in rest)
    assert found.minor == sum(part.minor for part in parts)
    for cell in (*cells, rest):
        if any(part.is_pay for part in cell):
            assert len({part.who for part in cell} - {None}) >= PAYEES_MIN
