"""Which months are published together, and why: tables of cases, and what holds for any gifts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.published.attackers import is_open
from tests.published.page import Sum

from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId
from donations.core.refusal import Refusal
from donations.published.appeals import AppealDisclosure, DisclosedAppeals
from donations.published.blocks import BlockDraft, FoldReason, Given, Plan, Rules, plan, together
from donations.published.document import Block, PublishedPart

RULES = Rules()
GENERAL, MEADOW, BOG = AppealId(1), AppealId(2), AppealId(3)


def gifts(*minor: int, first: int = 1, appeal: AppealId = GENERAL) -> Given:
    """Return gifts of as many donors."""
    return {(DonorId(number), appeal): each for number, each in enumerate(minor, start=first)}


EVEN = gifts(*[1_000] * 12)
FEW = gifts(*[1_000] * 4)
MORE = gifts(*[1_500] * 12)


def draft(*many: Given, first: int = 1) -> BlockDraft:
    """Return a block of these gifts, a month each."""
    months = tuple(Month(2026, number) for number in range(first, first + len(many)))
    return BlockDraft(months=months, given=together(many))


def alone(given: Given, rules: Rules = RULES) -> FoldReason | None:
    return rules.against_alone(draft(given))


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
    assert alone(gifts(*minor)) is why


@pytest.mark.parametrize(
    ("now", "then", "why"),
    [
        ([1_000] * 30, [1_000] * 30, None),  # nobody's giving changed
        ([1_000] * 11, [1_000] * 10, FoldReason.FEW_CHANGED),  # somebody gave ten euros
        ([1_000] * 21 + [900] * 9, [1_000] * 30, FoldReason.FEW_CHANGED),
        ([1_000] * 20 + [900] * 10, [1_000] * 30, None),
        ([1_000] * 20 + [900] * 9 + [2_600], [1_000] * 30, None),  # 800 are half of 1600
        ([1_000] * 20 + [900] * 9 + [2_601], [1_000] * 30, FoldReason.CHANGE_DOMINATED),
        ([1_000] * 20 + [900] * 8 + [3_000, 2_400], [1_000] * 30, FoldReason.CHANGE_DOMINATED),  # the two know the rest
    ],
)
def test_what_may_be_published_beside_an_earlier_sum(now: list[int], then: list[int], why: FoldReason | None) -> None:
    assert RULES.against_change(draft(gifts(*now)), draft(gifts(*then))) is why
    assert RULES.against_change(draft(gifts(*then)), draft(gifts(*now))) is why


def test_sums_of_unequal_length_are_compared_month_for_month() -> None:
    steady = gifts(*[1_000] * 30)
    assert RULES.against_change(draft(steady, steady, steady), draft(steady)) is None
    assert RULES.against_change(draft(steady, gifts(*[1_000] * 31)), draft(steady)) is FoldReason.FEW_CHANGED


def test_of_nobody_known_the_size_counts_but_not_as_one_who_changed() -> None:
    """A refund without donor: it may be one person's, and it hides nobody."""
    then, changed = draft(gifts(*[1_000] * 30)), gifts(*[1_000] * 20 + [900] * 10)
    assert RULES.against_change(draft({**gifts(*[1_000] * 30), (None, None): -500}), then) is FoldReason.FEW_CHANGED
    assert RULES.against_change(draft({**changed, (None, None): -1_600}), then) is None
    assert RULES.against_change(draft({**changed, (None, None): -1_601}), then) is FoldReason.CHANGE_DOMINATED


def test_a_block_is_tested_against_every_earlier_one_and_names_the_newest_that_it_is_like() -> None:
    steady, other = gifts(*[1_000] * 30), gifts(*[1_300] * 30)
    like_january = gifts(*[1_000] * 29, 1_100)
    held = RULES.against(draft(like_january, first=4), [draft(steady), draft(other, first=2), draft(other, first=3)])
    assert held is not None
    assert (held.why, held.like) == (FoldReason.FEW_CHANGED, (Month(2026, 1), Month(2026, 1)))


def test_one_donor_is_one_however_many_appeals() -> None:
    assert alone(together(gifts(*[500] * 6, appeal=each) for each in (GENERAL, MEADOW))) is FoldReason.FEW_DONORS


def test_a_refund_taken_back_whose_donor_nobody_knows_is_no_donor() -> None:
    """Refunds may have no donor; that one of a published month was none after all comes as a correction."""
    assert alone({**gifts(*[1_000] * 9), (None, None): 1_000}) is FoldReason.FEW_DONORS
    found = draft({**gifts(*[1_000] * 10), (None, None): 1_000})
    assert (RULES.against_alone(found), len(found.donors)) == (None, 10)


