"""Days and donors as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from donations.core.donor import ANONYMOUS
from donations.core.typed import BadDayError, typed_day, typed_donor


@pytest.mark.parametrize("text", ["2026-01-31", " 31.01.2026 ", "31.1.2026", "31. 1. 2026"])
def test_a_day(text: str) -> None:
    assert typed_day(text) == date(2026, 1, 31)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-30",
        "20260131",
        "2026-W05-6",
        "31.01.26",
        "31/01/2026",
        "2026-01-31T00:00",
        "0000-01-01",
        "٣١.01.2026",
    ],
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(BadDayError):
        typed_day(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12),
        ("№ 12", 12),
        (" №12 ", 12),
        ("Anonymous", ANONYMOUS),
        (" Mari Mets ", "Mari Mets"),
        ("1234567890", "1234567890"),
        ("12 apostlit", "12 apostlit"),
        ("", ""),
    ],
)
def test_a_donor(text: str, expected: object) -> None:
    assert typed_donor(text) == expected
