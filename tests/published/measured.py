"""What each choice of P costs and gives, over invented circles: `python -m tests.published.measured` prints the table.

Read in docs/adr/0032. Near readings: of the differences between neighbours of one length of 300 euros or more, how many
are within a tenth of what one donor's giving changed by.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.published.attackers import friends, largest, learned
from tests.published.circles import MONTHS, circles
from tests.published.page import PER_MONTH, OldRule, Page, Product, published

from donations.published.blocks import Rules

LARGE = 300_00


@dataclass(frozen=True)
class Utility:
    """What readers get."""

    blocks_a_year: float
    months_told: float
    euros_told: float
    median_months: int
    """Of a block."""


def utility(pages: Sequence[Page]) -> Utility:
    """Return it for circles together."""
    blocks = [block for page in pages for block in page.blocks]
    whole = sum(page.euros for page in pages)
    lengths = sorted(block.months for block in blocks)
    return Utility(
        len(blocks) / len(pages) * 12 / MONTHS,
        sum(lengths) / len(pages) / MONTHS,
        sum(block.cents for block in blocks) / whole,
        lengths[len(lengths) // 2] if lengths else 0,
    )


def near_readings(pages: Sequence[Page]) -> tuple[int, int]:
    """Return how many large differences there are, and how many tell a large gift to within a tenth."""
    claims = near = 0
    for old, new in (pair for page in pages for pair in pairwise(page.blocks)):
        claimed = new.cents - old.cents
        if old.months == new.months and abs(claimed) >= LARGE:
            changes = (change * new.months // PER_MONTH for change in new.since(old).values())
            claims, near = claims + 1, near + any(abs(each - claimed) * 10 <= abs(claimed) for each in changes)
    return claims, near


def main(each: int) -> None:
    """Print a line for each size, kind and P; `each` circles of each of nine kinds, fewer of the large ones."""
    for is_heavy in (False, True):
        for size in (12, 30, 100, 400):
            known = list(circles(size, max(1, each * 30 // max(30, size)), is_heavy=is_heavy))
            for percent in (0, 25, 50, 75, 100):
                pages = [
                    published(one, Product(Rules(change_percent=percent)) if percent else OldRule()) for one in known
                ]
                found, (claims, near) = utility(pages), near_readings(pages)
                gains = [learned(pages, events).gain for events in (largest, friends)]
                print(  # noqa: T201 - it is a report
                    f"{'heavy' if is_heavy else 'usual'} {size:4} {percent or 'old':>4}: {len(pages)} circles, "
                    f"{found.blocks_a_year:.1f} blocks a year, median {found.median_months}, "
                    f"months {found.months_told:.0%}, euros {found.euros_told:.1%}, "
                    f"near {near} of {claims} ({near / max(1, claims):.0%}), gains {gains[0]:+.1f} {gains[1]:+.1f}"
                )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
