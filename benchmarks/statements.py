"""One account of the demo's story as its bank would export it: as many payments of two years as are to be measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from donations.core.calendar import Month
from donations.demo.files import Excerpt, camt053, excerpt, lhv_csv, ofx
from donations.demo.movement import Bank
from donations.demo.story import Plot, tell

LAST = Month(2025, 12)
_PAYMENTS_OF_A_DONOR = 6
"""At least so many come to the main account in two years, so that a story is never too short."""
_LAST_MONTHS_PAYMENTS_OF_A_DONOR = 0.5


def payments(count: int, *, seed: int = 1) -> Excerpt:
    """Return the main account's first payments of a story that has enough of them."""
    story = tell(Plot(last=LAST, donors=count // _PAYMENTS_OF_A_DONOR + 10, seed=seed))
    account, owner = story.account(Bank.LHV), story.owner
    whole = excerpt(story.movements, account, owner=owner, first_day=story.span[0].first_day, last_day=LAST.last_day)
    shown = whole.movements[:count]
    return replace(whole, movements=shown, last_day=shown[-1].day)


def months(count: int, *, lines: int) -> list[Excerpt]:
    """Return the main account's months, of which the last has about so many lines."""
    story = tell(Plot(last=LAST, months=count, donors=int(lines / _LAST_MONTHS_PAYMENTS_OF_A_DONOR) + 10))
    account, owner = story.account(Bank.LHV), story.owner
    return [
        excerpt(story.movements, account, owner=owner, first_day=month.first_day, last_day=month.last_day)
        for month in story.span
    ]


FORMATS: Mapping[str, Callable[[Excerpt], bytes]] = MappingProxyType(
    {"camt.053": camt053, "ofx": ofx, "lhv-csv": lhv_csv}
)
"""Writers by the name of the reader that must claim what they write."""
