"""Waiting after failures: nothing for typing errors, then twice as long each time, and an end to guessing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from donations.access.event import LONGEST_WAIT, Failures, may_try, wait_after

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (8, 32), (12, 512), (13, 900), (14, 900), (99, 900)],
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert wait_after(failures) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("on_account", "ago", "from_address", "may"),
    [
        (0, None, 0, True),
        (2, timedelta(0), 0, True),
        (3, timedelta(0), 0, False),
        (3, timedelta(seconds=1), 0, True),
        (50, LONGEST_WAIT - timedelta(seconds=1), 0, False),
        (50, LONGEST_WAIT, 0, True),
        (100, timedelta(days=300), 0, False),
        (0, None, 19, True),
        (0, None, 20, False),
    ],
)
def test_who_may_try(*, on_account: int, ago: timedelta | None, from_address: int, may: bool) -> None:
    failures = Failures(on_account=on_account, last=None if ago is None else NOW - ago, from_address=from_address)
    assert may_try(failures, now=NOW) is may


def test_a_day_of_guessing_gets_a_hundred_guesses() -> None:
    """Ten thousand attempts in a day on one account: NIST SP 800-63B allows a hundred in a row at most."""
    now, last, looked_at = NOW, None, 0
    for _ in range(10_000):
        now += timedelta(days=1) / 10_000
        if may_try(Failures(on_account=looked_at, last=last, from_address=0), now=now):
            looked_at, last = looked_at + 1, now
    assert 80 < looked_at <= 100
