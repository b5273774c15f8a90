"""Everything of a chart stands inside its drawing, in proportion, and apart from everything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations.core.calendar import Month
from donations.web.charts import (
    HEIGHT,
    PARTS_MAX,
    STRIP_WIDTH,
    TICKS_MAX,
    WIDTH,
    columns,
    folded,
    month_labels,
    round_step,
    strip,
)

stacks = st.integers(1, 5).flatmap(
    lambda series: st.lists(st.lists(st.integers(0, 10**9), min_size=series, max_size=series), min_size=1, max_size=24)
)


@given(stacks)
def test_columns_stand_in_the_drawing_in_proportion(given_stacks: list[list[int]]) -> None:
    chart = columns(given_stacks, [("x", True)] * len(given_stacks))
    if not any(any(stack) for stack in given_stacks):
        assert chart is None
        return
    assert chart is not None
    assert len(chart.bars) == sum(value > 0 for stack in given_stacks for value in stack)
    for bar in chart.bars:
        assert chart.left <= bar.x < bar.x + bar.width <= chart.right <= WIDTH
        assert 0 <= bar.y < bar.y + bar.height <= chart.base < HEIGHT
    top = chart.ticks[-1]
    assert top.value >= max(map(sum, given_stacks))
    assert len(chart.ticks) <= TICKS_MAX + 1
    by_column: dict[int, int] = {}
    for bar in chart.bars:
        by_column[bar.x] = max(by_column.get(bar.x, 0), chart.base - bar.y)
    heights = [by_column[x] for x in sorted(by_column)]
    for stack, height in zip((stack for stack in given_stacks if any(stack)), heights, strict=True):
        right = sum(stack) * (chart.base - top.y) // top.value
        assert abs(height - right) <= 1


@pytest.mark.parametrize(("highest", "step"), [(1, 1), (4, 1), (5, 2), (9, 5), (41, 20), (100, 50), (20_001, 10_000)])
def test_steps_are_round(highest: int, step: int) -> None:
    assert round_step(highest) == step


@given(st.lists(st.integers(0, 10**9), max_size=6))
def test_a_strip_is_cut_in_proportion(parts: list[int]) -> None:
    found = strip(parts)
    if not any(parts):
        assert found is None
        return
    assert found is not None
    assert [bar.series for bar in found.bars] == [at for at, part in enumerate(parts) if part]
    for bar in found.bars:
        assert abs(bar.width - parts[bar.series] * STRIP_WIDTH // sum(parts)) <= 1


def test_words_that_are_empty_are_none() -> None:
    chart = columns([[1], [2]], [("", True), ("Feb", False)])
    assert chart is not None
    assert [label.text for label in chart.labels] == ["Feb"]


def months_from(first: Month, count: int) -> list[Month]:
    months = [first]
    while len(months) < count:
        months.append(months[-1].next)
    return months


@pytest.mark.parametrize(
    ("first", "count", "labels"),
    [
        (Month(2025, 11), 6, [("2026", True), ("4", False)]),
        (Month(2026, 1), 4, [("2026", True), ("4", False)]),
        (Month(2026, 3), 6, [("3 2026", True), ("7", False)]),
        (Month(2026, 12), 1, [("12 2026", True)]),
    ],
)
def test_some_word_names_the_year(first: Month, count: int, labels: list[tuple[str, bool]]) -> None:
    assert [each for each in month_labels(months_from(first, count), lambda day: str(day.month)) if each[0]] == labels


@given(st.lists(st.tuples(st.text("abc"), st.integers(-100, 10**6))), st.integers(-100, 10**6))
def test_no_more_parts_than_can_be_told_apart_and_together_they_are_all(
    parts: list[tuple[str, int]], rest: int
) -> None:
    found = folded(parts, rest=rest, rest_name="Other")
    assert found[: len(parts[:PARTS_MAX])] == parts[:PARTS_MAX]
    assert len(found) <= PARTS_MAX + 1
    assert sum(value for _, value in found) == rest + sum(value for _, value in parts)
