"""No small group of donors can be told from what is shown of a table and its total."""

from __future__ import annotations

from itertools import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.reports.dashboard.folding import LEAST, count_shown, shown

tables = st.lists(st.integers(0, 12), max_size=12)


@pytest.mark.parametrize(
    ("donors", "said"),
    [
        ([], ""),
        ([7, 9], "7 9"),
        ([0, 9], "0 9"),
        ([3, 4, 9], "- - 9"),
        ([3, 8, 9], "- - 9"),
        ([1, 1, 6, 9], "- - - 9"),
        ([2], "-"),
        ([2, 0], "- 0"),
    ],
)
def test_small_groups_are_hidden_and_so_is_what_would_tell_them(donors: list[int], said: str) -> None:
    may_show = shown(donors)
    assert " ".join(str(each) if is_shown else "-" for each, is_shown in zip(donors, may_show, strict=True)) == said


@given(tables)
def test_nobody_is_told_by_subtraction(donors: list[int]) -> None:
    """What the total leaves over is of five donors or more and of several groups, or there is nothing else to hide."""
    may_show = shown(donors)
    visible = list(compress(donors, may_show))
    hidden = [each for each, is_shown in zip(donors, may_show, strict=True) if not is_shown]
    assert all(each == 0 or each >= LEAST for each in visible)
    if hidden and any(visible):
        assert len(hidden) > 1
        assert sum(donors) - sum(visible) >= LEAST
    if hidden:
        assert min(hidden) < LEAST


@given(tables)
def test_nothing_is_hidden_without_need(donors: list[int]) -> None:
    if all(each == 0 or each >= LEAST for each in donors):
        assert all(shown(donors))


@pytest.mark.parametrize(("donors", "said"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_a_number_that_stands_alone(donors: int, said: int | None) -> None:
    assert count_shown(donors) == said
