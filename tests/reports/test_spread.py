"""The median, the quarters and the bands are those of the sorted list of all gifts."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.reports.regular import bands, spread

amounts = st.lists(st.integers(1, 200), min_size=1, max_size=60)
EDGES = (0, 10, 50, 100)


def counted(values: list[int]) -> list[tuple[int, int]]:
    return sorted(Counter(values).items())


@given(amounts)
def test_a_spread_is_that_of_the_sorted_list(values: list[int]) -> None:
    found = spread(counted(values))
    assert found is not None
    for part, amount in ((1, found.lower_quarter), (2, found.median), (3, found.upper_quarter)):
        at_most = sum(value <= amount for value in values)
        less = sum(value < amount for value in values)
        assert amount in values
        assert 4 * at_most >= part * len(values) > 4 * less
    assert (found.gifts, found.largest) == (len(values), max(values))


@given(amounts)
def test_every_gift_is_in_one_band(values: list[int]) -> None:
    found = bands(counted(values), EDGES)
    assert sum(band.gifts for band in found) == len(values)
    assert sum(band.minor for band in found) == sum(values)
    assert found[0].gifts
    assert found[-1].gifts
    for band in found:
        inside = [value for value in values if value >= band.least and (band.below is None or value < band.below)]
        assert (band.gifts, band.minor) == (len(inside), sum(inside))


@pytest.mark.parametrize("found", [spread([]), bands([], EDGES) or None])
def test_nothing_was_given(found: object) -> None:
    assert found is None
