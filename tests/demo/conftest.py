"""A short story, told once: forty donors, half a year."""

from __future__ import annotations

import pytest

from donations.core.calendar import Month
from donations.demo.story import Plot, Story, tell


@pytest.fixture(scope="session")
def story() -> Story:
    return tell(Plot(last=Month(2026, 6), months=6, donors=40, seed=3))
