"""Where the money went by year, from published blocks alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from donations.core.money import Minor
from donations.ledger.published import Block
from donations.ledger.published_spending import PublishedSpending, Share
from donations.reports.shares import percent_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingYear:
    """What was spent, as the blocks told that end in a year."""

    year: int
    first_day: date
    last_day: date
    minor: Minor
    categories: tuple[Share, ...]
    """The largest first."""
    rest: Minor

    def percent(self, minor: Minor) -> int | None:
        """Return how large a part of the year's spending is; None where corrections outweigh the rest."""
        return percent_of(minor, self.minor)


def spending_years(blocks: Iterable[Block]) -> tuple[SpendingYear, ...]:
    """Return the years in which something was told, the newest first."""
    by_year: defaultdict[int, list[PublishedSpending]] = defaultdict(list)
    for block in blocks:
        if block.spending is not None:
            by_year[block.last_day.year].append(block.spending)
    return tuple(_year(year, by_year[year]) for year in sorted(by_year, reverse=True))


def _year(year: int, told: list[PublishedSpending]) -> SpendingYear:
    sums: Counter[str] = Counter()
    for each in told:
        for share in each.categories:
            sums[share.category] += share.minor
    return SpendingYear(
        year=year,
        first_day=told[0].first_day,
        last_day=told[-1].last_day,
        minor=sum(each.minor for each in told),
        categories=tuple(Share(name, minor) for name, minor in sums.most_common() if minor),
        rest=sum(each.rest for each in told),
    )
