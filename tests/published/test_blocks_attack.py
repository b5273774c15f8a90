"""The public page under attack: outsiders who poll it, an insider, watchers of corrections, and the annual report.

Made-up organisations with a few large donors and many small ones; the same attack on a live counter succeeds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, combinations
from random import Random

import pytest

from donations.core.calendar import Month
from donations.core.donor import AppealId, DonorId
from donations.published.blocks import BlockDraft, Given, Plan, Rules, of_donors, plan, together

RULES = Rules()
APPEAL = AppealId(1)
SIZES = (15, 30, 60, 120)
SEEDS = range(4)
FIRST = Month(2023, 1)
MONTHS = 36


@dataclass(frozen=True)
class Gift:
    """One gift, by the number of its day; 30 are a month."""

    day: int
    donor: DonorId
    minor: int

    @property
    def month(self) -> int:
        """Count months from 0."""
        return self.day // 30


def organisation(donors: int, seed: int) -> list[Gift]:
    """Make three years up: amounts are Pareto's, four of ten give every month, the others now and then."""
    random = Random(f"{donors} {seed}")
    found = []
    for donor in map(DonorId, range(1, donors + 1)):
        usual = min(int(500 * random.paretovariate(0.9)), 100_000)
        chance = 1 if random.random() < 0.4 else random.uniform(0.05, 0.4)
        own_day = random.randrange(30)
        for month in range(MONTHS):
            if random.random() < chance:
                minor = usual if chance == 1 else int(usual * random.uniform(0.3, 3)) + 1
                found.append(Gift(month * 30 + (own_day if chance == 1 else random.randrange(30)), donor, minor))
    return sorted(found, key=lambda gift: gift.day)


@pytest.fixture(scope="module", params=SIZES)
def organisations(request: pytest.FixtureRequest) -> list[list[Gift]]:
    return [organisation(request.param, seed) for seed in SEEDS]


def months_of(gifts: Sequence[Gift]) -> list[tuple[Month, Given]]:
    sums: dict[int, Counter[tuple[DonorId | None, AppealId | None]]] = {at: Counter() for at in range(MONTHS)}
    for gift in gifts:
        sums[gift.month][gift.donor, APPEAL] += gift.minor
    return [(Month(FIRST.year + at // 12, at % 12 + 1), given) for at, given in sums.items()]


@dataclass
class Page:
    """The public page over the years: published at each closing, one act after another."""

    rules: Rules = RULES
    drafts: list[BlockDraft] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    def publish(self, closed: Sequence[tuple[Month, Given]]) -> None:
        """Publish what these closed months, as the books have them now, add to the page."""
        known = {month for draft in self.drafts for month in draft.months}
        counted = together(draft.given for draft in self.drafts)
        now = together(given for month, given in closed if month in known)
        changed = together([now, {key: -minor for key, minor in counted.items()}])
        corrections = {key: minor for key, minor in changed.items() if minor}
        found = plan([each for each in closed if each[0] not in known], self.rules, corrections=corrections)
        self.drafts += found.publish
        self.plans.append(found)


def published(gifts: Sequence[Gift], rules: Rules = RULES) -> Page:
    page, months = Page(rules), months_of(gifts)
    for end in range(1, MONTHS + 1):
        page.publish(months[:end])
    return page


def told(sums: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Every difference of two states of a counter that somebody polled."""
    states = [0, *accumulate(sums)]
    for start, end in combinations(range(len(states)), 2):
        yield start, end, states[end] - states[start]


def recovered(page: Page) -> int:
    """Count the differences that are exactly what one donor gave meanwhile, or one of the gifts."""
    found = 0
    for start, end, difference in told([draft.minor for draft in page.drafts]):
        within = of_donors(together(draft.given for draft in page.drafts[start:end]))
        found += difference in within.values()
    return found


def test_a_live_counter_gives_gifts_away(organisations: list[list[Gift]]) -> None:
    """The control: whoever polls a counter every day learns each gift that came alone."""
    for gifts in organisations:
        by_day: dict[int, list[Gift]] = {}
        for gift in gifts:
            by_day.setdefault(gift.day, []).append(gift)
        exact = sum(len(each) == 1 for each in by_day.values())
        assert exact > len(gifts) // 20


def test_whoever_polls_the_page_learns_no_gift(organisations: list[list[Gift]]) -> None:
    pages = [published(gifts) for gifts in organisations]
    assert sum(len(page.drafts) for page in pages) > len(SEEDS) * 3
    assert [recovered(page) for page in pages] == [0] * len(SEEDS)


def test_no_block_has_too_few_donors(organisations: list[list[Gift]]) -> None:
    for gifts in organisations:
        assert all(len(draft.donors) >= RULES.donors_min for draft in published(gifts).drafts)


@pytest.mark.parametrize("rules", [RULES, Rules(donors_min=5, percent=15), Rules(percent=50, is_rounded=True)])
def test_the_best_insider_errs_by_the_percentage(organisations: list[list[Gift]], rules: Rules) -> None:
    """Of all donors the second largest knows most about the largest."""
    for gifts in organisations:
        for draft in published(gifts, rules).drafts:
            largest, second = sorted(of_donors(draft.given).values(), reverse=True)[:2]
            estimate = rules.published_minor(draft.minor) - second
            assert (estimate - largest) * 100 >= rules.percent * largest


def test_the_annual_report_adds_nothing(organisations: list[list[Gift]]) -> None:
    """What a year's exact total shows besides its blocks is nothing, or the treasurer was told so."""
    for gifts in organisations:
        page = published(gifts)
        withheld = {year for found in page.plans for year in found.withheld}
        months = dict(months_of(gifts))
        for year in {month.year for month in months} - withheld - {each + 1 for each in withheld}:
            exact = sum(sum(given.values()) for month, given in months.items() if month.year == year)
            assert exact == sum(draft.minor for draft in page.drafts if draft.months[-1].year == year)


def test_whoever_watches_corrections_learns_no_gift(organisations: list[list[Gift]]) -> None:
    """Files are taken back and come again, gifts are given back or found to be another's, between publications."""
    for seed, gifts in enumerate(organisations):
        random, page, gone = Random(seed), Page(), set[int]()
        for end in range(1, MONTHS + 1):
            past = [at for at, gift in enumerate(gifts) if gift.month < end]
            if random.random() < 0.5:
                gone ^= set(random.sample(past, min(2, len(past))))
            if random.random() < 0.1:
                file = random.randrange(end)
                gone ^= {at for at in past if gifts[at].month == file}
            page.publish(months_of([gift for at, gift in enumerate(gifts) if at not in gone])[:end])
        assert recovered(page) == 0
        assert all(RULES.against(draft.given) is None for draft in page.drafts)
