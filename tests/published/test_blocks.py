"""Which months are published together, and why: tables of cases, and what holds for any gifts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId
from donations.core.refusal import Refusal
from donations.published.blocks import BlockDraft, FoldReason, Given, Rules, of_donors, parts, plan, together

RULES = Rules()
GENERAL, MEADOW, BOG = AppealId(1), AppealId(2), AppealId(3)


def gifts(*minor: int, first: int = 1, appeal: AppealId = GENERAL) -> Given:
    """Return gifts of as many donors."""
    return {(DonorId(number), appeal): each for number, each in enumerate(minor, start=first)}


EVEN = gifts(*[1_000] * 12)
FEW = gifts(*[1_000] * 4)


def year(*many: Given, first: int = 1, of: int = 2026) -> list[tuple[Month, Given]]:
    """Return these gifts as those of months in a row."""
    return [(Month(of, number), each) for number, each in enumerate(many, start=first)]


def numbers(drafts: Sequence[object]) -> list[list[int]]:
    return [[month.number for month in draft.months] for draft in drafts]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("minor", "why"),
    [
        ([1_000] * 9, FoldReason.FEW_DONORS),
        ([1_000] * 10, None),
        ([1_000] * 9 + [0], FoldReason.FEW_DONORS),
        ([1_000] * 9 + [-1_000], FoldReason.FEW_DONORS),
        ([3_200] + [100] * 9, None),  # the others give 800, a quarter of 3200
        ([3_201] + [100] * 9, FoldReason.DOMINATED),
        ([100_000, 90_000] + [100] * 30, FoldReason.DOMINATED),  # the second largest would know the largest by 3 %
        ([1_000] * 10 + [-9_000], FoldReason.DOMINATED),  # what was given back could be told as well
    ],
)
def test_what_may_be_published_as_one_sum(minor: list[int], why: FoldReason | None) -> None:
    assert RULES.against(gifts(*minor)) is why


def test_rounding_is_counted_against_us() -> None:
    rounded = Rules(is_rounded=True)
    assert rounded.against(gifts(32_000, *[1_000] * 9)) is FoldReason.DOMINATED
    assert rounded.against(gifts(32_000, *[1_625] * 9)) is None
    assert [rounded.published_minor(each) for each in (0, 4_999, 5_000, 14_999)] == [0, 0, 10_000, 10_000]
    assert [rounded.published_count(each) for each in (10, 12, 13)] == [10, 10, 15]


def test_one_donor_is_one_however_many_appeals() -> None:
    assert (
        RULES.against(together(gifts(*[500] * 6, appeal=each) for each in (GENERAL, MEADOW))) is FoldReason.FEW_DONORS
    )


def test_a_refund_taken_back_whose_donor_nobody_knows_is_no_donor() -> None:
    """Refunds may have no donor; that one of a published month was none after all comes as a correction."""
    assert RULES.against({**gifts(*[1_000] * 9), (None, None): 1_000}) is FoldReason.FEW_DONORS
    draft = BlockDraft(months=(), given={**gifts(*[1_000] * 10), (None, None): 1_000})
    assert (RULES.against(draft.given), len(draft.donors)) == (None, 10)


@pytest.mark.parametrize(
    ("donors_min", "percent"), [(4, 25), (101, 25), (10, 14), (10, 51)], ids=["few", "many", "low", "high"]
)
def test_rules_have_bounds(donors_min: int, percent: int) -> None:
    with pytest.raises(Refusal, match="bad_rules"):
        Rules(donors_min=donors_min, percent=percent)


@pytest.mark.parametrize(
    ("months", "published", "waiting", "building"),
    [
        ([EVEN], [], [1], []),
        ([EVEN, EVEN], [[1]], [2], []),
        ([FEW], [], [], [1]),
        ([FEW, EVEN, EVEN], [[1, 2]], [3], []),
        ([EVEN, FEW, FEW], [], [1], [2, 3]),
        ([EVEN, {}, EVEN, EVEN], [[1], [2, 3]], [4], []),
    ],
    ids=["one waits", "one late", "too few", "merged", "the tail builds", "an empty month"],
)
def test_months_are_merged_and_come_out_one_late(
    months: list[Given], published: list[list[int]], waiting: list[int], building: list[int]
) -> None:
    found = plan(year(*months), RULES)
    assert numbers(found.publish) == published
    assert numbers([found.waiting] if found.waiting else []) == ([waiting] if waiting else [])
    assert numbers([found.building] if found.building else []) == ([building] if building else [])


@pytest.mark.parametrize(
    ("months", "published", "withheld"),
    [
        ([EVEN, EVEN], [[11], [12]], []),
        ([EVEN, FEW], [[11, 12]], []),
        ([FEW, FEW], [], [2026]),
        ([EVEN, gifts(900_000)], [], [2026]),
    ],
    ids=["all", "the tail joins", "too few", "the tail would show"],
)
def test_a_year_leaves_nothing_behind_or_all(
    months: list[Given], published: list[list[int]], withheld: list[int]
) -> None:
    found = plan(year(*months, first=11), RULES)
    assert (numbers(found.publish), list(found.withheld)) == (published, withheld)


def test_what_a_year_withheld_goes_out_with_the_next() -> None:
    found = plan([*year(FEW, first=12), *year(EVEN, EVEN, of=2027)], RULES)
    assert numbers(found.publish) == [[12, 1]]
    assert [(each.month, each.why) for each in found.publish[0].held] == [(Month(2026, 12), FoldReason.FEW_DONORS)]


def test_corrections_are_part_of_the_first_block_and_may_hold_it_back() -> None:
    alone = plan(year(EVEN, EVEN), RULES, corrections=gifts(500, first=40))
    assert [draft.minor for draft in alone.publish] == [12_500]
    held = plan(year(EVEN, EVEN, EVEN), RULES, corrections=gifts(-9_000, first=40))
    assert numbers(held.publish) == [[1, 2]]


@pytest.mark.parametrize(
    ("by_appeal", "shown", "rest"),
    [
        ({GENERAL: 12}, [], 0),
        ({GENERAL: 12, MEADOW: 11}, [GENERAL, MEADOW], 0),
        ({GENERAL: 12, MEADOW: 3}, [], 0),
        ({GENERAL: 20, MEADOW: 12, BOG: 3}, [GENERAL], 15_000),
        ({GENERAL: 20, MEADOW: 6, BOG: 6}, [GENERAL], 12_000),
    ],
    ids=["one", "both", "the rest shows", "the rest takes one in", "the rest is many"],
)
def test_appeals_are_shown_where_each_and_the_rest_stand(
    by_appeal: dict[AppealId, int], shown: list[AppealId], rest: int
) -> None:
    whole = together(gifts(*[1_000] * count, appeal=appeal, first=100 * appeal) for appeal, count in by_appeal.items())
    found = parts(whole, RULES)
    assert ([appeal for appeal, _ in found.appeals], found.rest) == (shown, rest)


_GIVEN = st.dictionaries(
    st.tuples(st.integers(1, 25).map(DonorId) | st.none(), st.sampled_from([GENERAL, MEADOW, None])),
    st.integers(-3_000, 10_000) | st.integers(1, 300_000),
    max_size=40,
)
_RULES = st.builds(Rules, donors_min=st.integers(5, 15), percent=st.integers(15, 50), is_rounded=st.booleans())
_MONTHS = st.lists(_GIVEN, max_size=16).map(
    lambda many: [(Month(2026 + (at + 6) // 12, (at + 6) % 12 + 1), each) for at, each in enumerate(many)]
)


@given(months=_MONTHS, rules=_RULES, corrections=_GIVEN)
def test_every_block_stands_and_every_month_is_somewhere(
    months: list[tuple[Month, Given]], rules: Rules, corrections: Given
) -> None:
    found = plan(months, rules, corrections=corrections)
    assert all(rules.against(draft.given) is None for draft in found.publish)
    rest = [each for each in (found.waiting, found.building) if each is not None]
    drafts = [*found.publish, *rest]
    assert [month for draft in drafts for month in draft.months] == [month for month, _ in months]
    if months:
        expected = sum(sum(each.values()) for each in (corrections, *(each for _, each in months)))
        assert sum(draft.minor for draft in drafts) == expected


@given(months=_MONTHS, rules=_RULES, corrections=_GIVEN, at=st.integers(0, 16))
def test_what_is_published_stays_whatever_follows(
    months: list[tuple[Month, Given]], rules: Rules, corrections: Given, at: int
) -> None:
    """Publishing month by month, or all of it at once, comes to the same blocks."""
    early = plan(months[:at], rules, corrections=corrections)
    whole = plan(months, rules, corrections=corrections)
    assert whole.publish[: len(early.publish)] == early.publish
    begun = sum(len(draft.months) for draft in early.publish)
    later = plan(months[begun:], rules, corrections=None if early.publish else corrections)
    assert early.publish + later.publish == whole.publish


@given(whole=_GIVEN, rules=_RULES)
def test_every_part_stands_and_they_add_up(whole: Given, rules: Rules) -> None:
    found = parts(whole, rules)
    if not found.appeals:
        return
    shown = {appeal for appeal, _ in found.appeals}
    rest = {key: minor for key, minor in whole.items() if key[1] not in shown}
    assert sum(minor for _, minor in found.appeals) + found.rest == sum(whole.values())
    assert not any(rest.values()) or rules.against(rest) is None
    for appeal in shown:
        assert rules.against({key: minor for key, minor in whole.items() if key[1] == appeal}) is None


@given(whole=_GIVEN, rules=_RULES)
def test_whoever_knows_one_part_errs_about_every_other(whole: Given, rules: Rules) -> None:
    if rules.against(whole) is not None:
        return
    sums = of_donors(whole)
    total = sum(sums.values())
    for knows, own in sums.items():
        for about, minor in sums.items():
            assert knows == about or abs(total - own - minor) * 100 >= rules.percent * abs(minor)
