"""A part of a whole in whole percent, where it is one."""

from __future__ import annotations

import pytest

from donations.reports.table import percent_of


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (0, 10, 0),
        (1, 200, 1),
        (1, 201, 0),
        (10, 10, 100),
        (11, 10, None),
        (-1, 10, None),
        (0, 0, None),
        (-5, -10, None),
    ],
)
def test_percent(part: int, whole: int, percent: int | None) -> None:
    assert percent_of(part, whole) == percent
