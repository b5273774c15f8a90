"""No small group of donors can be told from what is shown of a table and its total."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.reports.dashboard.series import LEAST, count_shown, shown

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
    may_show = shown(donors, together=sum)
    assert " ".join(str(each) if is_shown else "-" for each, is_shown in zip(donors, may_show, strict=True)) == said


@pytest.mark.parametrize(
    ("donors", "said"),
    [([7, 9], "7 9"), ([3, 4, 9, 12], "- - - 12"), ([3, 3, 3, 3, 8], "- - - - -"), ([0, 2, 6, 7], "0 - - 7")],
)
def test_the_same_few_may_be_in_every_hidden_group(donors: list[int], said: str) -> None:
    may_show = shown(donors, together=max)
    assert " ".join(str(each) if is_shown else "-" for each, is_shown in zip(donors, may_show, strict=True)) == said


@pytest.mark.parametrize("together", [sum, max])
@given(donors=tables)
def test_nobody_is_told_by_subtraction(donors: list[int], together: Callable[[Iterable[int]], int]) -> None:
    """What the total leaves over is of five donors or more and of several groups, or there is nothing else to hide."""
    may_show = shown(donors, together=together)
    visible = list(compress(donors, may_show))
    hidden = [each for each, is_shown in zip(donors, may_show, strict=True) if not is_shown]
    assert all(each == 0 or each >= LEAST for each in visible)
    if hidden and any(visible):
        assert len(hidden) > 1
        assert together(hidden) >= LEAST
    if hidden:
        assert min(hidden) < LEAST


@pytest.mark.parametrize("together", [sum, max])
@given(donors=tables)
def test_nothing_is_hidden_without_need(donors: list[int], together: Callable[[Iterable[int]], int]) -> None:
    if all(each == 0 or each >= LEAST for each in donors):
        assert all(shown(donors, together=together))


@pytest.mark.parametrize(("donors", "said"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_a_number_that_stands_alone(donors: int, said: int | None) -> None:
    assert count_shown(donors) == said