@pytest.mark.parametrize(
    ("donors_min", "percent", "change_percent"),
    [(9, 25, 50), (101, 25, 50), (10, 14, 50), (10, 51, 50), (10, 25, 24)],
    ids=["few", "many", "low", "high", "change"],
)
def test_rules_have_bounds(donors_min: int, percent: int, change_percent: int) -> None:
    with pytest.raises(Refusal, match="bad_rules"):
        Rules(donors_min=donors_min, percent=percent, change_percent=change_percent)


@pytest.mark.parametrize(
    ("months", "published", "waiting", "building"),
    [
        ([EVEN], [], [1], []),
        ([EVEN, EVEN], [[1]], [2], []),
        ([FEW], [], [], [1]),
        ([FEW, EVEN, MORE], [[1, 2]], [3], []),
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
    found = plan([*year(FEW, first=12), *year(EVEN, MORE, of=2027)], RULES)
    assert numbers(found.publish) == [[12, 1]]
    assert [(each.month, each.why) for each in found.publish[0].kept_back] == [(Month(2026, 12), FoldReason.FEW_DONORS)]


def test_corrections_are_part_of_the_first_block_and_wait_for_company() -> None:
    """One late gift in a steady month would be the whole difference: nothing comes out until more has changed."""
    late = gifts(500, first=40)
    assert [each.minor for each in plan(year(EVEN, EVEN), RULES, corrections=late).publish] == []
    moved = gifts(*[1_200] * 12)
    assert [each.minor for each in plan(year(EVEN, moved), RULES, corrections=late).publish] == [12_500]
    held = plan(year(EVEN, first=3), RULES, corrections=late, earlier=[draft(EVEN), draft(EVEN, first=2)])
    assert held.building is not None
    assert [(each.why, each.like) for each in held.building.kept_back] == [
        (FoldReason.FEW_CHANGED, (Month(2026, 2), Month(2026, 2)))
    ]


def test_what_was_published_by_the_old_rule_counts_as_well() -> None:
    """A steady chain of months, then one donor more: their gift is not the difference to any of them."""
    chain = [draft(EVEN, first=number) for number in range(1, 7)]
    assert numbers(plan(year(EVEN, EVEN, first=7), RULES, earlier=chain).publish) == [[7]]
    one_more = gifts(*[1_000] * 13)
    assert plan(year(one_more, one_more, one_more, first=7), RULES, earlier=chain).publish == ()


def told(*many: Given, first: int = 1, rules: Rules = RULES) -> list[AppealDisclosure | None]:
    """Return what months told by appeal, each a block."""
    state, found = DisclosedAppeals(), list[AppealDisclosure | None]()
    for number, each in enumerate(many, start=1):
        state, telling = state.after(number, draft(each, first=first + number - 1), rules)
        found.append(telling)
    return found


def by(general: int, meadow: int, *, minor: int = 1_000) -> Given:
    """Return gifts of so many donors for each of two appeals."""
    return together([gifts(*[minor] * general), gifts(*[minor] * meadow, appeal=MEADOW, first=101)])


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
    (found,) = told(whole)
    assert ([*found.shown], found.rest) == (shown, rest) if found else not shown


def test_an_appeal_that_is_too_like_what_was_told_of_it_waits_for_the_end_of_the_year() -> None:
    """One donor of the meadow more, hidden in the whole sum by many changes of the others."""
    first, second, third = told(by(30, 15), by(30, 16, minor=1_300), by(30, 15, minor=1_600), first=10)
    assert first is not None
    assert (first.blocks, first.shown) == ((1,), (GENERAL, MEADOW))
    assert second is not None
    one_more = together([gifts(*[1_400] * 30), gifts(*[1_000] * 16, appeal=MEADOW, first=101)])
    first, waits, december = told(by(30, 15), one_more, by(30, 15, minor=1_600), first=10)
    assert waits is None
    assert december is not None
    assert (december.blocks, [minor for _, minor in december.parts]) == ((2, 3), [42_000 + 48_000, 16_000 + 24_000])
    assert third is not None


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({GENERAL: "A", MEADOW: "B", BOG: "C"}, (GENERAL, MEADOW)),
        ({GENERAL: "New", MEADOW: "Other", BOG: "C"}, (GENERAL, MEADOW)),
        ({GENERAL: "B", MEADOW: "A", BOG: "C"}, (GENERAL, MEADOW)),
        ({GENERAL: "New", MEADOW: "Other", BOG: "A"}, (GENERAL, MEADOW)),
    ],
    ids=["as then", "called otherwise", "changed over", "another has the name"],
)
@pytest.mark.parametrize("sums", [(1_000, 1_500), (1_000, 1_000)], ids=["unlike", "alike"])
def test_what_a_block_told_is_known_whatever_appeals_are_called_now(
    names: dict[AppealId, str], shown: tuple[AppealId, ...], sums: tuple[int, int]
) -> None:
    """Also where all sums are alike: then each of them may be the one."""
    parts = {appeal: gifts(*[minor] * 12, appeal=appeal) for appeal, minor in zip((GENERAL, MEADOW), sums, strict=True)}
    counted = draft(together(parts.values()))
    told = tuple(PublishedPart(name, 12 * minor) for name, minor in zip("AB", sums, strict=True))
    block = Block(
        number=1,
        first_day=date(2026, 1, 1),
        last_day=date(2026, 1, 31),
        published_on=date(2026, 3, 1),
        minor=counted.minor,
        donors=10,
        donors_so_far=10,
        appeals=told,
        before="",
    )
    (known,) = DisclosedAppeals.of([(block, counted)], names).disclosed
    assert set(known.shown) == set(shown)


