"""A part that tells of itself is told as a part of the whole."""

from __future__ import annotations

from donations.core.progress import within


def test_a_part_is_told_as_part_of_the_whole() -> None:
    told: list[tuple[int, int]] = []
    file = within(lambda done, total: told.append((done, total)), 500, 700, 1000)
    file(0, 3)
    judging = within(file, 40, 90, 100)
    judging(1, 2)
    judging(0, 0)
    file(100, 100)
    assert told == [(500, 1000), (630, 1000), (580, 1000), (700, 1000)]
