"""Where everything stands in a chart: whole units of a drawing that the template only has to write down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

from donations.core.calendar import Month

WIDTH, HEIGHT = 560, 260
_LEFT, _RIGHT, _TOP, _BASE = 88, 556, 14, 226
_WIDEST = 44
"""Of a column: a few of them are not to be blocks."""
TICKS_MAX = 4
STRIP_WIDTH, STRIP_HEIGHT = 560, 28
PARTS_MAX = 5
"""So many fills can be told apart, with one for the rest."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; `series` counts from 0 and says how it is filled."""

    x: int
    y: int
    width: int
    height: int
    series: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across at a round value."""

    y: int
    value: int

    @property
    def text_y(self) -> int:
        """Where the foot of its text is, beside the line."""
        return self.y + 4


@dataclass(frozen=True, slots=True)
class Label:
    """A word under a column; the minor ones are left out where there is little room."""

    x: int
    text: str
    is_major: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A rectangle somewhat larger than a drawing."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChart:
    """A chart of columns, each a stack of parts."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]
    series: int
    left: int = _LEFT
    right: int = _RIGHT
    base: int = _BASE
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def ticks_end(self) -> int:
        """Where texts of ticks end."""
        return self.left - 6

    @property
    def labels_top(self) -> int:
        """Where labels hang from."""
        return self.base + 8

    @property
    def labels_foot(self) -> int:
        """Where labels stand that do not hang."""
        return self.base + 20

    @property
    def ground(self) -> Ground:
        """What lies under a chart that stands on a ground of its own."""
        return Ground(x=-12, y=-8, width=self.width + 24, height=self.height + 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class BarStrip:
    """One bar across, cut into parts."""

    bars: tuple[Bar, ...]
    series: int
    width: int = STRIP_WIDTH
    height: int = STRIP_HEIGHT


def columns(stacks: Sequence[Sequence[int]], labels: Sequence[tuple[str, bool]]) -> ColumnChart | None:
    """Return a chart of stacks from the left to the right, each from its base upwards; None where all are nothing.

    `labels` has a word for each stack and whether it is a major one; an empty word is none.
    """
    highest = max((sum(stack) for stack in stacks), default=0)
    if not highest:
        return None
    step = round_step(highest)
    top = -(-highest // step) * step
    slot = (_RIGHT - _LEFT) // len(stacks)
    width = min(slot - max(2, slot // 3), _WIDEST)
    bars = []
    for at, stack in enumerate(stacks):
        heights = [_height(value, top) for value in accumulate(stack, initial=0)]
        for series, (low, high) in enumerate(pairwise(heights)):
            if stack[series]:
                top_edge = max(high, low + 1)  # the smallest gift is still to be seen
                left = _LEFT + at * slot + (slot - width) // 2
                bars.append(Bar(left, _BASE - top_edge, width, top_edge - low, series))
    return ColumnChart(
        bars=tuple(bars),
        ticks=tuple(Tick(_BASE - _height(value, top), value) for value in range(0, top + 1, step)),
        labels=tuple(
            Label(_LEFT + at * slot + slot // 2, text, is_major) for at, (text, is_major) in enumerate(labels) if text
        ),
        series=max(len(stack) for stack in stacks),
    )


def month_labels(months: Sequence[Month], short: Callable[[date], str]) -> list[tuple[str, bool]]:
    """Return the year under each January, and the other quarters where there is room; `short` is a month's short name.

    Where no January is among them, the first month names the year.
    """
    labels = []
    for each in months:
        if each.number == 1:
            labels.append((str(each.year), True))
        else:
            labels.append((short(each.first_day) if each.number % 3 == 1 else "", False))
    if labels and not any(is_major for _, is_major in labels):
        labels[:2] = [(f"{short(months[0].first_day)} {months[0].year}", True), ("", False)][: len(labels)]
    return labels


def _height(value: int, top: int) -> int:
    return value * (_BASE - _TOP) // top


def round_step(highest: int) -> int:
    """Return 1, 2 or 5 times a power of ten, so that at most `TICKS_MAX` steps reach over a value."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if step * TICKS_MAX >= highest:
                return step
        power *= 10


def folded(parts: Sequence[tuple[str, int]], *, rest: int = 0, rest_name: str) -> list[tuple[str, int]]:
    """Return the first parts with their names, and as one what the others come to with what is no part at all."""
    shown = list(parts[:PARTS_MAX])
    if others := rest + sum(value for _, value in parts[PARTS_MAX:]):
        shown.append((rest_name, others))
    return shown


def strip(parts: Sequence[int]) -> BarStrip | None:
    """Return one bar cut in proportion; None where all parts are nothing."""
    total = sum(parts)
    if not total:
        return None
    edges = [value * STRIP_WIDTH // total for value in accumulate(parts, initial=0)]
    return BarStrip(
        bars=tuple(
            Bar(low, 0, max(1, high - low), STRIP_HEIGHT, series)
            for series, (low, high) in enumerate(pairwise(edges))
            if parts[series]
        ),
        series=len(parts),
    )