def test_the_end_of_a_year_tells_no_part_that_would_be_a_difference() -> None:
    """The year less the blocks that told their parts is one block's parts: they must stand as well."""
    one_more = together([gifts(*[1_400] * 30), gifts(*[1_000] * 16, appeal=MEADOW, first=101)])
    first, december = told(by(30, 15), one_more, first=11)
    assert first is not None
    assert december is None


_GIVEN = st.dictionaries(
    st.tuples(st.integers(1, 25).map(DonorId) | st.none(), st.sampled_from([GENERAL, MEADOW, None])),
    st.integers(-3_000, 10_000) | st.integers(1, 300_000),
    max_size=40,
)
_RULES = st.builds(
    Rules, donors_min=st.integers(10, 15), percent=st.integers(15, 50), change_percent=st.integers(25, 100)
)
_MONTHS = st.lists(_GIVEN, max_size=16).map(
    lambda many: [(Month(2026 + (at + 6) // 12, (at + 6) % 12 + 1), each) for at, each in enumerate(many)]
)


def open_pairs(found: Plan, rules: Rules) -> int:
    """Count the differences of blocks that do not hide everybody, as attackers judge it."""
    sums = []
    for each in (*found.publish, *([found.waiting] if found.waiting else [])):
        whose = Counter[int | None]()
        for (who, _), minor in each.given.items():
            whose[who] += minor
        sums.append(Sum(len(each.months), each.minor, whose))
    pairs = [(new, old) for at, new in enumerate(sums) for old in sums[:at]]
    return sum(is_open(new.since(old), percent=rules.change_percent) for new, old in pairs)


@given(months=_MONTHS, rules=_RULES, corrections=_GIVEN)
def test_every_block_stands_and_every_month_is_somewhere(
    months: list[tuple[Month, Given]], rules: Rules, corrections: Given
) -> None:
    found = plan(months, rules, corrections=corrections)
    assert all(alone(draft.given, rules) is None for draft in found.publish)
    assert open_pairs(found, rules) == 0
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
    left = None if early.publish else corrections
    later = plan(months[begun:], rules, corrections=left, earlier=early.publish)
    assert early.publish + later.publish == whole.publish


@given(many=st.lists(_GIVEN, max_size=14), rules=_RULES)
def test_every_part_ever_told_stands_and_they_add_up(many: list[Given], rules: Rules) -> None:
    found = [each for each in told(*many[:12], rules=rules) if each is not None]
    numbers = [number for each in found for number in each.blocks]
    assert len({*numbers}) == len(numbers)
    for at, each in enumerate(found):
        assert sum(minor for _, minor in each.parts) + each.rest == sum(each.draft.given.values())
        assert not each.but(each.shown).by_donor or rules.against_alone(each.but(each.shown)) is None
        for appeal in each.shown:
            assert rules.against_alone(each.of({appeal})) is None
            earlier = (old.of({appeal}) for old in found[:at] if appeal in old.shown)
            assert all(rules.against_change(each.of({appeal}), old) is None for old in earlier)


@given(whole=_GIVEN, rules=_RULES)
def test_whoever_knows_one_part_errs_about_every_other(whole: Given, rules: Rules) -> None:
    found = draft(whole)
    if rules.against_alone(found) is not None:
        return
    for knows, own in found.by_donor.items():
        for about, minor in found.by_donor.items():
            assert knows == about or abs(found.minor - own - minor) * 100 >= rules.percent * abs(minor)
